use super::{Code, Finding, Span};

/// How a pointer begins, whatever the version of its format.
const BEGINS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Whether Git LFS left a pointer where a file should be.
pub fn is_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINS)
}

/// Says so of a file whose first byte is at `base`, when it is one.
pub fn pointer(bytes: &[u8], base: u32) -> Option<Finding> {
    let length = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
    let at = Span::new(base, base + u32::try_from(length).unwrap_or(0));
    is_pointer(bytes).then(|| {
        Finding::new(Code::Pointer, at, "c’est un pointeur Git LFS, et non le fichier")
            .label("seulement l’adresse du fichier")
            .help("lancez `git lfs pull`, qui le télécharge, puis relancez")
    })
}
