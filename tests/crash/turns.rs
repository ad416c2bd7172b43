//! Two processes that take turns, as a schedule says.

use std::sync::{Arc, Condvar, Mutex};

use super::disk::{Disk, Process, World};
use super::trial::Outcome;

/// Whose turn it is, and for how many calls.
#[derive(Default)]
struct Turns {
    left: Vec<(usize, usize)>,
    holds: [bool; 2],
    over: [bool; 2],
}

impl Turns {
    fn current(&mut self) -> Option<usize> {
        while let Some((who, calls)) = self.left.first().copied() {
            if calls > 0 && !self.over[who] {
                return Some(who);
            }
            self.left.remove(0);
        }
        None
    }

    /// A call is over when the same process asks for the next.
    fn give_back(&mut self, who: usize) {
        if std::mem::take(&mut self.holds[who]) && self.current() == Some(who) {
            self.left[0].1 -= 1;
        }
    }
}

/// Runs two processes on one disk, so many calls of one, so many of the other, and so on; then each
/// to its end.
pub fn interleave(
    start: &Disk,
    schedule: &[(usize, usize)],
    runs: [&(dyn Fn(&mut Process) -> Outcome + Sync); 2],
) -> (World, [Outcome; 2]) {
    let world = World::new(start.clone());
    let mut left = schedule.to_vec();
    left.extend([(0, usize::MAX), (1, usize::MAX)]);
    let gate = Arc::new((Mutex::new(Turns { left, ..Turns::default() }), Condvar::new()));
    let one = |who: usize| {
        let mut process = world.process();
        let theirs = Arc::clone(&gate);
        process.before = Some(Box::new(move |_, _| {
            let mut turns = theirs.0.lock().unwrap();
            turns.give_back(who);
            theirs.1.notify_all();
            while turns.current().is_some_and(|other| other != who) {
                turns = theirs.1.wait(turns).unwrap();
            }
            turns.holds[who] = true;
        }));
        let outcome = runs[who](&mut process);
        let mut turns = gate.0.lock().unwrap();
        turns.give_back(who);
        turns.over[who] = true;
        gate.1.notify_all();
        outcome
    };
    let outcomes = std::thread::scope(|scope| {
        let second = scope.spawn(|| one(1));
        let first = one(0);
        [first, second.join().unwrap()]
    });
    (world, outcomes)
}
