//! The weights' side: conjugates → overlaps.
//!
//! ```text
//! w_i = R_i (m̂ v_i + √Δ_i ζ),   Cov ζ = q̂      R_kk = 1/(λ_k + κ_k Δ_i) on the mask, else 0
//! R_kj = R_kk Δ_i Σ_{j ≤ l < k} c_kl R_lj
//! m = (1/N) Σ v_i² R_i m̂     Q = (1/N) Σ Δ_i R_i (v_i² m̂ m̂ᵀ + Δ_i q̂) R_iᵀ     V = (1/N) Σ Δ_i R_i
//! ```
//!
//! A fixed teacher has R = 1, its m for m̂ and a noise of variance q − m² of its own.

use crate::model::lineage::FixedTeacher;

use super::groups::Group;
use super::state::{Conjugates, State};
use super::unit::{Fit, Unit};

/// What the units solved so far are on the weights' side.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights {
    /// R of every group, row by row.
    r: Vec<Vec<Vec<f64>>>,
    conjugates: Vec<Conjugates>,
    fixed: Vec<Option<FixedTeacher>>,
}

impl Weights {
    pub fn new(groups: &[Group]) -> Self {
        Self { r: vec![Vec::new(); groups.len()], ..Self::default() }
    }

    /// The row of R in one group of a fit with the given conjugates.
    fn row(&self, group: &Group, rows: &[Vec<f64>], fit: &Fit, conjugates: &Conjugates) -> Vec<f64> {
        let k = rows.len();
        let mut row = vec![0.0; k + 1];
        if group.within(fit.features) {
            let own = 1.0 / (fit.lambda + conjugates.kappa * group.variance);
            for (j, value) in row[..k].iter_mut().enumerate() {
                *value = own * group.variance * (j..k).map(|l| conjugates.c[l] * rows[l][j]).sum::<f64>();
            }
            row[k] = own;
        }
        row
    }

    /// m, Q_kj and V_kj of the next unit, from its conjugates; b is the caller's.
    pub fn overlaps(&self, groups: &[Group], unit: &Unit, conjugates: &Conjugates) -> State {
        let k = self.conjugates.len();
        let mut state = State { m: 0.0, b: 0.0, q: vec![0.0; k + 1], v: vec![0.0; k + 1] };
        let fixed = match unit {
            Unit::Fixed(teacher) => Some(*teacher),
            Unit::Fit(_) => None,
        };
        for (group, rows) in groups.iter().zip(&self.r) {
            let row = match unit {
                Unit::Fixed(_) => fixed_row(k),
                Unit::Fit(fit) => self.row(group, rows, fit, conjugates),
            };
            let m_hat = |l: usize| if l == k { conjugates.m_hat } else { self.conjugates[l].m_hat };
            let along = |row: &[f64]| row.iter().enumerate().map(|(l, r)| r * m_hat(l)).sum::<f64>();
            let mine = along(&row);
            state.m += group.weight * group.signal * mine;
            // Σ_l R_kl noise_lj, with noise the covariance of √Δ ζ
            let noise = |l: usize, j: usize| {
                let (high, low) = (l.max(j), l.min(j));
                let own = if high == k { &fixed } else { &self.fixed[high] };
                match own {
                    Some(teacher) if high == low => teacher.q - teacher.m * teacher.m,
                    Some(_) => 0.0,
                    None => {
                        let of = if high == k { conjugates } else { &self.conjugates[high] };
                        group.variance * of.q_hat[low]
                    }
                }
            };
            let carried: Vec<f64> =
                (0..=k).map(|j| row.iter().enumerate().map(|(l, r)| r * noise(l, j)).sum()).collect();
            for j in 0..=k {
                let other = if j == k { &row } else { &rows[j] };
                let spread: f64 = other.iter().zip(&carried).map(|(r, carried)| r * carried).sum();
                state.q[j] += group.weight * group.variance * (group.signal * mine * along(other) + spread);
                state.v[j] += group.weight * group.variance * row[j];
            }
        }
        state
    }

    /// (1/N) Σ w_ki w_ji of the next unit with every unit up to itself.
    pub fn plain_overlaps(&self, groups: &[Group], unit: &Unit, conjugates: &Conjugates) -> Vec<f64> {
        // the same sums with the variance of the features taken out, group by group
        let mut plain = vec![0.0; self.conjugates.len() + 1];
        for (group, rows) in groups.iter().zip(&self.r) {
            let alone = Self { r: vec![rows.clone()], conjugates: self.conjugates.clone(), fixed: self.fixed.clone() };
            let part = alone.overlaps(std::slice::from_ref(group), unit, conjugates);
            for (sum, q) in plain.iter_mut().zip(&part.q) {
                *sum += q / group.variance;
            }
        }
        plain
    }

    /// Adds the next unit.
    pub fn push(&mut self, groups: &[Group], unit: &Unit, conjugates: Conjugates) {
        let k = self.conjugates.len();
        for (g, group) in groups.iter().enumerate() {
            let row = match unit {
                Unit::Fixed(_) => fixed_row(k),
                Unit::Fit(fit) => self.row(group, &self.r[g], fit, &conjugates),
            };
            self.r[g].push(row);
        }
        self.fixed.push(match unit {
            Unit::Fixed(teacher) => Some(*teacher),
            Unit::Fit(_) => None,
        });
        self.conjugates.push(conjugates);
    }
}

fn fixed_row(k: usize) -> Vec<f64> {
    let mut row = vec![0.0; k + 1];
    row[k] = 1.0;
    row
}
