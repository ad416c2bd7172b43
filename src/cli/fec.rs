use super::args::Common;
use super::failure::Failure;
use super::fec_args::FecArgs;
use super::host::Host;

/// `compta fec`.
pub(super) fn fec(_: &Common, _: &FecArgs, _: &mut Host) -> Result<u8, Failure> {
    Err(Failure::usage("en cours", ""))
}
