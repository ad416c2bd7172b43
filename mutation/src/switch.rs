//! Which mutant is alive, and which ones were met.
#![allow(clippy::all, missing_docs)]

use std::io::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

static ALIVE: LazyLock<u32> = LazyLock::new(|| {
    std::env::var("COMPTA_MUTANT").ok().and_then(|id| id.parse().ok()).unwrap_or(0)
});
static TRACE: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("COMPTA_MET").ok());
static MET: [AtomicBool; 20_000] = [const { AtomicBool::new(false) }; 20_000];

#[inline]
pub fn is(id: u32) -> bool {
    if let Some(path) = &*TRACE {
        met(path, id);
    }
    *ALIVE == id
}

#[cold]
fn met(path: &str, id: u32) {
    if !MET[id as usize].swap(true, Ordering::Relaxed) {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let _ = file.and_then(|mut file| file.write_all(format!("{id}\n").as_bytes()));
    }
}
