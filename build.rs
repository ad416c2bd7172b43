//! Links the program where it will run: nothing is left to be moved when it starts (decision 0025).

#![expect(clippy::disallowed_methods, reason = "what cargo says of the target stands in variables")]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|own| own == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
