//! The fixed point of a unit of which everything is affine, in closed form.

use crate::numerics::root;

use super::affine::settle;
use super::groups::Group;
use super::recursion::Problem;
use super::state::State;

impl Problem<'_> {
    /// Whether everything about it is affine, so that its fixed point is explicit.
    pub fn is_explicit(&self) -> bool {
        self.affine.is_some()
    }

    /// The fixed point, if everything about it is affine.
    pub fn closed_form(&self) -> Option<State> {
        self.affine.as_ref()?;
        let (k, lambda) = (self.k, self.fit.lambda);
        let mut state = State { m: 0.0, b: self.fit.bias.unwrap_or(0.0), q: vec![0.0; k + 1], v: vec![0.0; k + 1] };
        state.v[k] = self.susceptibility()?;
        // as one vector: V_k0…, then m, b, then Q_k0…
        let n = k + 1;
        let pack = |state: &State| [&state.v[..], &[state.m, state.b], &state.q[..]].concat();
        let unpack = |x: &[f64]| State { v: x[..n].to_vec(), m: x[n], b: x[n + 1], q: x[n + 2..].to_vec() };
        let sweep = |x: &[f64]| {
            let state = unpack(x);
            pack(&self.sweep_with(&state, lambda, f64::INFINITY))
        };
        let mut x = pack(&state);
        let on_set: Vec<usize> =
            self.behind.iter().zip(&self.trained).filter(|(_, trained)| **trained).map(|(&j, _)| j).collect();
        settle(&mut x, &on_set, sweep)?;
        let centre: &[usize] = if self.fit.bias.is_some() { &[n] } else { &[n, n + 1] };
        settle(&mut x, centre, sweep)?;
        let overlaps: Vec<usize> = self.behind.iter().chain([&k]).map(|j| n + 2 + j).collect();
        settle(&mut x, &overlaps, sweep)?;
        Some(unpack(&x)).filter(|state| state.q[k] > 0.0)
    }

    /// V of a quadratic loss: V = (1/N) Σ Δ_i/(λ + α Δ_i A/(1 + VA)) over the mask.
    pub fn susceptibility(&self) -> Option<f64> {
        let (alpha, lambda) = (self.setup.data.alpha[self.fit.set], self.fit.lambda);
        let held: Vec<&Group> = self.setup.groups.iter().filter(|group| group.within(self.fit.features)).collect();
        let curvature = self.fit.loss.quadratic()?.curvature;
        let gain = |v: f64| {
            let kappa = alpha * curvature / (1.0 + v * curvature);
            held.iter().map(|group| group.weight * group.variance / (lambda + kappa * group.variance)).sum::<f64>()
        };
        if curvature == 0.0 {
            return Some(gain(0.0));
        }
        // gain(V)/V falls with V, through 1 at the answer
        let excess = |log_v: f64| libm::log(gain(libm::exp(log_v))) - log_v;
        let most =
            1.0 + libm::log(held.iter().map(|group| group.weight * group.variance).sum::<f64>() / lambda.max(1e-300));
        let least = libm::log(gain(0.0)) - 1.0;
        root(excess, least, most.min(600.0), 1e-15).map(libm::exp)
    }
}
