//! An oracle that is no quadrature of ours: the averages of a distilled student on a dense product grid of plain
//! Gauss–Legendre panels, at a point where rules that agree with themselves have been wrong.
//!
//! Just below the teacher's separability its susceptibility is some 660, and the student of its outputs bends where the
//! teacher does. At the fixed point the conjugates are the averages, whatever rule gives them.

use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::solve;

/// Nodes and weights of the four-point Gauss–Legendre rule on (−1, 1).
const RULE: [(f64, f64); 4] = [
    (-0.861_136_311_594_052_6, 0.347_854_845_137_453_85),
    (-0.339_981_043_584_856_26, 0.652_145_154_862_546_1),
    (0.339_981_043_584_856_26, 0.652_145_154_862_546_1),
    (0.861_136_311_594_052_6, 0.347_854_845_137_453_85),
];

/// Nodes and weights on panels of one length, from `low` to `high`.
fn panels(low: f64, high: f64, length: f64) -> impl Iterator<Item = (f64, f64)> {
    let count = ((high - low) / length).ceil() as usize;
    let half = 0.5 * (high - low) / count as f64;
    (0..count).flat_map(move |panel| {
        let middle = low + (2 * panel + 1) as f64 * half;
        RULE.map(|(place, weight)| (middle + half * place, half * weight))
    })
}

fn sigma(h: f64) -> f64 {
    1.0 / (1.0 + (-h).exp())
}

fn density(z: f64) -> f64 {
    0.398_942_280_401_432_7 * (-0.5 * z * z).exp()
}

#[test]
fn the_student_below_its_teachers_threshold_is_a_fixed_point_of_the_plain_averages() {
    let (alpha, rho) = (4.75, 0.2);
    let mixture = Mixture { alpha, eta: 0.5, delta: 1.0, rho };
    let solution = solve(&Lineage::distilled(&mixture, 1e-5, 0.0, 1e-5, 1.0, 1.0)).expect("a lineage of its domain");
    let [teacher, student] = &solution.stages[..] else { panic!("two stages") };
    let (q_t, q, cross) = (teacher.overlaps[0], student.overlaps[1], student.overlaps[0]);
    let (v_t, v, response) = (teacher.v, student.v, student.susceptibilities[0]);
    let width = (q - cross * cross / q_t).sqrt();
    // E[1], E[s g], E[g²], E[A/(1+VA)], E[g], E[g g̃]
    let mut sums = [0.0; 6];
    for (s, share) in [(1.0, rho), (-1.0, 1.0 - rho)] {
        let label = 0.5 * (s + 1.0);
        let bend = panels(-80.0, 80.0, 0.25);
        for (h_t, dh_t) in panels(-1900.0, -80.0, 2.0).chain(bend).chain(panels(80.0, 1900.0, 2.0)) {
            let soft = sigma(h_t);
            let g_t = label - soft;
            let z_t = (h_t - v_t * g_t - s * teacher.m - teacher.b) / q_t.sqrt();
            if z_t.abs() > 9.0 {
                continue;
            }
            let outer = share * dh_t * density(z_t) * (1.0 + v_t * soft * (1.0 - soft)) / q_t.sqrt();
            let mean = s * student.m + student.b + cross / q_t.sqrt() * z_t + response * g_t;
            let reach = 8.0 * width + v;
            for (h, dh) in panels(mean - reach, mean + reach, 0.5) {
                let (p, g) = (sigma(h), soft - sigma(h));
                let curvature = p * (1.0 - p);
                let z = (h - v * g - mean) / width;
                let weight = outer * dh * density(z) * (1.0 + v * curvature) / width;
                let terms = [1.0, s * g, g * g, curvature / (1.0 + v * curvature), g, g * g_t];
                for (sum, term) in sums.iter_mut().zip(terms) {
                    *sum += weight * term;
                }
            }
        }
    }
    let [one, signal, noise, stiffness, bias, shared] = sums;
    let near = |what: &str, plain: f64, told: f64| {
        assert!((plain - told).abs() < 1e-9, "{what}: {plain} by plain averages, {told} told");
    };
    near("the whole weight", one, 1.0);
    near("m̂", alpha * signal, student.m_hat);
    near("q̂ with the teacher", alpha * shared, student.q_hat[0]);
    near("q̂", alpha * noise, student.q_hat[1]);
    near("κ", alpha * stiffness, student.kappa);
    near("E[g]", bias, 0.0);
}
