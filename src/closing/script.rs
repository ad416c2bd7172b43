/// The text of `verifier.sh`: checks a closing with `sha256sum` alone, in ten years and without compta.
///
/// It tells a changed line ending from a change, and a journal completed at its end from an altered
/// one; it does not look inside a journal, which [`verify`](super::verify::verify) does.
pub const VERIFIER: &str = include_str!("verifier.sh");
