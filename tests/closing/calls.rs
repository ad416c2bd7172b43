//! `compta close` itself, each of its calls on the books refused, or the last of its process: all
//! old or all new, what was said is true, and the next run ends published and intact.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::folders::{close, intact};
use crate::crash::process::{Publisher, finished, seen};
use crate::crash::strace::{READING, Traced, plain, traced};
use crate::crash::trial::visible;
use crate::harness::{copy, root};

/// The closing of 2024 of the small books.
pub fn closing() -> Publisher {
    Publisher {
        program: env!("CARGO_BIN_EXE_compta").into(),
        arguments: |folder, _| {
            let line = "close 2024 --oui --date 2025-05-01";
            let mut arguments = vec!["-C".to_owned(), folder.to_str().unwrap().to_owned()];
            arguments.extend(line.split(' ').map(str::to_owned));
            arguments
        },
        prepare: |folder| {
            copy(&root().join("fixtures/controles/sain"), folder);
            close(folder, "2023", "2024-03-01").ok();
        },
        place: "clotures/2024",
    }
}

/// What is injected in a call; one that only reads cannot lack room.
fn accidents(call: &Traced) -> &'static [&'static str] {
    let writes = call.line.contains("O_CREAT") || !READING.contains(&call.name.as_str());
    match call.name.as_str() {
        // What wrote was synced before, and Rust's library gives up on a folder that cannot be closed.
        "close" => &["signal=SIGKILL"],
        "openat" if !call.line.contains("O_CREAT") => &["error=EIO", "error=EACCES"],
        "lseek" | "fcntl" | "fstat" => &[],
        _ if writes => &["signal=SIGKILL", "error=EIO", "error=ENOSPC", "error=EACCES"],
        _ => &["error=EIO"],
    }
}

/// One run with one accident; what was wrong with it.
fn tried(publisher: &Publisher, call: &Traced, accident: &str, whole: &Whole) -> Option<String> {
    let (_kept, folder) = publisher.folder();
    let old = visible(&seen(&folder));
    let option = format!("inject={}:{accident}:when={}", call.name, call.rank);
    let run = finished(traced(publisher, &folder, "a", &["-e", &option]).spawn().unwrap());
    let trace = std::fs::read_to_string(folder.with_file_name("trace")).unwrap();
    let killed = accident.starts_with("signal");
    let sign = if killed { "+++ killed by SIGKILL +++" } else { "(INJECTED)" };
    let told = format!("{accident} at {} → exit {}, {}", call.line, run.code, run.err);
    if !trace.contains(sign) {
        return Some(format!("not met: {told}"));
    }
    let now = visible(&seen(&folder));
    let done = now == whole.new;
    if !done && now != old {
        let other = now.iter().find(|(path, bytes)| {
            whole.new.get(*path) != Some(bytes) && old.get(*path) != Some(bytes)
        });
        return Some(format!("neither old nor new, {:?}: {told}", other.map(|(path, _)| path)));
    }
    let true_words = match run.code {
        0 => done,
        -1 => killed,
        1..=5 if done => run.err.contains("durabilité non confirmée"),
        1..=5 => !run.err.is_empty(),
        _ => false,
    };
    if !true_words {
        return Some(format!("done: {done}, which is not what is said: {told}"));
    }
    let next = publisher.run(&folder, "a");
    (next.code != 0 || seen(&folder) != whole.all)
        .then(|| format!("then exit {} {}: {told}", next.code, next.err))
}

struct Whole {
    all: crate::crash::disk::Seen,
    new: crate::crash::disk::Seen,
}

#[test]
fn every_call_of_a_closing_refused_or_last_leaves_all_or_nothing() {
    let publisher = closing();
    let (all, calls, changes) = plain(&publisher);
    let whole = Whole { new: visible(&all), all };
    assert!(changes.len() > 40, "{changes:?}");
    let mut injected: Vec<(&Traced, &str)> = Vec::new();
    for call in &calls {
        injected.extend(accidents(call).iter().map(|accident| (call, *accident)));
    }
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((call, accident)) =
                    injected.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let fault = tried(&publisher, call, accident, &whole);
                    faults.lock().unwrap().extend(fault);
                }
            });
        }
    });
    eprintln!(
        "{} injected closings, {} calls that change the books",
        injected.len(),
        changes.len()
    );
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(injected.len() >= 200, "{}", injected.len());
}

/// What all those runs end with is what verifies.
#[test]
fn what_is_published_is_intact() {
    let publisher = closing();
    let (_kept, folder) = publisher.folder();
    assert_eq!(publisher.run(&folder, "a").code, 0);
    intact(Path::new(&folder));
}
