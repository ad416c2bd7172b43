#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| compta_fuzz::amount(bytes));
