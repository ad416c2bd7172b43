//! The system's own calls, each of them refused or the last of its process (`strace` injects that).
//!
//! A plain run is traced first. Each of its calls that concerns the folder is then injected in turn,
//! in a folder of its own: one sees all or nothing, what was said is true, and the next run ends
//! published. The plain trace also has the same calls as the simulation, one by one: no write is
//! left out of the model.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use compta::closing::{PublishedFile, publish};

use super::disk::{Disk, Seen, World};
use super::process::{Publisher, example, example_after_dead_runs, finished, seen};
use super::trial::visible;

/// What happens at a call.
pub const ACCIDENTS: [&str; 5] =
    ["signal=SIGKILL", "error=EIO", "error=ENOSPC", "error=EACCES", "error=EROFS"];

/// Calls that change nothing in the folder.
pub const READING: [&str; 13] = [
    "close",
    "fcntl",
    "fstat",
    "getdents64",
    "lseek",
    "lstat",
    "newfstatat",
    "open",
    "pread64",
    "read",
    "readlink",
    "stat",
    "statx",
];

/// A call of a process on the folder.
pub struct Traced {
    pub name: String,
    /// Which of that name it is among all the calls of the process, from 1.
    pub rank: usize,
    /// All of it, as `strace` writes it.
    pub line: String,
}

