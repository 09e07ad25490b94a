//! A solved lineage linearised: how its units move with a parameter θ, by the implicit function theorem.
//!
//! ```text
//! x = F(x; θ, earlier units)      dx/dθ = (1 − ∂F/∂x)⁻¹ [∂F/∂θ + Σ_j ∂F/∂x_j dx_j/dθ]
//! ```
//!
//! Unit by unit, in their order: the bracket is the derivative of the residual F(x) − x at a fixed x while θ and all
//! earlier units move along their tangents. It is asked for again along the tangent that was found, where it must
//! vanish, so that no rounding of the Jacobian is left in the answer.

use super::fixed_point::{Map, size};
use super::ground::{Ground, Walk};
use super::jacobian::Jacobian;
use super::outcome::{Solved, fixed, placed, told};
use super::panels::Rule;
use super::recursion::Problem;
use super::state::State;
use super::stencil::{Care, Stencil};
use super::unit::Unit;

/// What is asked of displaced units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The order parameters of the last.
    State,
    /// What there is to tell but for what the samples say.
    Weights,
    /// All of it.
    Samples,
}

/// The units of a lineage at one rule, each with its residual and its Jacobian 1 − ∂F/∂x.
pub(super) struct Linearised<'a> {
    ground: &'a Ground<'a>,
    rule: Rule,
    solved: Vec<Solved>,
    asked: Asked,
    /// None where there is no equation to solve.
    local: Vec<Option<(Jacobian, Vec<f64>)>>,
}

/// Times that a tangent is put right.
const MOST_CORRECTIONS: usize = 6;
/// Correction of a tangent, relative to it, that is the last one needed, and the largest that leaves an answer.
const CORRECTED: f64 = 1e-5;
const ACCEPTED: f64 = 1e-3;
/// A tangent below this is rounding of what does not move.
const STILL: f64 = 1e-6;

impl<'a> Linearised<'a> {
    /// Linearises the units at the rule they were solved at; none where one has no Jacobian.
    pub fn new(ground: &'a Ground<'a>, rule: Rule, solved: &[Solved], asked: Asked) -> Option<Self> {
        let mut walk = Walk::new(ground);
        let mut local = Vec::new();
        for (k, unit) in ground.units.iter().enumerate() {
            let mut own = solved[k].clone();
            let equation = match unit {
                Unit::Fit(fit) => {
                    let setup = walk.setup(ground);
                    let problem = Problem::new(&setup, k, *fit, &walk.states, &walk.weights, ground.rule_of(k, rule));
                    if asked == Asked::Samples && own.samples.train_loss.is_nan() {
                        own = own.with_samples(&problem);
                    }
                    if own.x.is_empty() {
                        None
                    } else {
                        let of = |x: &[f64], lambda: f64| problem.map(x, lambda);
                        let mut map = Map::new(&of, fit.lambda, &problem.work, usize::MAX);
                        let residual = map.residual(&own.x)?;
                        Some((map.jacobian(&own.x, &residual)?, residual))
                    }
                }
                Unit::Fixed(_) => None,
            };
            local.push(equation);
            walk.push(ground, k, own);
        }
        Some(Self { ground, rule, solved: walk.solved, asked, local })
    }

    /// The units where they stand.
    pub fn solved(&self) -> &[Solved] {
        &self.solved
    }

    /// The units displaced along their tangents, for each of the lineages at the offsets of a stencil. None where a
    /// tangent cannot be had.
    pub fn displaced(&self, others: &[Ground<'_>], stencil: &Stencil) -> Option<Vec<Vec<Solved>>> {
        let mut walks: Vec<Walk> = others.iter().map(Walk::new).collect();
        let mut still = others.iter().all(|other| other.is_alike(self.ground));
        for k in 0..self.ground.units.len() {
            still = still && others.iter().all(|other| other.units[k] == self.ground.units[k]);
            let units: Vec<Solved> = if still {
                vec![self.solved[k].clone(); others.len()]
            } else {
                self.moved(k, others, &walks, stencil)?
            };
            for ((walk, other), unit) in walks.iter_mut().zip(others).zip(units) {
                walk.push(other, k, unit);
            }
        }
        Some(walks.into_iter().map(|walk| walk.solved).collect())
    }

    fn scale(&self, k: usize) -> f64 {
        match self.ground.units[k] {
            Unit::Fit(fit) => fit.scale(),
            Unit::Fixed(_) => 1.0,
        }
    }

    /// Unit k displaced along its tangent.
    fn moved(&self, k: usize, others: &[Ground<'_>], walks: &[Walk], stencil: &Stencil) -> Option<Vec<Solved>> {
        let setups: Vec<_> = walks.iter().zip(others).map(|(walk, other)| walk.setup(other)).collect();
        let mut problems = Vec::new();
        let mut given = Vec::new();
        for ((other, walk), setup) in others.iter().zip(walks).zip(&setups) {
            match other.units[k] {
                Unit::Fixed(teacher) => given.push(fixed(&other.groups, &walk.weights, teacher, k)),
                Unit::Fit(fit) => {
                    let rule = other.rule_of(k, self.rule);
                    let mut problem = Problem::new(setup, k, fit, &walk.states, &walk.weights, rule);
                    // the scale of a loss has a kink where labels and targets are of one temperature; coordinates must not
                    problem.scale = self.scale(k);
                    problems.push(problem);
                }
            }
        }
        if problems.is_empty() {
            return Some(given);
        }
        let is_last = k + 1 == self.ground.units.len();
        let told = |problem: &Problem<'_>, state: &State| match self.asked {
            Asked::State if is_last => placed(state.clone()),
            Asked::State | Asked::Weights => told(problem, state, 0.0),
            Asked::Samples => told(problem, state, 0.0).with_samples(problem),
        };
        let Some((jacobian, at_zero)) = &self.local[k] else {
            return problems.iter().map(|problem| problem.closed_form().map(|state| told(problem, &state))).collect();
        };
        let x = &self.solved[k].x;
        let along = |tangent: &[f64], offset: f64| -> Vec<f64> {
            x.iter().zip(tangent).map(|(x, slope)| x + offset * slope).collect()
        };
        let mut tangent = vec![0.0; x.len()];
        let mut left = f64::INFINITY;
        let corrections = match stencil.care {
            Care::Certified | Care::Plain => MOST_CORRECTIONS,
            Care::Rough => 1,
        };
        for _ in 0..corrections {
            let mut residuals = Vec::new();
            for (problem, &offset) in problems.iter().zip(&stencil.offsets) {
                let there = along(&tangent, offset);
                let image = problem.map(&there, problem.fit.lambda);
                residuals.push(image.iter().zip(&there).map(|(image, x)| image - x).collect::<Vec<f64>>());
            }
            let step = jacobian.solve(&stencil.slopes(at_zero, &residuals));
            tangent.iter_mut().zip(&step).for_each(|(slope, step)| *slope += step);
            left = size(&step) / (size(&tangent) + STILL);
            if left <= CORRECTED || !left.is_finite() {
                break;
            }
        }
        let rough = stencil.care == Care::Rough && left.is_finite();
        if !rough && (left > ACCEPTED || left.is_nan()) {
            return None;
        }
        let displaced = problems.iter().zip(&stencil.offsets);
        Some(displaced.map(|(problem, &offset)| told(problem, &problem.state(&along(&tangent, offset)))).collect())
    }
}
