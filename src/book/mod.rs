//! What was meant: complete, sound, immutable entries.
//!
//! In: journals through [`Sources`], the fiscal years. Out: [`Books`]: every entry with its missing
//! amount filled in, every account known, and the findings of the whole set.
//! An entry's text stays in its source: what is kept here is where to find it.
//! Absent on purpose: sums by account, and any opinion about what an account is for.

mod accounts;
mod alike;
mod balance;
mod batch;
mod books;
mod checks;
mod derived;
mod entry;
mod include;
mod interner;
mod laws;
mod load;
mod names;
mod numbers;
mod openings;
mod received;
mod stretch;
mod years;

pub use accounts::{Account, AccountId, Accounts, is_number as is_account_number};
pub use batch::{Book, Derivation, Deriver, Entry, Posting};
pub use books::Books;
pub use derived::DerivedLine;
pub use entry::{Asserted, EntryRef, Origin, PostingRef, WRITTEN};
pub use include::{ReadError, Sources};
pub use load::load;
pub use names::looks_like_an_amount;
pub use received::{RECEIVED, Reception};
pub use years::Years;
