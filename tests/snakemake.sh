#!/usr/bin/env bash
# Runs the smoke profile in 4 shards through Snakemake from PyPI, and holds every table, figure and report
# against those of a plain run: the bytes must be equal. Needs Python 3.11 or newer and a release build.
# Another project, say with fewer figures, can be given as an argument.
# An environment that has Snakemake already can be named: SNAKEMAKE_VENV=path tests/snakemake.sh
set -euo pipefail
root=${1:-$(cd "$(dirname "$0")/.." && pwd)}
program=${REDISTILL:-$(cd "$(dirname "$0")/.." && pwd)/target/release/redistill}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

venv=${SNAKEMAKE_VENV:-$work/venv}
if [ ! -x "$venv/bin/snakemake" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet snakemake
fi

"$program" --root "$root" --profile smoke export snakemake --shards 4 --to "$work/sharded" >/dev/null
(cd "$work/sharded" && "$venv/bin/snakemake" --quiet all --cores 2 --config program="$program" root="$root")
"$program" --root "$root" --profile smoke run --out "$work/plain" >/dev/null

for folder in data figures report; do
    diff -r "$work/plain/$folder" "$work/sharded/out/$folder"
done
echo "equal bytes: $(find "$work/plain/data" "$work/plain/figures" "$work/plain/report" -type f | wc -l) files"
