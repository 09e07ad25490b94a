#!/usr/bin/env bash
# Changes one thing in a copy of the tree, builds it, and runs it on outputs that the unchanged program has made:
# every file must come out with the bytes of a run from nothing, and chunks must be made again if the change is in the
# core, and must not if it is elsewhere. Six changes, one after the other, each of which must also be seen in at least
# one output. Two figures at the smoke profile; other figures can be given as arguments.
# MUTANTS_TARGET names a folder for the builds, of which all share one.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
figures=${*:-fig05 fig11}
export CARGO_TARGET_DIR=${MUTANTS_TARGET:-$root/target/mutants}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
project=$work/project
mkdir -p "$tree" "$project/figures"
(cd "$root" && { git ls-files -z --cached --others --exclude-standard || find . -path ./target -prune -o -path ./out -prune -o -type f -print0; } |
    xargs -0 cp --parents -t "$tree")
cp -r "$root/data" "$project"
for figure in $figures; do cp -r "$root/figures/$figure" "$project/figures"; done

build() { (cd "$tree" && cargo build --release --locked --quiet --bin redistill); }
run() { "$CARGO_TARGET_DIR/release/redistill" --root "$project" --profile smoke run --json --out "$1" >"$work/told"; }
# whether the last run made any chunk
chunks() { python3 -c 'import json, sys
sys.exit(not any(stage.startswith(("theory/", "trials/")) for stage in json.load(open(sys.argv[1]))["ran"]))' "$work/told"; }
same() { for part in data figures report; do diff -rq "$1/$part" "$2/$part" || return 1; done; }

build
run "$work/before"

failed=0
mutant() { # name, file, sed script
    local name=$1 file=$tree/$2
    cp "$file" "$work/original"
    sed -i "$3" "$file"
    if cmp -s "$file" "$work/original"; then
        echo "$name: the change does not apply to $2 any more" >&2
        failed=1
        return
    fi
    build
    rm -rf "$work/warm" "$work/cold"
    cp -r "$work/before" "$work/warm"
    run "$work/warm"
    case $2 in
    core/*) chunks || { echo "$name: no chunk was made again" >&2; failed=1; } ;;
    *) ! chunks || { echo "$name: chunks were made again" >&2; failed=1; } ;;
    esac
    run "$work/cold"
    if same "$work/before" "$work/cold" >/dev/null; then
        echo "$name: no output shows it, so that it proves nothing" >&2
        failed=1
    elif same "$work/warm" "$work/cold"; then
        echo "$name: as from nothing"
    else
        echo "$name: stale outputs" >&2
        failed=1
    fi
    cp "$work/original" "$file"
}

mutant "two columns of the trials swapped" src/workflow/experiment.rs \
    's/("n", Cell::count(trial\.n))/("n", Cell::count(trial.samples[set]))/; s/("samples", Cell::count(trial\.samples\[set\]))/("samples", Cell::count(trial.n))/'
mutant "interpolation threshold doubled" core/src/model/thresholds.rs \
    '/pub fn interpolation/,/^}/ s/^    mixture\.eta$/    2.0 * mixture.eta/'
mutant "the symbol of a column" src/table/schema/figure.rs \
    's/"χ²"/"X²"/'
mutant "a sign in a template" report/theory.md \
    '0,/m+b/ s/m+b/m-b/'
mutant "a constant of the quadrature" core/src/theory/lineage/panels.rs \
    's/0\.398_942_280_401_432_7/0.398_942_281/'
mutant "a colour of the drawings" src/plot/style.rs \
    's/#0072b2/#0072b3/'
exit $failed
