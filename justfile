# The commands of daily work; `just` alone lists them.

_default:
    @just --list

# the whole paper at the quick profile
run:
    cargo run --release

# one figure
figure id:
    cargo run --release -- run {{id}}

test:
    cargo test --release

# what CI also asks of a change
lint:
    cargo fmt --check
    cargo clippy --release --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace

# a project of your own
new folder:
    cargo run --release -- new {{folder}}
