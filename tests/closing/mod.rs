//! The closing, proved on the binary: hledger agrees, figures stay, what is sealed is held, and
//! neither an accident, a crowd nor another machine changes what is published.

mod calls;
mod crowd;
mod edges;
mod figures;
mod folders;
mod found;
mod laws;
mod limits;
mod machine;
mod once;
mod oracle;
mod parts;
mod regimes;
mod registers;
mod sealed;
mod world;
