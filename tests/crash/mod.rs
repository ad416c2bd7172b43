//! What happens to a closing that is stopped: by a power cut, a kill, a disk that refuses, another
//! closing. In a simulation that tries every step, then with the system's own calls.

pub mod disk;
mod links;
mod planted;
pub mod process;
mod race;
mod random;
mod sim;
pub mod strace;
pub mod trial;
mod turns;
mod writers;
