//! Mutation testing with every mutant in one build.
//!
//! `mutation instrument FOLDER` rewrites the sources of a copy of compta so that each mutant is behind a
//! switch, and lists them; `mutation run FOLDER` learns which test meets which mutant, then asks the tests
//! to catch them one by one. A build a mutant would take days; a switch takes seconds.

mod instrument;
mod list;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "mutation instrument FOLDER ROOM... | drop FOLDER ERRORS | trace FOLDER | run FOLDER [--sample N] [--seed N] [--budget SECONDS] [--within FILE,...] [--again]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = |at: usize| arguments.get(at).map(PathBuf::from);
    let number = |name: &str, default: u64| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    match (arguments.first().map(String::as_str), folder(1)) {
        (Some("instrument"), Some(folder)) => instrument::all(&folder, &arguments[2..]),
        (Some("drop"), Some(folder)) => list::drop_uncompiled(&folder, &arguments[2]),
        (Some("trace"), Some(folder)) => run::trace(&folder),
        (Some("run"), Some(folder)) => {
            let ask = run::Ask {
                sample: number("--sample", 0),
                seed: number("--seed", 1),
                budget: number("--budget", 60),
                within: arguments
                    .iter()
                    .position(|argument| argument == "--within")
                    .and_then(|at| arguments.get(at + 1))
                    .map(|list| list.split(',').map(str::to_owned).collect())
                    .unwrap_or_default(),
                again: arguments.iter().any(|argument| argument == "--again"),
            };
            run::all(&folder, &ask);
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
