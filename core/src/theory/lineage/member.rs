//! A unit in a chain of fields: its order parameters there, and the cavity field it sees behind a node.

use crate::model::lineage::{Loss, LossLaw, TargetKind};
use crate::model::logistic_slope;

use super::cavity::{Cavity, EVERYWHERE, Law, Target};
use super::panels::{Grading, Reader};
use super::state::{State, cholesky_row};
use super::unit::{Fit, Unit};

/// A unit in a chain of fields on one data set.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Its fit, if it was trained on the data set.
    pub fit: Option<Fit>,
    /// The place in the chain of the unit it learns from, if it was trained on the data set.
    pub source: Option<usize>,
    pub m: f64,
    pub b: f64,
    /// V_kk on this data set.
    pub v: f64,
    /// Its row of the Cholesky factor of Q.
    pub row: Vec<f64>,
    /// V_pj of the members before it, 0 for those of other data sets.
    pub v_row: Vec<f64>,
    pub grading: Grading,
    /// Whether a later unit learns from it.
    pub read: Option<Reader>,
    /// How many standard deviations it is to one side of 0 for both classes, if it is explicit.
    pub aside: f64,
}

/// A source that is this many standard deviations to one side teaches a bias, behind which a reader turns from
/// following to ignoring it within this share of the usual scale: at ω ≫ ln V a branch point of the reader's h lies
/// π/(ω − ln V) from the real axis of h_src.
const ASIDE: f64 = 3.0;
const SHARPER: f64 = 0.15;

impl Member {
    /// Unit k in the state given, behind the units `behind`, whose Cholesky rows are `rows`.
    pub fn new(
        units: &[Unit],
        k: usize,
        set: usize,
        behind: &[usize],
        rows: &[Vec<f64>],
        state: &State,
        reader: Option<Reader>,
    ) -> Self {
        let trained = |j: usize| units[j].set() == Some(set);
        let fit = match units[k] {
            Unit::Fit(fit) if fit.set == set => Some(fit),
            Unit::Fit(_) | Unit::Fixed(_) => None,
        };
        let overlaps: Vec<f64> = behind.iter().map(|&j| state.q[j]).chain([state.q[k]]).collect();
        let v = if fit.is_some() { state.v[k] } else { 0.0 };
        let scale = fit.map_or(1.0, |fit| fit.scale());
        let source = fit.and_then(|_| units[k].source());
        let grading = Grading::bend(scale, v);
        let row = cholesky_row(rows, &overlaps);
        let explicit = fit.is_none_or(|fit| fit.loss.quadratic().is_some_and(|law| law.curvature == 0.0));
        let aside = (state.b.abs() - state.m.abs() - v) / row[row.len() - 1];
        let reader = reader.map(|reader| match explicit && aside > ASIDE {
            true => Reader { sharpness: SHARPER, ..reader },
            false => reader,
        });
        Self {
            fit,
            source: source.and_then(|from| behind.iter().position(|&j| j == from)),
            m: state.m,
            b: state.b,
            v,
            row,
            v_row: behind.iter().map(|&j| if trained(j) { state.v[j] } else { 0.0 }).collect(),
            read: reader,
            aside: if explicit { aside } else { 0.0 },
            grading: reader.map_or(grading, |reader| grading.and(reader)),
        }
    }

    /// ∂²ℓ/∂h∂h_src, which does not depend on h; a jump has none.
    pub fn cross_curvature(&self, source: f64) -> f64 {
        let Some(Fit { loss, lesson: Some(lesson), .. }) = self.fit else {
            return 0.0;
        };
        let t = lesson.temperature;
        // under a quadratic loss that of the target, which is h_src or 2t − 1
        match (lesson.kind, loss.quadratic()) {
            (TargetKind::Soft, Some(law)) => -law.pull * lesson.chi,
            (TargetKind::Soft, None) => -lesson.chi / (t * t) * logistic_slope(source / t),
            (TargetKind::Hard, _) if t == 0.0 => 0.0,
            (TargetKind::Hard, Some(law)) => -2.0 * law.pull * lesson.chi / t * logistic_slope(source / t),
            (TargetKind::Hard, None) => -lesson.chi / t * logistic_slope(source / t),
        }
    }

    /// The label the loss is held against, as ±1 of hinge and square: y mixed with what the source says.
    pub fn sign(&self, fit: &Fit, y: f64, source: f64) -> f64 {
        fit.lesson.map_or(y, |lesson| {
            let said = match lesson.kind {
                TargetKind::Soft => source,
                TargetKind::Hard if lesson.temperature > 0.0 => libm::tanh(source / (2.0 * lesson.temperature)),
                TargetKind::Hard => {
                    if source > 0.0 {
                        1.0
                    } else {
                        -1.0
                    }
                }
            };
            (1.0 - lesson.chi) * y + lesson.chi * said
        })
    }

