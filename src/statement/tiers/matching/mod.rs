//! Matching (lettrage): which invoices and payments of a tiers a letter settles, and which it could.

mod every;
mod inscription;
mod letters;
mod lines;
mod proposals;
mod readings;
mod reason;
mod search;
mod sums;
mod undecided;

pub use every::{EveryLetter, LeavingLetter, every_letter};
pub use inscription::{Change, Inscription, inscription};
pub use letters::{Letter, LetterState};
pub use lines::{Hand, Line, MatchAsk};
pub use proposals::{Proposal, Standing, TiersMatching, matching};
pub use reason::Reason;
pub use sums::TRIES;
