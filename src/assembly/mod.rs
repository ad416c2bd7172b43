//! x
//! Absent on purpose
