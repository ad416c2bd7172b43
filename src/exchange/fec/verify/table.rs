use super::numbers::hash;

/// What a table keeps: a few bytes, among which its key.
pub(super) trait Slot: Copy {
    /// What tells one from another.
    type Key: Copy + Eq + std::hash::Hash;
    /// A place that holds nothing.
    const EMPTY: Self;

    /// Its key; `None` when it is empty.
    fn key(&self) -> Option<Self::Key>;
}

/// How many parts a table has, as a power of two: each grows alone, so that growing takes little beside.
const PARTS: usize = 1 << 10;

/// Millions of small things by key, nearly side by side: a map would take twice their bytes.
///
/// Places come from a hash that is the same everywhere, and what leaves the table is sorted.
#[derive(Debug)]
pub(super) struct Table<S> {
    parts: Vec<Part<S>>,
    count: usize,
}

#[derive(Debug)]
struct Part<S> {
    places: Vec<S>,
    used: usize,
}

impl<S> Default for Table<S> {
    fn default() -> Self {
        Self { parts: Vec::new(), count: 0 }
    }
}

impl<S: Slot> Table<S> {
    /// Whether it holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// What has that key.
    pub(super) fn get_mut(&mut self, key: S::Key) -> Option<&mut S> {
        let (part, hash) = part_of(&key);
        let places = &mut self.parts.get_mut(part)?.places;
        let at = find(places, &key, hash)?;
        places.get_mut(at)
    }

    /// Adds what has a key that nothing has yet.
    pub(super) fn insert(&mut self, slot: S) {
        let Some(key) = slot.key() else { return };
        if self.parts.is_empty() {
            self.parts.extend((0..PARTS).map(|_| Part { places: Vec::new(), used: 0 }));
        }
        let (rank, hash) = part_of(&key);
        let part = &mut self.parts[rank];
        if part.used * 10 >= part.places.len() * 9 {
            part.grow(rank);
        }
        put(&mut part.places, slot, hash);
        part.used += 1;
        self.count += 1;
    }

    /// Takes away what has that key.
    pub(super) fn remove(&mut self, key: S::Key) -> Option<S> {
        let (part, hash) = part_of(&key);
        let part = self.parts.get_mut(part)?;
        let at = find(&part.places, &key, hash)?;
        let slot = part.places[at];
        close(&mut part.places, at);
        part.used -= 1;
        self.count -= 1;
        Some(slot)
    }

    /// Everything it held, in no order that means anything: to be sorted.
    pub(super) fn drain(&mut self) -> Vec<S> {
        let mut all = Vec::with_capacity(self.count);
        for part in std::mem::take(&mut self.parts) {
            all.extend(part.places.into_iter().filter(|slot| slot.key().is_some()));
        }
        self.count = 0;
        all
    }

    /// How many bytes its places take.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.places.capacity() * size_of::<S>()).sum()
    }
}

impl<S: Slot> Part<S> {
    /// A quarter more places; parts begin with different sizes, so that they do not grow together.
    fn grow(&mut self, rank: usize) {
        let before = std::mem::take(&mut self.places);
        let size = (before.len() + before.len() / 4).max(16 + rank / (PARTS / 4));
        let mut places = Vec::new();
        places.reserve_exact(size);
        places.resize(size, S::EMPTY);
        for slot in before {
            if let Some(key) = slot.key() {
                put(&mut places, slot, part_of(&key).1);
            }
        }
        self.places = places;
    }
}

/// The part of a key, and the rest of its hash.
fn part_of(key: &impl std::hash::Hash) -> (usize, u64) {
    let hash = hash(key);
    let part = usize::try_from(hash % PARTS as u64).unwrap_or_default();
    (part, hash)
}

/// Where the search of a hash begins among so many places.
fn home(hash: u64, places: usize) -> usize {
    usize::try_from((u128::from(hash) * places as u128) >> 64).unwrap_or_default()
}