/// A publisher under `strace`, whose trace goes beside the folder.
pub fn traced(publisher: &Publisher, folder: &Path, mark: &str, options: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-o"]).arg(folder.with_file_name("trace")).args(options);
    command.arg(&publisher.program).args((publisher.arguments)(folder, mark));
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// The calls of the last trace on the folder.
fn calls(folder: &Path) -> Vec<Traced> {
    let text = std::fs::read_to_string(folder.with_file_name("trace")).unwrap();
    let place = folder.to_str().unwrap();
    let mut ranks = BTreeMap::new();
    let mut found = Vec::new();
    for line in text.lines() {
        let (_, call) = line.split_once(' ').unwrap();
        let Some((name, _)) = call.trim_start().split_once('(') else { continue };
        let rank = ranks.entry(name.to_owned()).or_insert(0);
        *rank += 1;
        if name != "execve" && line.contains(place) {
            found.push(Traced { name: name.to_owned(), rank: *rank, line: line.to_owned() });
        }
    }
    found
}

/// What a publisher gives when nothing happens, and the calls that it makes.
pub fn plain(publisher: &Publisher) -> (Seen, Vec<Traced>, Vec<String>) {
    let (_kept, folder) = publisher.folder();
    let child = traced(publisher, &folder, "a", &[]).spawn();
    let run = finished(child.expect("strace is missing: install the package `strace`"));
    assert_eq!(run.code, 0, "{}", run.err);
    let calls = calls(&folder);
    let changes = calls.iter().filter_map(|call| change(call, &folder)).collect();
    (seen(&folder), calls, changes)
}

/// Injects every accident in every call; gives how many runs that made.
fn inject(publisher: &Publisher) -> usize {
    let (whole, calls, _) = plain(publisher);
    let new = visible(&whole);
    let mut runs = 0;
    for call in &calls {
        let reading = READING.contains(&call.name.as_str());
        let accidents = match call.name.as_str() {
            // What wrote was synced before, and Rust's library gives up on a folder that cannot be closed.
            "close" => &ACCIDENTS[..1],
            _ if reading => &ACCIDENTS[1..2],
            _ => &ACCIDENTS[..],
        };
        for accident in accidents {
            let (_kept, folder) = publisher.folder();
            let old = visible(&seen(&folder));
            let told = format!("{accident} at {}", call.line);
            let option = format!("inject={}:{accident}:when={}", call.name, call.rank);
            let child = traced(publisher, &folder, "a", &["-e", &option]).spawn().unwrap();
            let run = finished(child);
            runs += 1;

            let trace = std::fs::read_to_string(folder.with_file_name("trace")).unwrap();
            let killed = *accident == ACCIDENTS[0];
            let sign = if killed { "+++ killed by SIGKILL +++" } else { "(INJECTED)" };
            let met = trace.lines().find(|line| line.contains(sign));
            assert!(met.is_some_and(|line| killed || line.contains("/livres")), "{told}: not met");

            let mut now = visible(&seen(&folder));
            let done = now == new;
            now.remove("clotures");
            let mut before = old;
            before.remove("clotures");
            assert!(done || now == before, "{told}: neither old nor new: {:?}", now.keys());
            match run.code {
                0 => assert!(done, "{told}: {}", run.err),
                -1 => assert!(killed, "{told}"),
                _ if run.err.contains("rien n’a été publié") => {
                    assert!(!done, "{told}: {}", run.err);
                }
                _ => assert!(
                    done && run.err.contains("durabilité non confirmée"),
                    "{told}: {}",
                    run.err
                ),
            }
            assert!(
                run.code <= 0 || run.err.contains('`') || run.err.contains("le dossier des livres"),
                "{told}: no place is named: {}",
                run.err
            );

            let next = publisher.run(&folder, "a");
            assert_eq!(next.code, if done { 4 } else { 0 }, "{told}: then {}", next.err);
            assert_eq!(seen(&folder), whole, "{told}: then");
        }
    }
    runs
}

#[test]
fn every_call_refused_or_last_leaves_all_or_nothing() {
    let runs = inject(&example());
    eprintln!("{runs} injected runs");
    assert!(runs >= 200, "{runs}");
}

#[test]
fn every_call_refused_or_last_after_dead_runs_leaves_all_or_nothing() {
    let runs = inject(&example_after_dead_runs());
    eprintln!("{runs} injected runs after dead ones");
    assert!(runs >= 200, "{runs}");
}

/// What a call changes in the folder, as the simulation names it; nothing for one that reads.
fn change(call: &Traced, folder: &Path) -> Option<String> {
    let root = folder.to_str().unwrap();
    let args = call.line.split_once('(').unwrap().1;
    let inside = |path: &str| path.strip_prefix(root).map(|rest| rest.trim_matches('/').to_owned());
    let quoted = |nth: usize| args.split('"').nth(2 * nth + 1).unwrap();
    // `3</tmp/livres/clotures>`: what a descriptor stands for.
    let described = args.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let opened = || inside(described.unwrap().0).unwrap();
    let place = |nth: usize| match inside(quoted(nth)) {
        Some(path) => path,
        None => format!("{}/{}", opened(), quoted(nth)),
    };
    let (name, path) = match call.name.as_str() {
        "mkdir" => ("mkdir", place(0)),
        "openat" if args.contains("O_CREAT") => ("open", place(0)),
        "openat" if !args.contains("O_WRONLY") && !args.contains("O_RDWR") => return None,
        "write" => ("write", opened()),
        "fsync" => ("fsync", opened()),
        "flock" => ("flock", opened()),
        "renameat2" => ("rename", place(1)),
        "unlink" | "rmdir" | "unlinkat" => ("unlink", place(0)),
        reading if READING.contains(&reading) => return None,
        _ => panic!("the simulation knows nothing of {}", call.line),
    };
    Some(format!("{name} {path}"))
}

#[test]
fn the_simulation_makes_the_calls_of_the_real_one() {
    let empty = Disk::with(&[]);
    let left = Disk::with(&[
        ("clotures/", ""),
        ("clotures/.2024.tmp-1/", ""),
        ("clotures/.2024.tmp-1/cloture.journal", ""),
        ("clotures/.2024.tmp-1/etats/", ""),
        ("clotures/.2024.tmp-1/etats/bilan.csv", "moitié"),
        ("clotures/2023/", ""),
        ("clotures/2023/sceau.toml", "sceau de 2023"),
    ]);
    for (publisher, start) in [(example(), empty), (example_after_dead_runs(), left)] {
        let (whole, _, mut real) = plain(&publisher);
        let place = format!("{}/", publisher.place);
        let file = |(path, bytes): (&String, &Option<Vec<u8>>)| {
            let path = path.strip_prefix(&place)?.to_owned();
            Some(PublishedFile { path, bytes: bytes.clone()? })
        };
        let files: Vec<PublishedFile> = whole.iter().filter_map(file).collect();
        let world = World::new(start);
        let done = publish(&mut world.process(), "2024", &files, &mut |_| Ok(Vec::new()));
        assert_eq!(done.unwrap().place, publisher.place);
        let mut simulated: Vec<String> = world
            .calls()
            .iter()
            .filter(|call| !["getdents64", "stat", "read"].contains(&call.name))
            .map(|call| format!("{} {}", call.name, call.path))
            .collect();
        // A folder is emptied in the order in which the system gives its names.
        for all in [&mut real, &mut simulated] {
            let removed = |line: &String| line.starts_with("unlink");
            let from = all.iter().position(removed).unwrap_or(0);
            let count = all.iter().filter(|line| removed(line)).count();
            all[from..from + count].sort_unstable();
        }
        assert_eq!(real, simulated);
        assert!(real.len() > 20);
    }
}
