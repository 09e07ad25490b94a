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
/// without bound there.
const SOFTENING: f64 = 1e-9;

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
        let value = ((q[a] - along) / rows[a][a]).clamp(-most, most);
        free -= value * value;
        row.push(value);
    }
    row.push(libm::sqrt(free.max(FREE_FRACTION * own)));
    row
}

/// (m/√Q, ln Q, ln V, b/√Q, V_kj/V_kk…, softened atanh of the partial correlations…) over the units `behind`,
/// of whose V only those `trained` on the same data set count.
pub(super) fn coordinates(state: &State, k: usize, behind: &[usize], trained: &[bool], rows: &[Vec<f64>]) -> Vec<f64> {
    let norm = libm::sqrt(state.q[k]);
    let mut x = vec![state.m / norm, libm::log(state.q[k]), libm::log(state.v[k]), state.b / norm];
    x.extend(behind.iter().zip(trained).filter(|(_, trained)| **trained).map(|(&j, _)| state.v[j] / state.v[k]));
    let overlaps: Vec<f64> = behind.iter().map(|&j| state.q[j]).chain([state.q[k]]).collect();
    let row = cholesky_row(rows, &overlaps);
    let mut free = state.q[k];
    for along in &row[..behind.len()] {
        let partial = (along / libm::sqrt(free.max(FREE_FRACTION * state.q[k]))).clamp(-1.0, 1.0);
        x.push(libm::atanh(partial * (1.0 - SOFTENING)));
        free -= along * along;
    }
    x
}

/// Inverse of [`coordinates`]; overlaps with units that are not behind k are 0.
pub(super) fn from_coordinates(x: &[f64], k: usize, behind: &[usize], trained: &[bool], rows: &[Vec<f64>]) -> State {
    let own = libm::exp(x[1]);
    let norm = libm::sqrt(own);
    let mut state = State { m: x[0] * norm, b: x[3] * norm, q: vec![0.0; k + 1], v: vec![0.0; k + 1] };
    state.q[k] = own;
    state.v[k] = libm::exp(x[2]);
    let mut at = 4;
    for (&j, _) in behind.iter().zip(trained).filter(|(_, trained)| **trained) {
        state.v[j] = x[at] * state.v[k];
        at += 1;
    }
    let mut row: Vec<f64> = Vec::with_capacity(behind.len());
    let mut free = own;
    for (a, &j) in behind.iter().enumerate() {
        let partial = (libm::tanh(x[at + a]) / (1.0 - SOFTENING)).clamp(-1.0, 1.0);
        let along = partial * libm::sqrt(free.max(0.0));
        free -= along * along;
        row.push(along);
        state.q[j] = (0..=a).map(|b| row[b] * rows[a][b]).sum();
    }
    state
}
