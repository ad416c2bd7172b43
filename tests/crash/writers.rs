//! Commands that write in the journals, killed at each call that changes the disk: every file is whole,
//! as it was or as it is to be, and the same command then ends the work.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::{binary, folder, typed};

/// Calls that change something, each the last of its process in turn.
const CHANGING: [&str; 7] = [
    "write,pwrite64",
    "fsync,fdatasync",
    "rename,renameat,renameat2",
    "unlink,unlinkat",
    "link,linkat",
    "ftruncate",
    "fchmod,fchmodat",
];

/// Two journals in two folders, an open pair, a crooked layout, and a sheet to be taken in.
fn books(home: &Path) {
    for part in ["un", "deux"] {
        fs::create_dir(home.join(part)).unwrap();
    }
    let entry = |amount: i32, journal: &str| {
        format!(
            "decimal-mark ,\n\n2024-01-02 * ({journal}-0001) A | x\n  512 Banques  {amount},00 €\n  401 Fournisseurs:A\n"
        )
    };
    fs::write(home.join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
    let door = "include un/a.journal\ninclude deux/b.journal\n";
    fs::write(home.join("principal.journal"), door).unwrap();
    fs::write(home.join("un/a.journal"), entry(5, "OD")).unwrap();
    fs::write(home.join("deux/b.journal"), entry(-5, "BQ")).unwrap();
    let head = "date;journal;pièce;compte;libellé;débit;crédit\n";
    let rows = "05/02/2024;OD;P;606;x;10;\n05/02/2024;OD;P;512;x;;10\n06/02/2024;BQ;Q;606;y;7;\n06/02/2024;BQ;Q;512;y;;7\n";
    fs::write(home.join("e.csv"), format!("{head}{rows}")).unwrap();
}

/// The journals, by path.
fn journals(home: &Path) -> BTreeMap<&'static str, String> {
    let read = |path| (path, fs::read_to_string(home.join(path)).unwrap());
    ["un/a.journal", "deux/b.journal"].map(read).into_iter().collect()
}

/// What stands in the folders of the journals beside them, but for what a killed process was writing:
/// hidden, read by nothing, and nobody else can tell that its writer is gone.
fn strangers(home: &Path) -> Vec<String> {
    let names = |part: &str| {
        let entries = fs::read_dir(home.join(part)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    let all = names("un").into_iter().chain(names("deux"));
    let begun =
        |name: &String| name.starts_with(".compta-") && name.split('.').next_back() == Some("tmp");
    all.filter(|name| !["a.journal", "b.journal"].contains(&name.as_str()) && !begun(name))
        .collect()
}

#[test]
fn writers_that_are_killed_leave_whole_files_and_end_their_work() {
    for arguments in [&["fmt"][..], &["lettrer", "--ecrire"], &["ecritures", "import", "e.csv"]] {
        let command = arguments.join(" ");
        let plain = folder();
        books(plain.path());
        let before = journals(plain.path());
        typed(plain.path(), &command).ok();
        let after = journals(plain.path());
        assert_ne!(before, after, "{command}");
        let mut killed = 0;
        for calls in CHANGING {
            for nth in 1..40 {
                let home = folder();
                books(home.path());
                let run = Command::new("strace")
                    .args(["-f", "-o", "/dev/null", "-e"])
                    .arg(format!("inject={calls}:signal=SIGKILL:when={nth}"))
                    .arg(binary())
                    .args(arguments)
                    .current_dir(home.path())
                    .env("NO_COLOR", "1")
                    .stdin(Stdio::null())
                    .output()
                    .unwrap();
                if run.status.success() {
                    break;
                }
                killed += 1;
                for (path, text) in journals(home.path()) {
                    assert!(
                        text == before[path] || text == after[path],
                        "{command}, {calls} {nth}: {path} is half-written: {text}"
                    );
                }
                typed(home.path(), "check").ok();
                typed(home.path(), &command).ok();
                assert_eq!(journals(home.path()), after, "{command}, {calls} {nth}");
                let left = strangers(home.path());
                assert!(left.is_empty(), "{command}, {calls} {nth}: {left:?}");
            }
        }
        assert!(killed > 3, "{command}: {killed}");
    }
}
