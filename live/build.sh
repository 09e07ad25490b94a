#!/bin/sh
# Makes live/redistill.wasm, the theory that the report's page runs, from core/ and live/src.
#
#   live/build.sh            with rustup's wasm32-unknown-unknown and rust-src, which are added if they are not there
#   live/build.sh --debian   with Debian's rustc-web and its sources, unpacked beside the build (no rights needed)
#
# The standard library is built along: without its messages of panics the module is a fifth smaller. The compiler and
# the library's source must be of one version. Two builds by one compiler are the same bytes wherever they are made;
# another compiler's differ, and `cargo test --test live` says whether its numbers do.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}/live
cd "$root"

case "${1:-}" in
--debian)
    # the compiler, its library for this target and the sources of both, of one version
    unpacked=$target/debian
    mkdir -p "$unpacked"
    needed=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances rustc-web | grep -E '^(rustc-web|libstd-rust-web|libllvm)' | sort -u)
    # shellcheck disable=SC2086
    (cd "$unpacked" && apt-get download $needed rust-web-src)
    for package in "$unpacked"/*.deb; do dpkg-deb -x "$package" "$unpacked/tree"; done
    library=$unpacked/tree/usr/lib/rustlib/src/rust
    mkdir -p "$library"
    ln -sfn "$(echo "$unpacked"/tree/usr/src/rustc-*/library)" "$library/library"
    LD_LIBRARY_PATH=$(dirname "$(find "$unpacked/tree" -name 'libLLVM*.so*' | head -n 1)"):$unpacked/tree/usr/lib/$(uname -m)-linux-gnu
    RUSTC=$unpacked/tree/usr/bin/rustc
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(find "$(rustc --print sysroot)" -name rust-lld | head -n 1)
    export LD_LIBRARY_PATH RUSTC CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
    ;;
"")
    if command -v rustup >/dev/null 2>&1; then
        rustup target add wasm32-unknown-unknown
        rustup component add rust-src
    fi
    ;;
*)
    echo "usage: live/build.sh [--debian]" >&2
    exit 2
    ;;
esac

compiler=${RUSTC:-rustc}
sysroot=$("$compiler" --print sysroot)
# simd128 and no relaxed SIMD: every browser since 2023 has it, and its results are the same everywhere
RUSTFLAGS="-C target-feature=+simd128 -Z unstable-options -C panic=immediate-abort
    --remap-path-prefix=$root=. --remap-path-prefix=$sysroot=rust --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
RUSTFLAGS=$(echo "$RUSTFLAGS" | tr -s ' \n' ' ')
export RUSTFLAGS RUSTC_BOOTSTRAP=1
export CARGO_PROFILE_RELEASE_OPT_LEVEL=s CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1
export CARGO_PROFILE_RELEASE_STRIP=true
cargo build --config 'profile.release.package.redistill-core.opt-level="s"' --release --locked -p redistill-live --target wasm32-unknown-unknown --target-dir "$target" \
    -Z build-std=std -Z build-std-features=optimize_for_size
install -m 644 "$target/wasm32-unknown-unknown/release/redistill_live.wasm" live/redistill.wasm

# what it was made from, so that a reader can tell whether core has changed since
{
    echo "module $(sha256sum <live/redistill.wasm | cut -d ' ' -f 1)"
    echo "sources $(LC_ALL=C find core/src/lib.rs core/src/model core/src/numerics core/src/theory live/src -name '*.rs' |
        LC_ALL=C sort | xargs cat | sha256sum | cut -d ' ' -f 1)"
    echo "compiler $("$compiler" --version)"
} >live/digest
cat live/digest