fn find<S: Slot>(places: &[S], key: &S::Key, hash: u64) -> Option<usize> {
    let mut at = home(hash, places.len());
    for _ in 0..places.len() {
        if places.get(at)?.key()? == *key {
            return Some(at);
        }
        at = if at + 1 == places.len() { 0 } else { at + 1 };
    }
    None
}

/// Puts a thing in the first free place from its own; one is left free, always.
fn put<S: Slot>(places: &mut [S], slot: S, hash: u64) {
    let mut at = home(hash, places.len());
    while places[at].key().is_some() {
        at = if at + 1 == places.len() { 0 } else { at + 1 };
    }
    places[at] = slot;
}

/// Frees a place, and draws nearer what stood after it because it was taken.
fn close<S: Slot>(places: &mut [S], mut hole: usize) {
    let mut at = hole;
    loop {
        at = if at + 1 == places.len() { 0 } else { at + 1 };
        let Some(key) = places[at].key() else { break };
        let own = home(part_of(&key).1, places.len());
        // Whether the hole is between its own place and where it stands.
        let between = if own <= at { own <= hole && hole < at } else { own <= hole || hole < at };
        if between {
            places[hole] = places[at];
            hole = at;
        }
    }
    places[hole] = S::EMPTY;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    impl Slot for (u32, u32) {
        type Key = u32;
        const EMPTY: Self = (0, 0);

        fn key(&self) -> Option<u32> {
            Some(self.0).filter(|key| *key != 0)
        }
    }

    #[test]
    fn a_table_is_a_map() {
        let (mut table, mut map) = (Table::<(u32, u32)>::default(), BTreeMap::new());
        let mut random = 5_u32;
        for rank in 0..200_000_u32 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = 1 + (random >> 8) % 30_000;
            assert_eq!(table.get_mut(key).map(|slot| slot.1), map.get(&key).copied());
            if random.is_multiple_of(3) {
                assert_eq!(table.remove(key).map(|slot| slot.1), map.remove(&key));
            } else if let Some(slot) = table.get_mut(key) {
                slot.1 = rank;
                map.insert(key, rank);
            } else {
                table.insert((key, rank));
                map.insert(key, rank);
            }
        }
        let mut all = table.drain();
        all.sort_unstable();
        assert_eq!(all, map.into_iter().collect::<Vec<_>>());
        assert!(table.is_empty());
    }

    /// A nearly full part of eight places, whose runs go over its end: what is taken away leaves the others
    /// where they are looked for.
    #[test]
    fn what_is_taken_away_leaves_the_others_in_reach() {
        let mut random = 11_u32;
        for _ in 0..3_000 {
            let mut places = [<(u32, u32)>::EMPTY; 8];
            let mut keys: Vec<u32> = Vec::new();
            while keys.len() < 7 {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let key = 1 + (random >> 8);
                if !keys.contains(&key) {
                    put(&mut places, (key, key), part_of(&key).1);
                    keys.push(key);
                }
            }
            while let Some(key) = keys.pop() {
                let at = find(&places, &key, part_of(&key).1);
                assert!(at.is_some());
                close(&mut places, at.unwrap_or_default());
                assert_eq!(find(&places, &key, part_of(&key).1), None);
                for left in &keys {
                    let at = find(&places, left, part_of(left).1);
                    assert_eq!(at.map(|at| places[at].0), Some(*left));
                }
                assert_eq!(places.iter().filter(|one| one.0 != 0).count(), keys.len());
            }
        }
    }

    /// A table of a million takes a third more than what it holds, at the most.
    #[test]
    fn a_table_takes_little_more_than_what_it_holds() {
        let mut table = Table::<(u32, u32)>::default();
        for key in 1..=1_000_000_u32 {
            table.insert((key, key));
            if key % 100_000 == 0 {
                let held = key as usize * size_of::<(u32, u32)>();
                assert!(table.bytes() < held * 14 / 10, "{} for {held}", table.bytes());
            }
        }
    }
}
