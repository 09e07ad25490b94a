//! Students that end without weights: w = 0.
//!
//! The hinge loss between unequal classes may leave w = 0 and b = ±1: the larger class then lies on its margin, where its
//! samples push as hard as it takes to hold those of the other, and no ridge has a part in it. And hard labels of a source
//! that stands far to one side of 0 are all the same, as are all targets of a source without weights.
//!
//! Near the first everything is linear in |w|. With √Q held at a vanishing size the ratios of the other order parameters to
//! it have a fixed point of their own, and w = 0 is the minimum if a sweep from there makes √Q smaller.

use crate::model::bayes::gaussian_tail;

use super::certificate::FLOOR;
use super::fixed_point::{Map, anderson, newton, size};
use super::outcome::NOTHING;
use super::recursion::Problem;
use super::state::State;
use super::unit::Unit;

/// ln Q at which it is asked.
const LN_Q: f64 = -28.0;
/// ln V/√Q to begin with: most samples of the larger class are off the margin, to the one side or the other.
const LN_RATIO: f64 = -2.0;
/// Sweeps and Newton steps to the ratios, how near they are to be, and the change of ln Q that tells.
const SWEEPS: usize = 30;
const STEPS: usize = 40;
const NEAR: f64 = 1e-3;
const CLEAR: f64 = 1e-2;
/// Places of ln Q and ln V among the coordinates.
const Q: usize = 1;
const V: usize = 2;

/// A state next to w = 0, if that is where the unit ends.
pub(super) fn collapsed(problem: &Problem<'_>, most: usize) -> Option<State> {
    let mut x = problem.coordinates(&problem.cold_start(problem.fit.lambda));
    (x[V], x[Q]) = (0.5 * LN_Q + LN_RATIO, LN_Q);
    let held = |x: &[f64], lambda: f64| {
        let mut image = problem.map(x, lambda);
        (image[V], image[Q]) = (image[V] - 0.5 * (image[Q] - LN_Q), LN_Q);
        image
    };
    let mut map = Map::new(&held, problem.fit.lambda, &problem.work, most);
    let (best, _) = anderson(&mut map, &x, NEAR, SWEEPS);
    let (reached, ..) = newton(&mut map, &best?.x, None, NEAR, STEPS);
    let found = reached.filter(|reached| size(&reached.residual) <= NEAR)?;
    let shrinks = problem.map(&found.x, problem.fit.lambda)[Q] - LN_Q < -CLEAR;
    shrinks.then(|| problem.state(&found.x))
}

/// What a unit ends at whose hard labels are all the same.
pub(super) enum OneLabel {
    /// A bias beside next to no weights, and by how much it may be off, relative to the least that is told apart.
    Bias(State, f64),
    /// Nowhere: the further out its bias, the better.
    Nowhere,
}

impl Problem<'_> {
    /// Whether all it learns from is a source without weights.
    pub fn learns_a_constant(&self) -> bool {
        self.fit.lesson.is_some_and(|lesson| {
            lesson.chi == 1.0 && matches!(self.setup.units[lesson.from], Unit::Fixed(teacher) if teacher.q == NOTHING)
        })
    }

    /// The end of a unit that learns nothing but hard labels which are all the same within the reach of its averages.
    pub fn of_one_label(&self) -> Option<OneLabel> {
        let lesson = self.fit.lesson.filter(|lesson| self.fit.jumps() && lesson.chi == 1.0)?;
        let place = self.behind.iter().position(|&j| j == lesson.from).filter(|_| self.fit.bias.is_none())?;
        let mut signs = self.chain.rows().map(|row| row[self.chain.layout.h(place)] > 0.0);
        let first = signs.next()?;
        if signs.any(|sign| sign != first) {
            return None;
        }
        let Some((law, v)) = self.fit.loss.quadratic().and_then(|law| Some((law.asked()?, self.susceptibility()?)))
        else {
            return Some(OneLabel::Nowhere);
        };
        let nothing = vec![0.0; self.k + 1];
        let mut state = State { m: 0.0, b: if first { law } else { -law }, q: nothing.clone(), v: nothing };
        (state.q[self.k], state.v[self.k]) = (NOTHING, v);
        Some(OneLabel::Bias(state, gaussian_tail(self.rule.cut) / FLOOR))
    }
}
