//! Work shared among threads, with the results in the order of the jobs.
//!
//! In: jobs, and what is done of each. Out: what each made, as if one thread had done them in turn. A thread
//! that the system does not give is done without: the caller works too.
//! Absent on purpose: how many threads there are (the caller was told), anything shared between jobs.

use std::sync::{Mutex, PoisonError};

/// Does every job, on at most `threads` threads, that of the caller among them.
///
/// # Panics
/// When a job does: its own panic goes on.
pub fn all<J: Send, M: Send>(
    threads: usize,
    jobs: impl IntoIterator<Item = J>,
    work: impl Fn(J) -> M + Sync,
) -> Vec<M> {
    let jobs: Vec<J> = jobs.into_iter().collect();
    let hands = threads.min(jobs.len());
    if hands < 2 {
        return jobs.into_iter().map(work).collect();
    }
    let count = jobs.len();
    let queue = Mutex::new(jobs.into_iter().enumerate());
    let toil = || {
        let mut made = Vec::new();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((rank, job)) = next else { break };
            made.push((rank, work(job)));
        }
        made
    };
    let mut made = std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().spawn_scoped(scope, toil).ok();
        let others: Vec<_> = (1..hands).filter_map(spawn).collect();
        let mut made = toil();
        for other in others {
            match other.join() {
                Ok(own) => made.extend(own),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    });
    made.sort_by_key(|(rank, _)| *rank);
    assert!(made.len() == count, "every job was done");
    made.into_iter().map(|(_, made)| made).collect()
}

/// Does two things at once where there are two threads, one after the other where there is one: the first on
/// the caller's.
///
/// # Panics
/// When one of them does: its own panic goes on.
pub fn both<H, T: Send>(
    threads: usize,
    here: impl FnOnce() -> H,
    there: impl FnOnce() -> T + Send,
) -> (H, T) {
    if threads < 2 {
        return (here(), there());
    }
    // The system that gives no thread gives no job back: it waits here until somebody takes it.
    let job = Mutex::new(Some(there));
    let taken = || job.lock().unwrap_or_else(PoisonError::into_inner).take().map(|job| job());
    std::thread::scope(|scope| {
        let other = std::thread::Builder::new().spawn_scoped(scope, taken).ok();
        let here = here();
        let there = match other.map(std::thread::ScopedJoinHandle::join) {
            Some(Ok(made)) => made,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => taken(),
        };
        let Some(there) = there else { unreachable!("a job is taken once") };
        (here, there)
    })
}

#[cfg(test)]
mod tests {
    use super::{all, both};

    #[test]
    fn results_come_in_the_order_of_jobs() {
        for threads in 0..5 {
            for jobs in [0, 1, 2, 7, 1000_u32] {
                let made = all(threads, 0..jobs, |job| job * 2);
                assert_eq!(made, (0..jobs).map(|job| job * 2).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn two_things_are_done_each_once() {
        for threads in 0..4 {
            let mut mine = 0;
            let (here, there) = both(threads, || mine += 1, || "là-bas".to_owned());
            assert_eq!((here, there.as_str()), ((), "là-bas"));
            assert_eq!(mine, 1);
        }
    }
}
