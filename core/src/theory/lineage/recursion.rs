//! The fixed point of one unit behind those solved before it: one sweep, and where to start.

use crate::model::lineage::Data;

use super::average::{Averages, averages};
use super::chain::{Chain, Member};
use super::groups::Group;
use super::panels::Rule;
use super::start::start;
use super::state::{Conjugates, Place, State};
use super::unit::{Fit, Unit, ancestors};
use super::weights::Weights;

/// A lineage as the recursion walks through it.
pub(super) struct Setup<'a> {
    pub data: &'a Data,
    pub units: &'a [Unit],
    pub groups: &'a [Group],
    /// The smallest temperature at which a unit's outputs are learned, 1 at most: a scale on which its field is read.
    pub finest: &'a [f64],
}

/// One unit's fixed point at one resolution.
pub(super) struct Problem<'a> {
    pub setup: &'a Setup<'a>,
    pub k: usize,
    pub fit: Fit,
    /// The units behind it, and whether each was trained on its data set.
    pub behind: Vec<usize>,
    pub trained: Vec<bool>,
    rows: Vec<Vec<f64>>,
    pub chain: Chain,
    pub weights: &'a Weights,
    pub rule: Rule,
    /// Whether dg/dω has delta functions, because hard labels jump.
    jumps: bool,
}

/// The bias moves by this at most in a sweep, in units of √Q, or by one.
const MOST_BIAS_STEP: f64 = 1.0;

impl<'a> Problem<'a> {
    /// The problem of unit k, a fit, behind units in the states given.
    pub fn new(setup: &'a Setup<'a>, k: usize, fit: Fit, solved: &[State], weights: &'a Weights, rule: Rule) -> Self {
        let units = setup.units;
        let behind = ancestors(units, k, fit.set);
        let trained: Vec<bool> = behind.iter().map(|&j| units[j].set() == Some(fit.set)).collect();
        let mut chain = Chain::labels(setup.data);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for (p, &j) in behind.iter().enumerate() {
            let member = Member::new(units, j, fit.set, &behind[..p], &rows, &solved[j], setup.finest[j]);
            rows.push(member.row.clone());
            chain = chain.extend(member, rule);
        }
        let jumps = fit.jumps()
            || behind.iter().any(|&j| matches!(units[j], Unit::Fit(other) if other.set == fit.set && other.jumps()));
        Self { setup, k, fit, behind, trained, rows, chain, weights, rule, jumps }
    }

    /// The unit itself as a member of the chain.
    pub fn member(&self, state: &State) -> Member {
        let finest = self.setup.finest[self.k];
        let mut member = Member::new(self.setup.units, self.k, self.fit.set, &self.behind, &self.rows, state, finest);
        member.fit = Some(self.fit);
        member
    }

    /// The conjugates of the unit at the given order parameters.
    pub fn conjugates(&self, state: &State) -> Conjugates {
        let member = self.member(state);
        let Averages { aligned, force, square, stiffness, shared, response, stein } =
            averages(&self.chain, &member, self.rule);
        let alpha = self.setup.data.alpha[self.fit.set];
        let response = if self.jumps { self.by_stein(&member, &stein, stiffness) } else { response };
        let mut q_hat = vec![0.0; self.k + 1];
        let mut c = vec![0.0; self.k];
        for (p, &j) in self.behind.iter().enumerate() {
            if self.trained[p] {
                q_hat[j] = alpha * shared[p];
            }
            c[j] = alpha * response[p];
        }
        q_hat[self.k] = alpha * square;
        Conjugates { m_hat: alpha * aligned, q_hat, kappa: alpha * stiffness, c, bias_force: alpha * force }
    }

    /// E[dg/dω_p] from E[ξ_a g] = Σ_{p ≥ a} L_pa E[dg/dω_p], jumps and all.
    fn by_stein(&self, member: &Member, stein: &[f64], stiffness: f64) -> Vec<f64> {
        let n = stein.len();
        let mut response = vec![0.0; n];
        for a in (0..n).rev() {
            let later: f64 = (a + 1..n).map(|p| self.rows[p][a] * response[p]).sum();
            response[a] = (stein[a] + member.row[a] * stiffness - later) / self.rows[a][a];
        }
        response
    }

    /// One sweep: overlaps → conjugates → overlaps.
    fn sweep(&self, state: &State, lambda: f64) -> State {
        let conjugates = self.conjugates(state);
        let fit = Unit::Fit(Fit { lambda, ..self.fit });
        let mut next = self.weights.overlaps(self.setup.groups, &fit, &conjugates);
        next.b = self.fit.bias.unwrap_or_else(|| {
            let most = MOST_BIAS_STEP * (1.0 + libm::sqrt(state.q[self.k]));
            state.b + (conjugates.bias_force / conjugates.kappa).clamp(-most, most)
        });
        next
    }

    fn place(&self) -> Place<'_> {
        Place { k: self.k, behind: &self.behind, trained: &self.trained, rows: &self.rows, scale: self.fit.scale() }
    }

    /// The sweep at a ridge, in coordinates.
    pub fn map(&self, x: &[f64], lambda: f64) -> Vec<f64> {
        self.coordinates(&self.sweep(&self.state(x), lambda))
    }

    /// The order parameters at x; those shared with units that are not behind this one are left 0.
    pub fn state(&self, x: &[f64]) -> State {
        self.place().state(x)
    }

    /// Coordinates of order parameters.
    pub fn coordinates(&self, state: &State) -> Vec<f64> {
        self.place().coordinates(state)
    }

    /// All order parameters at a fixed point: its own m, b, Q, V, and what the weights share with the units that are not behind it.
    pub fn complete(&self, state: &State, conjugates: &Conjugates) -> State {
        let mut complete = self.weights.overlaps(self.setup.groups, &Unit::Fit(self.fit), conjugates);
        for &j in self.behind.iter().chain([&self.k]) {
            (complete.q[j], complete.v[j]) =
                (state.q[j], if j == self.k || self.trained_on(j) { state.v[j] } else { complete.v[j] });
        }
        (complete.m, complete.b) = (state.m, state.b);
        complete
    }

    fn trained_on(&self, j: usize) -> bool {
        self.setup.units[j].set() == Some(self.fit.set)
    }

    /// Order parameters to start from at a ridge where nothing nearer is known.
    pub fn cold_start(&self, lambda: f64) -> State {
        let mut blank = State { m: 0.0, b: 0.0, q: vec![0.0; self.k + 1], v: vec![0.0; self.k + 1] };
        (blank.q[self.k], blank.v[self.k]) = (1.0, 1.0);
        let behind: Vec<(usize, f64)> = self
            .behind
            .iter()
            .map(|&j| match self.setup.units[j] {
                Unit::Fixed(_) => (j, 1.0),
                Unit::Fit(fit) => (j, fit.features),
            })
            .collect();
        let member = self.member(&blank);
        start(self.setup.data, &self.fit, lambda, self.k, &behind, &self.rows, &self.chain, &member)
    }

    /// Q_jj of a unit behind it.
    pub fn variance_of(&self, j: usize) -> f64 {
        let p = self.behind.iter().position(|&other| other == j);
        p.map_or(0.0, |p| self.rows[p].iter().map(|l| l * l).sum())
    }
}
