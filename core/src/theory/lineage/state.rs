//! The order parameters and conjugates of one unit, and the coordinates its fixed point is sought in.

/// The order parameters of unit k: with q_j = (1/N) Σ Δ_i w_ki w_ji and v_j for every unit j ≤ k.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct State {
    pub m: f64,
    pub b: f64,
    pub q: Vec<f64>,
    pub v: Vec<f64>,
}

/// The conjugates of unit k: q_hat and c for every unit, 0 for those on other data sets.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Conjugates {
    /// m̂ = α E[s g].
    pub m_hat: f64,
    /// q̂_j = α E[g g_j], j ≤ k.
    pub q_hat: Vec<f64>,
    /// κ = −α E[∂g/∂ω].
    pub kappa: f64,
    /// c_j = α E[dg/dω_j], j < k.
    pub c: Vec<f64>,
    /// α E[g], which a trained bias brings to 0.
    pub bias_force: f64,
}

/// Below this share of Q_kk, what is left of it beside earlier units is rounding.
const FREE_FRACTION: f64 = 1e-14;
/// Correlations are softened by this in their coordinate, or the rounding of a correlation of one would grow
/// without bound there. Nearer to one the coordinate is linear in what is missing, as everything is that feels it.
const SOFTENING: f64 = 1e-6;

/// The row of the Cholesky factor of Q that belongs to a unit with overlaps `q` (those with the units behind
/// it, then its own), behind the rows of those.
pub(super) fn cholesky_row(rows: &[Vec<f64>], q: &[f64]) -> Vec<f64> {
    let n = rows.len();
    let own = q[n];
    let mut row: Vec<f64> = Vec::with_capacity(n + 1);
    let mut free = own;
    for a in 0..n {
        let along: f64 = (0..a).map(|b| row[b] * rows[a][b]).sum();
        // no more than all of what is left, which rounding could ask for
        let most = libm::sqrt(free.max(0.0));
        let value = ((q[a] - along) / rows[a][a]).min(most).max(-most);
        free -= value * value;
        row.push(value);
    }
    row.push(libm::sqrt(free.max(FREE_FRACTION * own)));
    row
}

/// Where unit k stands among the units `behind` it, of whose V only those `trained` on its data set count.
pub(super) struct Place<'a> {
    pub k: usize,
    pub behind: &'a [usize],
    pub trained: &'a [bool],
    /// The Cholesky rows of the units behind.
    pub rows: &'a [Vec<f64>],
    /// The scale in h of its loss.
    pub scale: f64,
}

impl Place<'_> {
    /// b in units of this: it grows with √Q near separability and is left alone by a Q below the loss's scale.
    fn bias_unit(&self, own: f64) -> f64 {
        libm::sqrt(own + self.scale * self.scale)
    }

    /// The units behind that were trained on its data set.
    fn on_set(&self) -> impl Iterator<Item = usize> {
        self.behind.iter().zip(self.trained).filter(|(_, trained)| **trained).map(|(&j, _)| j)
    }

    /// (m/√Q, ln Q, ln V, b/√(Q + scale²), asinh(V_kj/V_kk)…, softened atanh of the partial correlations…).
    pub fn coordinates(&self, state: &State) -> Vec<f64> {
        let (own, own_v) = (state.q[self.k], state.v[self.k]);
        let mut x = vec![state.m / libm::sqrt(own), libm::log(own), libm::log(own_v), state.b / self.bias_unit(own)];
        x.extend(self.on_set().map(|j| libm::asinh(state.v[j] / own_v)));
        let overlaps: Vec<f64> = self.behind.iter().map(|&j| state.q[j]).chain([own]).collect();
        let row = cholesky_row(self.rows, &overlaps);
        let mut free = own;
        for along in &row[..self.behind.len()] {
            let partial = (along / libm::sqrt(free.max(FREE_FRACTION * own))).clamp(-1.0, 1.0);
            x.push(libm::atanh(partial * (1.0 - SOFTENING)));
            free -= along * along;
        }
        x
    }

    /// Inverse of [`Place::coordinates`]; overlaps with units that are not behind k are 0.
    pub fn state(&self, x: &[f64]) -> State {
        let (k, own) = (self.k, libm::exp(x[1]));
        let b = x[3] * self.bias_unit(own);
        let mut state = State { m: x[0] * libm::sqrt(own), b, q: vec![0.0; k + 1], v: vec![0.0; k + 1] };
        state.q[k] = own;
        state.v[k] = libm::exp(x[2]);
        let mut at = 4;
        for j in self.on_set() {
            state.v[j] = libm::sinh(x[at]) * state.v[k];
            at += 1;
        }
        let mut row: Vec<f64> = Vec::with_capacity(self.behind.len());
        let mut free = own;
        for (a, &j) in self.behind.iter().enumerate() {
            let partial = (libm::tanh(x[at + a]) / (1.0 - SOFTENING)).clamp(-1.0, 1.0);
            let along = partial * libm::sqrt(free.max(0.0));
            free -= along * along;
            row.push(along);
            state.q[j] = (0..=a).map(|b| row[b] * self.rows[a][b]).sum();
        }
        state
    }
}
