//! The paper's learners: what must hold of their theory, of their experiments, and between the two.

mod agreement;
mod experiment;
mod solved;
mod stein;
mod theory;
