//! Hands the process over to [`compta::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    compta::cli::main()
}
