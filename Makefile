# run      installs what is missing, builds, and starts the demo: a portal, a host product and a Plain of its own
# build    the same without starting anything
# test     installs what is missing and runs every check and test
# torture  kills the running portal 300 times, and compares what customers were told with what Plain has
# fuzz     installs what is missing and runs each fuzz target for FUZZ_SECONDS (60)
# fmt      formats the Rust code
.PHONY: run build test torture fuzz fmt

# cargo-leptos uses the wasm-bindgen and wasm-opt that it finds first; scripts/setup puts the right ones here.
export PATH := $(CURDIR)/.tools/bin:$(PATH)

run: build
	target/release/plain-portal demo

build:
	scripts/setup build
	cargo leptos build --release --precompress

test:
	scripts/test

torture:
	KILLS=300 cargo test --features ssr --test portal kills -- --nocapture

fuzz:
	scripts/fuzz

fmt:
	cargo fmt
