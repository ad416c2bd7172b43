//! The CARE ledger: laws over random worlds, an independent model, and the edge cases of the model.

mod kept;
mod laws;
mod oracle;
mod policy;
mod refusals;
mod world;
