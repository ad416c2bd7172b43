//! Chance that a seed repeats.

/// Numbers from a seed (splitmix64).
pub struct Random(u64);

impl Random {
    /// The seed of `COMPTA_SIM_SEED`, else a new one, said so that it can be repeated.
    pub fn new(what: &str) -> Self {
        let given = std::env::var("COMPTA_SIM_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            u64::from(since.unwrap().subsec_nanos())
        });
        eprintln!("COMPTA_SIM_SEED={seed} cargo test {what} gives the same run");
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below that one.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }
}
