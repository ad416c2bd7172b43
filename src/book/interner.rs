use crate::measure::Unit;

/// Distinct names met in a stretch of text, each with a small number.
///
/// Books repeat a few hundred names millions of times: each is looked up once per posting, and
/// given its meaning once.
#[derive(Debug)]
pub(super) struct Interner<'t> {
    slots: Vec<u32>,
    names: Vec<(&'t str, Option<Unit>)>,
}

const EMPTY: u32 = u32::MAX;

impl<'t> Interner<'t> {
    pub(super) fn new() -> Self {
        Self { slots: vec![EMPTY; 1024], names: Vec::new() }
    }

    /// The number of a name; an activity is one name per unit.
    #[inline]
    pub(super) fn number(&mut self, name: &'t str, unit: Option<Unit>) -> u32 {
        let mask = self.slots.len() - 1;
        let mut slot = hash(name.as_bytes()) & mask;
        loop {
            let number = self.slots[slot];
            if number == EMPTY {
                return self.add(slot, name, unit);
            }
            let known = &self.names[number as usize];
            if known.1 == unit && same(known.0, name) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn add(&mut self, slot: usize, name: &'t str, unit: Option<Unit>) -> u32 {
        let number = u32::try_from(self.names.len()).unwrap_or(EMPTY - 1);
        self.names.push((name, unit));
        self.slots[slot] = number;
        if self.names.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        self.slots = vec![EMPTY; mask + 1];
        for (number, (name, _)) in self.names.iter().enumerate() {
            let mut slot = hash(name.as_bytes()) & mask;
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = u32::try_from(number).unwrap_or(EMPTY);
        }
    }

    pub(super) fn into_names(self) -> Vec<(&'t str, Option<Unit>)> {
        self.names
    }
}

/// Mixes eight bytes at a time, the last eight once more than they need be; the order of names never depends
/// on it.
#[inline]
fn hash(bytes: &[u8]) -> usize {
    const MIX: u64 = 0x517c_c1b7_2722_0a95;
    let mixed = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(MIX);
    let mut hash = bytes.len() as u64;
    if let Some(last) = bytes.last_chunk() {
        let (chunks, _) = bytes.as_chunks();
        for chunk in chunks {
            hash = mixed(hash, u64::from_le_bytes(*chunk));
        }
        hash = mixed(hash, u64::from_le_bytes(*last));
    } else {
        let word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        hash = mixed(hash, word);
    }
    usize::try_from(hash >> 33).unwrap_or(0)
}

/// Whether two names are the same bytes: eight at a time, without a call.
#[inline]
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let (Some(ends), Some(others)) = (one.last_chunk::<8>(), other.last_chunk::<8>()) else {
        return one == other;
    };
    let (chunks, _) = one.as_chunks::<8>();
    let (known, _) = other.as_chunks::<8>();
    ends == others && chunks.iter().zip(known).all(|(a, b)| a == b)
}
