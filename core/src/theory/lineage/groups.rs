//! The features in the limit N → ∞: groups of one variance, one signal and one set of masks.
//!
//! A mask takes the first ηN features, so the masks of a lineage cut the features into intervals. A power-law
//! spectrum is integrated over each interval in s = −ln u by Gauss–Legendre panels. There a weight 1/(λ + κΔ(u)) turns on
//! a scale of 1/a from one power of u to another, at κΔ(u) = λ, which a heavy ridge puts far towards u = 0.

use crate::model::Lineage;
use crate::model::lineage::{Signal, Spectrum};

/// Features alike in everything.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Their share of the features.
    pub weight: f64,
    /// Δ_i.
    pub variance: f64,
    /// v_i².
    pub signal: f64,
    /// The middle of the interval they come from, which tells whether a mask holds them.
    place: f64,
}

impl Group {
    /// Whether the first share `features` of the features holds them.
    pub fn within(&self, features: f64) -> bool {
        self.place < features
    }
}

/// Intervals of the features narrower than this are rounding of η and of block fractions.
const NARROW: f64 = 1e-12;

/// The groups of a lineage.
pub(super) fn groups(lineage: &Lineage) -> Vec<Group> {
    let data = &lineage.data;
    if let Spectrum::Table { variance, mean } = &data.spectrum {
        return table(lineage, variance, mean);
    }
    let mut cuts: Vec<f64> = lineage.stages.iter().map(|stage| stage.features).chain([0.0, 1.0]).collect();
    if let Spectrum::Blocks(blocks) = &data.spectrum {
        let mut end = 0.0;
        for block in blocks {
            end += block.fraction;
            cuts.push(if end > 1.0 - NARROW { 1.0 } else { end });
        }
    }
    cuts.sort_by(f64::total_cmp);
    let mut groups = Vec::new();
    let mut last = 0.0;
    for &cut in &cuts[1..] {
        if cut - last > NARROW {
            interval(data.delta, &data.spectrum, last, cut, &mut groups);
            last = cut;
        }
    }
    groups
}

/// The groups of the features between two shares.
fn interval(delta: f64, spectrum: &Spectrum, from: f64, to: f64, groups: &mut Vec<Group>) {
    let place = 0.5 * (from + to);
    let weight = to - from;
    match spectrum {
        Spectrum::Blocks(blocks) => {
            let mut end = 0.0;
            let holder = blocks.iter().find(|block| {
                end += block.fraction;
                place < end
            });
            let relative = holder.or(blocks.last()).map_or(1.0, |block| block.variance);
            groups.push(Group { weight, variance: delta * relative, signal: 1.0, place });
        }
        // the page has no spectra
        Spectrum::Power { exponent, signal } if cfg!(feature = "corners") && *exponent > 0.0 => {
            let mut at = |s: f64, share: f64| {
                let u = libm::exp(-s);
                let relative = (1.0 - exponent) * libm::pow(u, -exponent);
                let signal = match signal {
                    Signal::Flat => 1.0,
                    Signal::Aligned => relative,
                };
                groups.push(Group { weight: u * share, variance: delta * relative, signal, place });
            };
            let (rule, panels) = (gauss_legendre(NODES), panels(*exponent, from, to));
            for (start, length) in &panels {
                rule.iter().for_each(|(t, share)| at(start + length * t, length * share));
            }
            // beyond, nothing is left but the variance of what has no ridge
            if let Some((start, length)) = panels.last().filter(|_| from == 0.0 && *exponent < 0.5) {
                at(start + length, 1.0 / (1.0 - 2.0 * exponent));
            }
        }
        Spectrum::Isotropic | Spectrum::Power { .. } | Spectrum::File(_) | Spectrum::Table { .. } => {
            groups.push(Group { weight, variance: delta, signal: 1.0, place });
        }
    }
}

/// Nodes of a panel, and its length in ln u.
const NODES: usize = 8;
const LENGTH: f64 = 2.0;
/// ln u over which a share of the features falls below rounding.
const DEPTH: f64 = 38.0;
/// The logarithm of λ/(κΔ) up to which the turn of a weight is seen.
const TURN: f64 = 23.0;
/// −ln u at which u is still a number.
const DEEPEST: f64 = 700.0;
/// By how much a panel is longer than the one before where nothing is left to turn.
const LONGER: f64 = 1.5;

/// The panels between two shares of the features in s = −ln u, as starts and lengths. Towards u = 0 they go on to where
/// u, and u^(1 − 2a), the variance of what has no ridge, are below rounding.
fn panels(exponent: f64, from: f64, to: f64) -> Vec<(f64, f64)> {
    let start = -libm::log(to);
    if from > 0.0 {
        let whole = -libm::log(from) - start;
        let count = (whole / LENGTH).ceil().max(1.0);
        return (0..count as usize).map(|i| (start + whole * i as f64 / count, whole / count)).collect();
    }
    let bare = if exponent < 0.5 { DEPTH / (1.0 - 2.0 * exponent) } else { 0.0 };
    let turned = start + if exponent < 0.5 { bare.min(DEPTH + TURN / exponent) } else { DEPTH + TURN / exponent };
    let (mut panels, mut s, mut length) = (Vec::new(), start, LENGTH);
    let end = turned.max(start + bare).min(DEEPEST);
    while s < end {
        length = length.min(end - s);
        panels.push((s, length));
        s += length;
        if s > turned {
            length *= LONGER;
        }
    }
    panels
}

/// The groups of a table: each feature one, a mask of ηN features rounded to whole ones.
fn table(lineage: &Lineage, variance: &[f64], mean: &[f64]) -> Vec<Group> {
    let n = variance.len() as f64;
    let mut cuts: Vec<(f64, f64)> =
        lineage.stages.iter().map(|stage| ((stage.features * n).round().max(1.0), stage.features)).collect();
    cuts.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut groups: Vec<Group> = Vec::new();
    for (i, (&variance, &mean)) in variance.iter().zip(mean).enumerate() {
        // a place below every η whose mask holds feature i, and at or above the others
        let place = cuts.iter().take_while(|(count, _)| (i as f64) >= *count).last().map_or(0.0, |cut| cut.1);
        groups.push(Group { weight: 1.0 / n, variance, signal: mean * mean, place });
    }
    groups
}

/// Nodes and weights of the n-point Gauss–Legendre rule on (0, 1), by Newton on the Legendre polynomial.
fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    (0..n)
        .map(|i| {
            let mut x = libm::cos(std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5));
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut before, mut here) = (1.0, x);
                for k in 2..=n {
                    let k = k as f64;
                    (before, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * before) / k);
                }
                slope = n as f64 * (x * here - before) / (x * x - 1.0);
                let step = here / slope;
                x -= step;
                if step.abs() < 1e-16 {
                    break;
                }
            }
            (0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}
