use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::GridError;

/// The most bytes that a workbook may unzip to.
const MOST_BYTES: u64 = 256 << 20;

/// Unzips a workbook once, keeping nothing, so that none is read that would fill the memory: the sizes that
/// its directory declares are not trusted.
pub(super) fn bounded(bytes: &[u8]) -> Result<(), GridError> {
    let mut archive = opened(bytes)?;
    let mut left = MOST_BYTES;
    for rank in 0..archive.len() {
        let member =
            archive.by_index(rank).map_err(|error| GridError::Broken(error.to_string()))?;
        if member.size() > left {
            return Err(GridError::Swollen);
        }
        let read = std::io::copy(&mut member.take(left + 1), &mut std::io::sink());
        let read = read.map_err(|error| GridError::Broken(error.to_string()))?;
        left = left.checked_sub(read).ok_or(GridError::Swollen)?;
    }
    Ok(())
}

/// The text of a member of a workbook whose size is known to be bounded; nothing when it has none.
pub(super) fn member(bytes: &[u8], name: &str) -> Result<String, GridError> {
    let mut archive = opened(bytes)?;
    let mut text = Vec::new();
    if let Ok(member) = archive.by_name(name) {
        let read = member.take(MOST_BYTES).read_to_end(&mut text);
        read.map_err(|error| GridError::Broken(error.to_string()))?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn opened(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, GridError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| GridError::Broken(error.to_string()))
}
