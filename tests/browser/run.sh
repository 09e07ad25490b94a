#!/bin/sh
# Looks at a report in headless Chromium: tests/browser/run.sh [out/report/report.html]
#
# Needs node (18 or later) and Chromium (Debian's `chromium`, or CHROMIUM=path); without them it says so and fails.
# No packages: the browser is driven through its debugging pipe. What is checked is listed in checks.mjs; AXE=path of
# axe-core's axe.min.js adds what that finds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
report=${1:-"$here/../../out/report/report.html"}
if [ ! -f "$report" ]; then
    echo "no report at $report; make one with: cargo run --release" >&2
    exit 2
fi
if ! command -v node >/dev/null 2>&1; then
    echo "node is not installed; these checks need it" >&2
    exit 2
fi
for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$candidate" ] && browser=$(command -v "$candidate"); then
        exec node "$here/checks.mjs" "$browser" "$report"
    fi
done
echo "Chromium is not installed; these checks need it (set CHROMIUM to its path)" >&2
exit 2
