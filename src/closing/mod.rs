//! What ends a year: the controls, the plan of what is published, the seal and its verification.
//!
//! In: books with all that was derived, registers, statements, and bytes that someone read. Out: the
//! files of a closing, published through its storage by one rename, and verdicts on sealed bytes.
//! Absent on purpose: files and clocks (the storage and the day are given), layout, arithmetic of
//! accounts.

pub mod controls;
