//! A build system of stages: never stale, never wasteful, safe against a kill at any moment.
//!
//! Knows no physics and no plots. A [`Stage`] declares all that its bytes may depend on; a [`Graph`] of stages is
//! [planned](plan()) against the receipts of earlier runs and [run]; whoever makes the bytes implements [`Work`].
//!
//! ```text
//! key(stage) = digest(id, kind, parameters, source code, files' contents, inputs' output digests, cache format)
//! fresh      = a receipt has this key, and its outputs are on the disk with the recorded digests
//! ```
//!
//! Times of files never count. Keys contain the digests of the inputs' *bytes*: a stage that gives its old bytes stops
//! the rerun there.

mod clean;
mod clock;
mod crate_metadata;
mod digest;
mod error;
mod event;
mod execute;
mod graph;
mod journal;
mod lock;
mod manifest;
mod overview;
mod panics;
mod plan;
mod platform;
mod queue;
mod receipt;
mod shard;
pub mod source;
mod stage;
mod staleness;
mod store;
mod work;

pub use clean::{Clean, clean};
pub use clock::timestamp;
pub use crate_metadata::{CRATE, Description, WORKFLOW, write_crate};
pub use digest::Digest;
pub use error::{Error, Failure};
pub use event::{Event, Progress};
pub use execute::{Options, Summary, run};
pub use graph::{Graph, GraphError, Selection};
pub use manifest::{About, MANIFEST, Manifest, Revision, StageRecord};
pub use overview::Overview;
pub use plan::{Entry, Plan, Verdict, plan};
pub use platform::{Platform, peak_memory};
pub use receipt::{Parts, Product, Receipt};
pub use shard::{Merged, merge};
pub use stage::{Place, SCHEMA, Stage};
pub use staleness::Staleness;
pub use store::Folders;
pub use work::{Context, Work, WorkError};
