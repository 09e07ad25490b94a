//! A build system of stages: never stale, never wasteful, safe against a kill at any moment.
//!
//! Knows no physics and no plots. A [`Stage`] declares all that its bytes may depend on; a [`Graph`] of stages is
//! [planned](plan()) against the receipts of earlier runs and [run]; whoever makes the bytes implements [`Work`].
//!
//! ```text
//! key(stage) = digest(id, kind, parameters, program, files' contents, inputs' output digests, cache format)
//! fresh      = a receipt has this key, and its outputs are on the disk with the recorded digests
//! ```
//!
//! The program is its whole tree, or the core alone where nothing else can reach the bytes ([`source`]). Times of files
//! never count. Keys contain the digests of the inputs' *bytes*: a stage that gives its old bytes stops
//! the rerun there.
//!
//! ```no_run
//! use redistill::pipeline::{self, Context, Folders, Graph, Options, Place, Stage, Work, WorkError};
//!
//! struct Double;
//!
//! impl Work for Double {
//!     fn run(&self, stages: &[&Stage], context: &Context<'_>) -> Result<(), WorkError> {
//!         for stage in stages {
//!             context.checkpoint()?;
//!             let x: f64 = stage.parameters.own("x").unwrap_or_default().parse().map_err(WorkError::failed)?;
//!             context.finish(stage, &[(2.0 * x).to_string().into_bytes()])?;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let graph = Graph::new(vec![Stage {
//!     parameters: [("x".to_owned(), "1.5".to_owned())].into(),
//!     outputs: vec!["data/double.txt".into()],
//!     source: pipeline::source::program().to_owned(),
//!     ..Stage::new("table/double", "table", Place::Folder)
//! }])?;
//! let folders = Folders { root: ".".into(), out: "out".into() };
//! let options = Options::default();
//! println!("{}", pipeline::plan(&graph, &graph.all(), &folders, &options.force)?);
//! pipeline::run(&graph, &graph.all(), &folders, &Double, &options, &())?;
//! # Ok::<(), pipeline::Error>(())
//! ```

mod clean;
mod clock;
mod crate_metadata;
mod digest;
mod disk;
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
mod scratch;
mod seal;
mod shard;
pub mod source;
mod stage;
mod staleness;
mod store;
mod tree;
mod work;

pub use clean::{Clean, clean};
pub use clock::{Stopwatch, timestamp};
pub use crate_metadata::{CRATE, Description, WORKFLOW, write_crate};
pub use digest::Digest;
pub use disk::{Replacement, write};
pub use error::{Error, Failure, GraphError};
pub use event::{Event, Progress};
pub use execute::{Options, Summary, run};
pub use graph::{Graph, Selection};
pub use lock::{Hold, exclusively};
pub use manifest::{About, MANIFEST, Manifest, Revision, StageRecord};
pub use overview::Overview;
pub use panics::caught;
pub use plan::{Entry, Plan, Verdict, keys, plan};
pub use platform::{Platform, peak_memory};
pub use receipt::{Parts, Product, Receipt};
pub use scratch::Scratch;
pub use seal::{is_whole, seal};
pub use shard::{Merged, merge};
pub use stage::{Parameters, Place, SCHEMA, Stage};
pub use staleness::Staleness;
pub use store::Folders;
pub use work::{Context, Work, WorkError};
