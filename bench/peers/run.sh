#!/bin/sh
# Times redistill and its peers on the same data, one thread each, three times over, and writes RESULTS.md next to this file.
# The peers come from PyPI into a virtual environment in target/peers.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch="$root/target/peers"
mkdir -p "$scratch"
[ -x "$scratch/venv/bin/python" ] || python3 -m venv "$scratch/venv"
"$scratch/venv/bin/python" -m pip install --quiet -r "$here/requirements.txt"
(cd "$root" && cargo build --release --package redistill-benches --bin peer)
for run in 1 2 3; do
    "$scratch/venv/bin/python" "$here/compare.py" "$root/target/release/peer" "$scratch" > "$scratch/RESULTS.$run.md"
done
"$scratch/venv/bin/python" "$here/compare.py" merge "$scratch"/RESULTS.[123].md > "$scratch/RESULTS.md"
mv "$scratch/RESULTS.md" "$here/RESULTS.md"
cat "$here/RESULTS.md"
