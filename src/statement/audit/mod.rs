//! What an auditor asks of the entries: a population and the proof that it is complete, a sample that
//! anybody can draw again, and the lead schedules of a year.

mod cycles;
mod digest;
mod leads;
mod population;
mod sampling;

pub use cycles::{CYCLES_FILE, Cycle, Cycles, cycles};
pub use digest::Digest;
pub use leads::{Lead, LeadCycle, Leads, Limits, Shown, leads, share};
pub use population::{Member, Population, Tie, Totals, Wanted};
pub use sampling::{How, Method, Pick, Sample, sample};
