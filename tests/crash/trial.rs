//! Runs a publisher into every accident of a simulated disk, and gives the first law it breaks.

use std::collections::BTreeSet;

use compta::closing::{PublishError, StorageErrorKind as Kind, WriteError};

use super::disk::{Call, Disk, Fault, How, Process, Seen, World};
use super::random::Random;

/// What a run says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Done,
    Already,
    Nothing,
    NotDurable,
    Uncertain,
    Busy,
    Changed,
}

/// What a run says of itself, and the words for the user.
pub type Outcome = (Claim, String);

/// What of a publisher.
pub fn published<T>(result: Result<T, PublishError>) -> Outcome {
    let claim = match &result {
        Ok(_) => Claim::Done,
        Err(PublishError::AlreadyClosed { .. }) => Claim::Already,
        Err(PublishError::Busy) => Claim::Busy,
        Err(PublishError::SourcesChanged { .. }) => Claim::Changed,
        Err(PublishError::NotPublished(_)) => Claim::Nothing,
        Err(PublishError::PublishedNotDurable { .. }) => Claim::NotDurable,
        Err(PublishError::Uncertain { .. }) => Claim::Uncertain,
    };
    let words = result.err().map(|error| format!("{error}\n{}", error.help()));
    (claim, words.unwrap_or_default())
}

/// What of a writer of one file.
pub fn written(result: Result<(), WriteError>) -> Outcome {
    let claim = match &result {
        Ok(()) => Claim::Done,
        Err(WriteError::AlreadyThere { .. }) => Claim::Already,
        Err(WriteError::NotWritten(_)) => Claim::Nothing,
        Err(WriteError::WrittenNotDurable { .. }) => Claim::NotDurable,
        Err(WriteError::Uncertain { .. }) => Claim::Uncertain,
    };
    let words = result.err().map(|error| format!("{error}\n{}", error.help()));
    (claim, words.unwrap_or_default())
}

/// Something that publishes, on a disk.
pub struct Trial<'a> {
    pub start: Disk,
    pub run: &'a dyn Fn(&mut Process) -> Outcome,
    /// The paths that it gives, all new.
    pub whole: Seen,
    /// Whether a run that succeeds leaves nothing hidden but the lock.
    pub tidy: bool,
}

/// How much was tried.
#[derive(Debug, Default)]
pub struct Tally {
    pub runs: usize,
    pub states: usize,
    pub distinct: BTreeSet<Seen>,
}

type Law<T> = Result<T, String>;

/// One of the two things that a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

