//! `compta` keeps the books of a French association as plain text and posts every entry to two
//! ledgers at once: the *classic* one (plan comptable) and the *CARE* one (ecological capital as a
//! debt).
//!
//! `text → as written → as meant → added up → statement as data → document → bytes`
//!
//! The rooms stand on floors, ground floor first; a room imports only from floors below its own.
//! A test reads this file and refuses an import that climbs.

// 0: work shared among threads; places and findings; amounts, units and periods
pub mod crew;
pub mod diagnostic;
pub mod measure;

// 1: what was written; the names of accounts; TOML as written; what other software writes
pub mod chart;
pub mod exchange;
pub mod journal;
pub mod register;

// 2: what was meant: complete, sound, immutable entries
pub mod book;

// 3: entries added up by account; the opening of a year from the one before
pub mod ledger;

// 4: entries added up by axis; the entries that registers yield; books from files of other software
pub mod analytic;
pub mod intake;
pub mod inventory;

// 5: what the ecological policy derives from the books
pub mod care;

// 6: what is shown, as data: forms, statements, lists
pub mod statement;

// 7: the tables of a general assembly, as data
pub mod assembly;

// 8: how it looks: a document, then bytes in each format
pub mod render;

// 9: what ends a year: controls, plan, seal, verification
pub mod closing;

// 10: arguments, files, clock, terminal, exit codes: the only room that touches the world
pub mod cli;
