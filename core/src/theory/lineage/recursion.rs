//! The fixed point of one unit behind those solved before it: one sweep, and where to start.

use std::cell::{Cell, RefCell};

use crate::model::lineage::Data;

use super::affine::{AffineChain, is_affine};
use super::average::{Ahead, Averages, ahead, averages};
use super::bias::{balanced, balances, is_symmetric};
use super::chain::Chain;
use super::groups::Group;
use super::in_sample::in_sample;
use super::member::Member;
use super::panels::{Reader, Rule};
use super::solution::InSample;
use super::start::{Behind, start};
use super::state::{Conjugates, Place, State};
use super::unit::{Fit, Unit, ancestors};
use super::weights::Weights;

/// A lineage as the recursion walks through it.
pub(super) struct Setup<'a> {
    pub data: &'a Data,
    pub units: &'a [Unit],
    pub groups: &'a [Group],
    /// How the outputs of each unit are read, if they are: at the finest scale and with the largest V of all its readers.
    pub readers: &'a [Option<Reader>],
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
    /// The fields behind it; labels alone where they are affine.
    pub chain: Chain,
    pub affine: Option<AffineChain>,
    ahead: Vec<Ahead>,
    pub weights: &'a Weights,
    pub rule: Rule,
    /// Panels its averages have taken.
    pub work: Cell<usize>,
    last: RefCell<Option<(State, Conjugates)>>,
    /// The scale in h of its coordinates.
    pub scale: f64,
    /// Whether a sweep is taken from the bias at which E[g] = 0.
    balances: bool,
    /// Whether dg/dω has delta functions, because hard labels jump.
    jumps: bool,
}

/// Newton steps of the bias are damped from this size on, in units of √Q and the scale of the loss.
const MOST_BIAS_STEP: f64 = 1.0;
/// Work of making a node, in panels.
const NODE_WORK: usize = 4;

impl<'a> Problem<'a> {
    /// The problem of unit k, a fit, behind units in the states given.
    pub fn new(setup: &'a Setup<'a>, k: usize, fit: Fit, solved: &[State], weights: &'a Weights, rule: Rule) -> Self {
        let units = setup.units;
        let behind = ancestors(units, k, fit.set);
        let trained: Vec<bool> = behind.iter().map(|&j| units[j].set() == Some(fit.set)).collect();
        let mut chain = Chain::labels(setup.data);
        let mut rows: Vec<Vec<f64>> = Vec::new();
        let mut affine = is_affine(units, &fit, &behind).then(|| AffineChain::new(setup.data));
        for (p, &j) in behind.iter().enumerate() {
            let member = Member::new(units, j, fit.set, &behind[..p], &rows, &solved[j], setup.readers[j]);
            rows.push(member.row.clone());
            match affine.take() {
                Some(fields) => {
                    let q = behind[..=p].iter().map(|&i| solved[j].q[i]).collect();
                    affine = Some(fields.extend(&member, q));
                }
                None => chain = chain.extend(member, rule),
            }
        }
        let jumps = fit.jumps()
            || behind.iter().any(|&j| matches!(units[j], Unit::Fit(other) if other.set == fit.set && other.jumps()));
        let place = fit.lesson.and_then(|lesson| behind.iter().position(|&j| j == lesson.from));
        let ahead = ahead(&chain, &fit, place, rule);
        let source = place.map(|p| libm::sqrt(rows[p].iter().map(|l| l * l).sum()));
        // a node is as much work to make as a few panels are
        let work = Cell::new(NODE_WORK * chain.count());
        Self {
            setup,
            k,
            fit,
            behind,
            trained,
            rows,
            chain,
            affine,
            ahead,
            weights,
            rule,
            work,
            last: RefCell::default(),
            scale: fit.scale(),
            balances: balances(&fit, source),
            jumps,
        }
    }

    /// Its overlaps with the units behind it, then its own.
    fn overlaps_behind(&self, state: &State) -> Vec<f64> {
        self.behind.iter().chain([&self.k]).map(|&j| state.q[j]).collect()
    }

