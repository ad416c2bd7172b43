#![expect(clippy::disallowed_methods, reason = "the place where large files are read")]

use std::fs::File;
use std::io;
use std::path::Path;

use crate::crew;
use crate::diagnostic::Content;

/// From this size a file is read by several threads, into memory made of large pages.
const LARGE: u64 = 4 * 1024 * 1024;

/// Reads a file: a large one in as many parts as there are threads.
///
/// Most of the time of a single read goes to the system handing out its memory, page by page.
pub(super) fn content(path: &Path, threads: usize) -> io::Result<Content> {
    let length = std::fs::metadata(path)?.len();
    if length >= LARGE
        && let Some(content) = in_parts(&File::open(path)?, length, threads)
    {
        return Ok(content);
    }
    std::fs::read(path).map(Content::from)
}

/// The file, if it has just that length from its beginning to its end; else it is read once more, plainly.
#[cfg(unix)]
fn in_parts(file: &File, length: u64, threads: usize) -> Option<Content> {
    use std::os::unix::fs::FileExt;

    let mut memory = memmap2::MmapMut::map_anon(usize::try_from(length).ok()?).ok()?;
    #[cfg(target_os = "linux")]
    {
        // A wish: where the system has none, small pages do.
        let _ = memory.advise(memmap2::Advice::HugePage);
    }
    let share = memory.len().div_ceil(threads.max(1));
    let parts = memory.chunks_mut(share).zip((0_u64..).step_by(share));
    let whole = crew::all(threads, parts, |(part, at)| file.read_exact_at(part, at).is_ok())
        .into_iter()
        .all(|read| read);
    let ended = || file.read_at(&mut [0], length).is_ok_and(|more| more == 0);
    (whole && ended()).then(|| Content::kept_by(memory))
}

#[cfg(not(unix))]
fn in_parts(_: &File, _: u64, _: usize) -> Option<Content> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_read_whole_by_any_number_of_threads() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a");
        let bytes: Vec<u8> = (0_u32..2_500_000).flat_map(|at| (at / 7).to_le_bytes()).collect();
        std::fs::write(&path, &bytes)?;
        for threads in [0, 1, 2, 3, 7] {
            assert!(*content(&path, threads)? == bytes, "{threads} threads");
        }
        let file = File::open(&path)?;
        let length = bytes.len() as u64;
        assert!(in_parts(&file, length - 1, 2).is_none(), "the file grew meanwhile");
        assert!(in_parts(&file, length + 1, 2).is_none(), "the file shrank meanwhile");
        Ok(())
    }
}
