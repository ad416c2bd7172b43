use std::path::Path;

use super::args::Common;
use super::failure::Failure;
use super::host::Host;

/// `compta fec verifier`.
pub(super) fn verifier(_: &Common, _: &Path, _: Option<&str>, _: &mut Host) -> Result<u8, Failure> {
    Err(Failure::usage("en cours", ""))
}
