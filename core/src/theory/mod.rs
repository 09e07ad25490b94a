//! The replica theory: order parameters at the fixed point, for every lineage.
//!
//! [`lineage::solve`] is the entry: it solves stage after stage, each behind those before it, certifies the answer at a
//! finer quadrature and adds the observables. [`lineage::optimise`] looks for minima, [`lineage::optimal_ridge`] for the best
//! ridge.

pub mod lineage;
