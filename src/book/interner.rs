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
            if known.0 == name && known.1 == unit {
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

/// Mixes eight bytes at a time; the order of names never depends on it.
#[inline]
fn hash(bytes: &[u8]) -> usize {
    const MIX: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(MIX);
    }
    for &byte in chunks.remainder() {
        hash = (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(MIX);
    }
    usize::try_from(hash >> 33).unwrap_or(0)
}