    /// The mean of its loss over the samples, and how near it comes to its source there.
    pub fn in_sample(&self, state: &State) -> InSample {
        let member = self.member(state);
        match &self.affine {
            Some(fields) => {
                InSample { train_loss: fields.mean_loss(&member, self.overlaps_behind(state)), imitation: None }
            }
            None => in_sample(&self.chain, &member, self.rule),
        }
    }

    /// The unit itself as a member of the chain.
    pub fn member(&self, state: &State) -> Member {
        // its own averages do not care who reads it
        Member::new(self.setup.units, self.k, self.fit.set, &self.behind, &self.rows, state, None)
    }

    /// The conjugates of the unit at the given order parameters; those asked for last are remembered.
    pub fn conjugates(&self, state: &State) -> Conjugates {
        let remembered = self.last.borrow().as_ref().filter(|(known, _)| known == state).map(|(_, told)| told.clone());
        remembered.unwrap_or_else(|| {
            let conjugates = self.averaged(state);
            self.last.replace(Some((state.clone(), conjugates.clone())));
            conjugates
        })
    }

    fn averaged(&self, state: &State) -> Conjugates {
        let member = self.member(state);
        let Averages { aligned, force, square, stiffness, shared, response, stein, panels } = match &self.affine {
            Some(fields) => fields.averages(&member, self.overlaps_behind(state)),
            None => averages(&self.chain, &member, &self.ahead),
        };
        self.work.set(self.work.get() + panels);
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
    pub fn sweep(&self, state: &State, lambda: f64) -> State {
        self.sweep_with(state, lambda, MOST_BIAS_STEP * (self.fit.scale() + libm::sqrt(state.q[self.k])))
    }

    /// One sweep in which a bias that would move by far more than `most` moves logarithmically less.
    pub fn sweep_with(&self, state: &State, lambda: f64, most: f64) -> State {
        if self.balances {
            return self.sweep_balanced(state, lambda);
        }
        let conjugates = self.conjugates(state);
        let fit = Unit::Fit(Fit { lambda, ..self.fit });
        let mut next = self.weights.overlaps(self.setup.groups, &fit, &conjugates);
        next.b = self.fit.bias.unwrap_or_else(|| state.b + self.bias_step(&conjugates, state.b, most));
        next
    }

    /// One sweep from the bias at which E[g] = 0.
    fn sweep_balanced(&self, state: &State, lambda: f64) -> State {
        let at = |b: f64| self.conjugates(&State { b, ..state.clone() });
        let force = |b: f64| {
            let conjugates = at(b);
            (conjugates.bias_force, conjugates.kappa)
        };
        let b = match is_symmetric(self.setup.data, self.setup.units, self.k) {
            true => 0.0,
            false => balanced(force, state.b, self.fit.scale() + libm::sqrt(state.q[self.k])),
        };
        let fit = Unit::Fit(Fit { lambda, ..self.fit });
        State { b, ..self.weights.overlaps(self.setup.groups, &fit, &at(b)) }
    }

    fn place(&self) -> Place<'_> {
        Place { k: self.k, behind: &self.behind, trained: &self.trained, rows: &self.rows, scale: self.scale }
    }

    /// The sweep at a ridge, in coordinates.
    pub fn map(&self, x: &[f64], lambda: f64) -> Vec<f64> {
        self.coordinates(&self.sweep(&self.state(x), lambda))
    }

    /// How many coordinates there are.
    pub fn coordinate_count(&self) -> usize {
        4 + self.trained.iter().filter(|trained| **trained).count() + self.behind.len()
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
        let mut state = start(
            self.setup.data,
            &self.fit,
            lambda,
            &Behind { k: self.k, units: &behind, rows: &self.rows },
            &self.chain,
            &member,
        );
        if self.fit.bias.is_none() {
            self.balance(&mut state);
        }
        state
    }

    /// Q_jj of a unit behind it.
    pub fn variance_of(&self, j: usize) -> f64 {
        let p = self.behind.iter().position(|&other| other == j);
        p.map_or(0.0, |p| self.rows[p].iter().map(|l| l * l).sum())
    }
}
