//! # redistill
//!
//! A reproduction of Saglietti & Zdeborová, *Solvable Model for Inheriting the Regularization through
//! Knowledge Distillation* (PMLR 145:809–846, arXiv 2012.00194), called "the paper" throughout: every figure from
//! replica theory and from finite-size experiments, side by side, with a verdict on every claim.
//!
//! # Architecture
//!
//! Data flows one way:
//!
//! ```text
//! figures/*/figure.toml ─ spec ─┬─ theory ─────┐
//!                               └─ experiment ─┴─ table ─┬─ plot ───┐
//!                                                        └─ report ─┴─ out/
//!                    workflow lays this out as stages; pipeline runs what is stale; cli talks to the user
//! ```
//!
//! | module | what it is | may use |
//! |---|---|---|
//! | [`numerics`] | Brent's methods, small symmetric matrices, vectors of numbers | nothing |
//! | [`model`] | the mixture, the learners, the loss, Bayes bounds, thresholds | `numerics` |
//! | [`theory`] | fixed points of the order parameters, certified | `model`, `numerics` |
//! | [`experiment`] | data at finite N, fits run to a certificate | `model` |
//! | [`chunk`] | answers of both as bytes, each with the question it answers | `model`, `theory`, `experiment` |
//! | [`table`] | one schema per kind of table, Parquet and CSV | nothing |
//! | [`spec`] | figure files as validated types | `model`, `table` |
//! | [`paper`] | what was read off print: curves, points, lines, axes | `spec` |
//! | [`plot`] | drawings of columns, as SVG | nothing |
//! | [`verdict`] | what theory, simulation and print say of every claim and erratum | `spec`, `table`, `paper` |
//! | [`report`] | Markdown and HTML, out of tables and verdicts alone | `spec`, `table`, `verdict` |
//! | [`pipeline`] | stages, keys, cache, executor, provenance; no physics | nothing |
//! | [`workflow`] | the figures as stages of the pipeline | all of the above |
//! | [`cli`] | arguments, terminal, exit codes | all of the above |
//!
//! Theory and experiment never meet before their tables do, or their agreement would be no evidence; neither
//! the plots nor the report can reach either, so that every printed number is a cell of a table.
//! A test holds these arrows.
//!
//! # Notation
//!
//! A tilde marks the teacher; `_t` in code. A hat marks a conjugate; `_hat` in code. Order parameters are intensive.
//!
//! | symbol | code | meaning | equation |
//! |---|---|---|---|
//! | N, M | `n`, `samples` | features, training samples | |
//! | α | `alpha` | M/N | |
//! | η | `eta` | fraction of the features that the student sees | |
//! | Δ, ρ | `delta`, `rho` | variance of each cloud; P(y = 1) | Eq. 10 |
//! | s | `s` | 2y − 1, the sign of the class | |
//! | λ, λ̃ | `lambda`, `teacher_lambda` | ridge of student and teacher, (λ/2)\|w\|² | Eqs. 1, 3, 4 |
//! | χ, T | `chi`, `temperature` | weight and temperature of the soft labels | Eqs. 1, 3, 4 |
//! | ε | `epsilon` | label smoothing | |
//! | m, q, b | `m`, `q`, `b` | w·v/N, \|w\|²/N, bias | |
//! | V | `v` | Δδq, susceptibility of the pre-activation | Eq. 15 |
//! | S, δS | `s`, `ds` | w·w̃/N and its response | |
//! | m̂, q̂, δq̂, Ŝ, δŜ | `m_hat`, … | conjugates | Eqs. 19, 52 |
//! | ω, h | `omega`, `h` | cavity field; pre-activation, h = prox(ω) | |
//! | g | `g` | (h − ω)/V = −ℓ'(h) | |
//! | ε_g | `eg`, `test_error` | test error | Eq. 12 |

pub use redistill_core::{chunk, experiment, model, numerics, theory};

pub mod cli;
pub mod paper;
pub mod pipeline;
pub mod plot;
pub mod report;
pub mod spec;
pub mod table;
pub mod verdict;
pub mod workflow;
