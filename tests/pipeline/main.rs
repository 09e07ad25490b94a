//! The pipeline on toy stages: what reruns and why, what survives a kill, what threads and shards can't change.

mod faults;
mod provenance;
mod shards;
mod staleness;
mod toy;