impl Trial<'_> {
    /// How many calls a run makes when nothing stops it.
    pub fn length(&self) -> usize {
        let mut process = World::new(self.start.clone()).process();
        (self.run)(&mut process);
        process.made()
    }

    /// A power cut and a kill before every call and after the last.
    pub fn crashes(&self, random: &mut Random) -> Law<Tally> {
        let mut tally = Tally::default();
        for end in 0..=self.length() {
            let world = World::new(self.start.clone());
            let mut process = world.process();
            process.dies_at = Some(end);
            let (claim, _) = (self.run)(&mut process);
            tally.runs += 1;
            let disk = world.disk();
            let told = |why: String| format!("stopped before call {end}: {why}");
            self.side(&disk).map_err(told)?;
            self.finish(&disk).map_err(told)?;
            for (name, cut) in disk.cuts(random) {
                let told = |why: String| format!("power cut before call {end}, {name}: {why}");
                tally.states += 1;
                let side = self.side(&cut).map_err(told)?;
                if claim == Claim::Done && side == Side::Old {
                    return Err(told("it said that all was durable".to_owned()));
                }
                // Two disks that one sees alike end alike.
                if tally.distinct.insert(cut.seen()) {
                    self.finish(&cut).map_err(told)?;
                }
            }
        }
        Ok(tally)
    }

    /// Every call refused, for every reason, once and for ever.
    pub fn faults(&self, random: &mut Random) -> Law<Tally> {
        let mut tally = Tally::default();
        for fault in faults(self.length()) {
            let told = |why: String| format!("{fault:?}: {why}");
            let world = World::new(self.start.clone());
            let mut process = world.process();
            process.fault = Some(fault.clone());
            let outcome = (self.run)(&mut process);
            tally.runs += 1;
            let disk = world.disk();
            self.honest(Side::Old, &outcome, &disk, &world.calls()).map_err(told)?;
            self.finish(&disk).map_err(told)?;
            for (name, cut) in disk.cuts(random) {
                let told = |why: String| format!("{fault:?}, then {name}: {why}");
                tally.states += 1;
                let side = self.side(&cut).map_err(told)?;
                if outcome.0 == Claim::Nothing && side == Side::New {
                    return Err(told("it said that nothing was published".to_owned()));
                }
                if tally.distinct.insert(cut.seen()) {
                    self.finish(&cut).map_err(told)?;
                }
            }
        }
        Ok(tally)
    }

    /// An accident, then another in the run that follows.
    pub fn pairs(&self, pairs: usize, random: &mut Random) -> Law<Tally> {
        let mut tally = Tally::default();
        let length = self.length();
        for _ in 0..pairs {
            let mut disk = self.start.clone();
            let mut story = String::new();
            for _ in 0..2 {
                let before = self.side(&disk)?;
                let world = World::new(disk);
                let mut process = world.process();
                // A run that cleans up makes more calls than the first.
                if random.below(2) == 0 {
                    process.dies_at = Some(random.below(length + 12));
                } else {
                    process.fault = Some(any_fault(length + 12, random));
                }
                let outcome = (self.run)(&mut process);
                story += &format!("{:?} {:?}: {outcome:?}; ", process.dies_at, process.fault);
                if process.dies_at.is_none() {
                    self.honest(before, &outcome, &world.disk(), &world.calls())
                        .map_err(|why| format!("{story}{why}"))?;
                }
                disk = match random.below(4) {
                    0 => world.disk(),
                    1 => world.disk().settled(),
                    2 => world.disk().synced(),
                    _ => world.disk().some(random),
                };
                tally.states += 1;
                let side = self.side(&disk).map_err(|why| format!("{story}{why}"))?;
                if outcome.0 == Claim::Done && side == Side::Old {
                    return Err(format!("{story}it said that all was durable"));
                }
            }
            tally.runs += 1;
            self.finish(&disk).map_err(|why| format!("{story}{why}"))?;
        }
        Ok(tally)
    }

    /// What a reader sees: all old or all new, and nothing else moved.
    fn side(&self, disk: &Disk) -> Law<Side> {
        let seen = visible(&disk.seen());
        let mut before = visible(&self.start.seen());
        let (ours, others): (Seen, Seen) =
            seen.into_iter().partition(|(path, _)| self.whole.contains_key(path));
        before.insert("clotures".to_owned(), None);
        let mut others = others;
        others.insert("clotures".to_owned(), None);
        if others != before {
            return Err(format!("other files moved: {:?}", others.keys()));
        }
        match ours.is_empty() {
            true => Ok(Side::Old),
            false if ours == self.whole => Ok(Side::New),
            false => Err(format!("neither old nor new: {:?}", sizes(&ours))),
        }
    }

    /// A run that nothing stops finishes, durably, whatever came before.
    fn finish(&self, disk: &Disk) -> Law<()> {
        let before = self.side(disk)?;
        let world = World::new(disk.clone());
        let (claim, words) = (self.run)(&mut world.process());
        let expected = if before == Side::Old { Claim::Done } else { Claim::Already };
        if claim != expected {
            return Err(format!("the next run gives {claim:?}: {words}"));
        }
        for (when, disk) in [("now", world.disk()), ("after a power cut", world.disk().synced())] {
            if self.side(&disk)? == Side::Old {
                return Err(format!("the next run gives nothing {when}"));
            }
        }
        let seen = world.disk().seen();
        let hidden = seen.keys().find(|path| hides(path) && !path.ends_with("/.verrou"));
        match hidden {
            Some(path) if self.tidy => Err(format!("the next run leaves `{path}`")),
            _ => Ok(()),
        }
    }

    /// What a refused run says is true, names the place, and asks no sync again.
    fn honest(&self, before: Side, outcome: &Outcome, disk: &Disk, calls: &[Call]) -> Law<()> {
        let (claim, words) = outcome;
        let now = self.side(disk)?;
        let durable = self.side(&disk.synced())?;
        let lie = match claim {
            Claim::Done | Claim::Already => now == Side::Old || durable == Side::Old,
            Claim::NotDurable => now == Side::Old,
            Claim::Nothing | Claim::Changed | Claim::Busy => now != before,
            Claim::Uncertain => false,
        };
        if lie {
            return Err(format!("it says {claim:?}, one sees {now:?}, durable is {durable:?}"));
        }
        let refused = calls.iter().filter(|call| !call.granted);
        let named = |call: &Call| {
            words.contains(&format!("`{}`", call.path))
                || call.path.is_empty() && words.contains("le dossier des livres")
        };
        if !matches!(claim, Claim::Done | Claim::Already) && !refused.clone().any(named) {
            return Err(format!("no refused path is named: {words}"));
        }
        for (rank, call) in calls.iter().enumerate() {
            if call.name != "fsync" || call.granted {
                continue;
            }
            for later in &calls[rank + 1..] {
                if later.name == "fsync" && later.path == call.path {
                    return Err(format!("`{}` is synced again after a failed sync", call.path));
                }
                if later.name == "rename" {
                    return Err("a renaming follows a failed sync".to_owned());
                }
            }
        }
        Ok(())
    }
}

/// Every refusal of a run of that length.
fn faults(length: usize) -> Vec<Fault> {
    let mut all = Vec::new();
    for at in 0..length {
        for kind in kinds() {
            for how in [How::Before, How::Half, How::After] {
                for forever in [false, true] {
                    all.push(Fault { at, kind: kind.clone(), forever, how });
                }
            }
        }
    }
    all
}

fn any_fault(length: usize, random: &mut Random) -> Fault {
    Fault {
        at: random.below(length),
        kind: kinds()[random.below(4)].clone(),
        forever: random.below(2) == 0,
        how: [How::Before, How::Half, How::After][random.below(3)],
    }
}

fn kinds() -> [Kind; 4] {
    [Kind::Other("erreur 5 du système".to_owned()), Kind::NoSpace, Kind::Denied, Kind::ReadOnly]
}

/// Whether a path is hidden from readers.
fn hides(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// What is not hidden.
pub fn visible(seen: &Seen) -> Seen {
    seen.iter().filter(|(path, _)| !hides(path)).map(|(p, b)| (p.clone(), b.clone())).collect()
}

/// Paths and lengths, for a message.
fn sizes(seen: &Seen) -> Vec<String> {
    let size = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
    seen.iter().map(|(path, bytes)| format!("{path} {}", size(bytes))).collect()
}
