//! The seal: what is changed is named, what is not changed is silent.

mod benign;
mod blocks;
mod content;
mod flips;
mod gallery;
mod gallery_closing;
mod museum;
mod papers;
mod refusals;
mod script;
mod tampering;
pub mod world;