    /// The cavity field with ω of the given mean under a loss with its centre.
    #[inline]
    pub fn cavity_under(&self, law: Law, centre: f64, mean: f64) -> Cavity {
        let width = self.row[self.row.len() - 1];
        Cavity { centre, shift: mean - centre, width, v: self.v, law, limits: EVERYWHERE }
    }

    /// The cavity field of a sample with ω of the given mean, label y and source output; a hinge loss has
    /// pieces of it instead ([`Member::pieces`]).
    #[inline]
    pub fn cavity(&self, mean: f64, y: f64, source: f64) -> Cavity {
        let width = self.row[self.row.len() - 1];
        let affine = |curvature: f64, force: f64| Cavity {
            centre: 0.0,
            shift: mean,
            width,
            v: self.v,
            law: Law::Affine { curvature, force },
            limits: EVERYWHERE,
        };
        let Some(fit) = self.fit else {
            return affine(0.0, 0.0);
        };
        match fit.loss.law() {
            LossLaw::Quadratic(law) => {
                let target = self.sign(&fit, y, source);
                // with few samples to a weight h is what is asked for to within 1/V, and d is not lost beside it
                match law.asked() {
                    Some(asked) => {
                        Cavity { centre: asked * target, shift: mean - asked * target, ..affine(law.curvature, 0.0) }
                    }
                    None => affine(0.0, law.pull * target),
                }
            }
            LossLaw::Hinge => affine(0.0, self.sign(&fit, y, source)),
            LossLaw::Logistic => {
                let (law, centre) = logistic_law(&fit, y, source);
                self.cavity_under(law, centre, mean)
            }
        }
    }
}

/// |h_src|/T beyond which a soft target is a hard label to within e⁻³⁰⁰.
pub(super) const SUREST: f64 = 300.0;

/// ℓ and its centre under the logistic loss. At T = 1 label and soft target are one soft target.
pub(super) fn logistic_law(fit: &Fit, y: f64, source: f64) -> (Law, f64) {
    let label = Target::label(y, fit.smoothing);
    let hard =
        |label: Target| Law::Logistic { hard_weight: 1.0, label, soft_weight: 0.0, soft: label, temperature: 1.0 };
    let Some(lesson) = fit.lesson.filter(|lesson| lesson.chi != 0.0) else {
        return (hard(label), 0.0);
    };
    let chi = lesson.chi;
    // a hard label σ(h_src/T) is a soft target at temperature 1 of a source that is T times less sure
    let (said, t) = match lesson.kind {
        TargetKind::Soft => (source, lesson.temperature),
        TargetKind::Hard if lesson.temperature > 0.0 => (source / lesson.temperature, 1.0),
        TargetKind::Hard => {
            return (hard(label.mix(chi, Target::label(if source > 0.0 { 1.0 } else { -1.0 }, 0.0))), 0.0);
        }
    };
    // a source surer than this is no surer in any digit of an average
    let said = said.max(-SUREST * t).min(SUREST * t);
    let soft = Target::soft(said / t);
    if t == 1.0 && chi != 1.0 {
        let mixed = label.mix(chi, soft);
        if mixed.p.min(mixed.complement) <= 0.0 {
            return (hard(mixed), 0.0);
        }
        let centre = libm::log(mixed.p) - libm::log(mixed.complement);
        return (Law::Logistic { hard_weight: 0.0, label, soft_weight: 1.0, soft: mixed, temperature: 1.0 }, centre);
    }
    (Law::Logistic { hard_weight: 1.0 - chi, label, soft_weight: chi, soft, temperature: t }, said)
}

/// How a node of a cavity field is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reading {
    /// h = centre + d.
    Free,
    /// The hinge holds h at y, while ω = d.
    Held { y: f64 },
}

impl Member {
    /// The pieces of the cavity field on which everything is smooth, each with the way to read it.
    pub fn pieces(&self, mean: f64, y: f64, source: f64) -> ([Option<(Cavity, Reading)>; 3], f64) {
        let whole = self.cavity(mean, y, source);
        let Some(fit @ Fit { loss: Loss::Hinge, .. }) = self.fit else {
            return ([Some((whole, Reading::Free)), None, None], y);
        };
        let y = self.sign(&fit, y, source);
        let side = |bound: f64, beyond: bool| match (beyond, y > 0.0) {
            (true, true) => (bound, f64::INFINITY),
            (true, false) => (f64::NEG_INFINITY, -bound),
            (false, true) => (f64::NEG_INFINITY, bound),
            (false, false) => (-bound, f64::INFINITY),
        };
        let held = if y > 0.0 { (1.0 - self.v, 1.0) } else { (-1.0, self.v - 1.0) };
        let still = Law::Affine { curvature: 0.0, force: 0.0 };
        let pieces = [
            Some((Cavity { limits: side(1.0, false), ..whole }, Reading::Free)),
            Some((Cavity { limits: held, law: still, ..whole }, Reading::Held { y })),
            Some((Cavity { limits: side(1.0, true), law: still, ..whole }, Reading::Free)),
        ];
        (pieces, y)
    }
}
