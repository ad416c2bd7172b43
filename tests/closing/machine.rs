//! The same books closed elsewhere: another folder, clock, language, mask, place, number of threads.

use std::path::Path;
use std::process::Command;

use super::folders::{Tree, region_copy, tree};
use crate::harness::root;

/// How a machine differs: its environment, its mask, whether `-C` is given, on how many processors.
struct Machine {
    environment: &'static [(&'static str, &'static str)],
    mask: &'static str,
    elsewhere: bool,
    processors: &'static str,
}

const MACHINES: [Machine; 5] = [
    Machine { environment: &[], mask: "022", elsewhere: false, processors: "0-1" },
    Machine {
        environment: &[("TZ", "Pacific/Kiritimati"), ("LANG", "C"), ("LC_ALL", "C")],
        mask: "077",
        elsewhere: true,
        processors: "0",
    },
    Machine {
        environment: &[("TZ", "America/Adak"), ("LANG", "tr_TR.UTF-8"), ("FORCE_COLOR", "1")],
        mask: "002",
        elsewhere: true,
        processors: "0-1",
    },
    Machine {
        environment: &[("LC_ALL", "de_DE.UTF-8"), ("COLUMNS", "40"), ("HOME", "/nonexistent")],
        mask: "027",
        elsewhere: false,
        processors: "1",
    },
    Machine {
        environment: &[("TZ", "Europe/Paris"), ("LC_NUMERIC", "ar_EG"), ("TERM", "xterm-256color")],
        mask: "000",
        elsewhere: true,
        processors: "0-1",
    },
];

fn closed(machine: &Machine, home: &Path) -> Tree {
    for (year, day) in [("2023", "2024-05-15"), ("2024", "2025-05-15")] {
        let words = "umask \"$1\"; shift; exec taskset -c \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", words, "sh", machine.mask, machine.processors]);
        command.arg(env!("CARGO_BIN_EXE_compta"));
        if machine.elsewhere {
            command.arg("-C").arg(home).current_dir(root());
        } else {
            command.current_dir(home.join("2024"));
        }
        command.args(["close", year, "--oui", "--date", day]);
        command.envs(machine.environment.iter().copied());
        let output = command.output().expect("sh and taskset are there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    tree(&home.join("clotures"))
}

#[test]
fn a_closing_is_the_same_bytes_on_every_machine() {
    let mut reference: Option<Tree> = None;
    for (rank, machine) in MACHINES.iter().enumerate() {
        let kept = region_copy();
        let deep = kept.path().join("a/b c/é");
        let home = if rank % 2 == 0 { kept.path() } else { deep.as_path() };
        if rank % 2 == 1 {
            crate::harness::copy(&crate::harness::region(), home);
        }
        let made = closed(machine, home);
        assert!(made.len() > 80);
        let first = reference.get_or_insert_with(|| made.clone());
        for (path, bytes) in &made {
            assert_eq!(first.get(path), Some(bytes), "machine {rank}: {path}");
        }
        assert_eq!(first.len(), made.len());
    }
}
