//! The fixed point of a student trained on a teacher's outputs (and past the paper: Hebbian teachers).
//!
//! ```text
//! ω̃ = s m̃ + b̃ + √(Δq̃) z̃        h̃ = prox of the teacher's loss,  g̃ = (h̃ − ω̃)/Ṽ
//! ω = s m + b + √Δ (S/√q̃) z̃ + √(Δ(q − S²/q̃)) z + Δ δS g̃
//! h = prox_{Vℓ(·; h̃, y)}(ω),  g = −ℓ',  A = ∂²ℓ/∂h²,  B = ∂²ℓ/∂h∂h̃
//!
//! m̂ = αE[s g]   q̂ = αΔE[g²]   δq̂ = αΔE[A/(1+VA)]   Ŝ = αΔE[g g̃]   E[g] = 0 fixes b
//! δŜ = −αΔ E[(A/(1+VA)) Δ δS ∂g̃/∂ω̃ + (B/(1+VA)) ∂h̃/∂ω̃]
//!
//! D = λ + δq̂,  a = m̂ + δŜ m̃
//! m = η a/D    δq = η/D    q = η [a² + q̂ + 2 δŜ Ŝ δq̃ + (q̃ − m̃²) δŜ²]/D²
//! S = η [a m̃ + Ŝ δq̃ + (q̃ − m̃²) δŜ]/D    δS = δq δŜ δq̃
//! ```
//!
//! A teacher enters only through its overlaps and the nodes of its cavity field ([`TeacherField`]), so
//! teachers that no logistic regression trained, one independent of the data and one Hebbian on the
//! same data, use the same equations.

use crate::model::{Loss, Mixture, Student, Target};
use crate::numerics::FixedPoint;
use crate::numerics::quadrature::Resolution;

use super::average::{Forces, Integrand, Samples};
use super::budget::Budget;
use super::proximal::CavityField;
use super::teacher::{Logistic, SOLVER, Solved, coordinates, from_coordinates};
use super::teacher_field::{TeacherField, TeacherNode};
use super::{Conjugates, CrossConjugates, CrossOverlaps, Overlaps};

/// A student and the labels it sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distilled {
    /// The data.
    pub mixture: Mixture,
    /// The student.
    pub student: Student,
}

/// All order parameters of a distilled student.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentOverlaps {
    /// Its own.
    pub own: Overlaps,
    /// Those it shares with the teacher.
    pub cross: CrossOverlaps,
}

/// q − S²/q̃ is kept above this fraction of q: at η = 1 a perfect copy reaches 0.
const FREE_FRACTION: f64 = 1e-14;
/// |z| down to which the student's field is visited however far out the teacher's is.
const LEAST_CUT: f64 = 1.0;

/// The student's cavity fields behind the nodes of its teacher's.
struct Behind<'a> {
    problem: &'a Distilled,
    at: &'a StudentOverlaps,
    teacher: &'a TeacherField,
    cut: f64,
    budget: Option<&'a Budget>,
}

impl Samples for Behind<'_> {
    fn count(&self) -> usize {
        self.teacher.nodes.len()
    }

    /// Both Gaussian variables together are cut at a circle.
    fn sample(&self, i: usize) -> (CavityField, f64) {
        let node = &self.teacher.nodes[i];
        let left = self.cut * self.cut - node.z * node.z;
        (self.problem.field(self.at, self.teacher, node), left.max(LEAST_CUT * LEAST_CUT).sqrt())
    }

    fn budget(&self) -> Option<&Budget> {
        self.budget
    }
}

impl Distilled {
    /// The student's cavity field behind one node of the teacher's.
    fn field(&self, at: &StudentOverlaps, teacher: &TeacherField, node: &TeacherNode) -> CavityField {
        let delta = self.mixture.delta;
        let StudentOverlaps { own, cross } = at;
        // a teacher of zero weights has no direction to lie along
        let (along, shared) = match teacher.overlaps.q {
            0.0 => (0.0, 0.0),
            q_t => (cross.s / q_t.sqrt(), cross.s * cross.s / q_t),
        };
        let free = (own.q - shared).max(FREE_FRACTION * own.q);
        CavityField {
            mean: node.s * own.m + own.b + delta.sqrt() * along * node.z + delta * cross.ds * node.g,
            width: (delta * free).sqrt(),
            v: own.v,
            loss: Loss::distillation(self.student.chi, self.student.temperature),
            label: Target::label(node.s, 0.0),
            teacher: node.h,
        }
    }

    /// E[f] over the student's field behind each node of the teacher's.
    pub(super) fn average<const K: usize>(
        &self,
        at: &StudentOverlaps,
        teacher: &TeacherField,
        (resolution, budget): (Resolution, Option<&Budget>),
        integrand: impl Integrand<K>,
        mut take: impl FnMut(&TeacherNode, [f64; K]),
    ) {
        let behind = Behind { problem: self, at, teacher, cut: resolution.cut, budget };
        behind.average(resolution.step, integrand, |i, values| take(&teacher.nodes[i], values));
    }

    /// The averages over both cavity fields.
    #[must_use]
    pub fn conjugates(
        &self,
        at: &StudentOverlaps,
        teacher: &TeacherField,
        resolution: Resolution,
    ) -> (Conjugates, CrossConjugates) {
        self.conjugates_within(at, teacher, resolution, None)
    }

    fn conjugates_within(
        &self,
        at: &StudentOverlaps,
        teacher: &TeacherField,
        resolution: Resolution,
        budget: Option<&Budget>,
    ) -> (Conjugates, CrossConjugates) {
        let Mixture { alpha, delta, .. } = self.mixture;
        let loss = Loss::distillation(self.student.chi, self.student.temperature);
        let (mut force, mut bias, mut square, mut stiffness) = (0.0, 0.0, 0.0, 0.0);
        let (mut shared, mut response) = (0.0, 0.0);
        self.average(at, teacher, (resolution, budget), Forces, |outer, [g, g_square, stiff, inner_response]| {
            let weight = outer.weight;
            force += weight * outer.s * g;
            bias += weight * g;
            square += weight * g_square;
            stiffness += weight * stiff;
            shared += weight * g * outer.g;
            response += weight
                * (stiff * delta * at.cross.ds * outer.g_response
                    + loss.cross_curvature(outer.h) * inner_response * outer.h_response);
        });
        let own = Conjugates {
            m_hat: alpha * force,
            q_hat: alpha * delta * square,
            dq_hat: alpha * delta * stiffness,
            bias_force: alpha * bias,
        };
        (own, CrossConjugates { s_hat: alpha * delta * shared, ds_hat: -alpha * delta * response })
    }

    /// The weights' side: conjugates → overlaps.
    #[must_use]
    pub fn overlaps(
        &self,
        own: &Conjugates,
        cross: &CrossConjugates,
        teacher: &TeacherField,
        b: f64,
    ) -> StudentOverlaps {
        let Mixture { eta, delta, .. } = self.mixture;
        let Overlaps { m: m_t, q: q_t, .. } = teacher.overlaps;
        let CrossConjugates { s_hat, ds_hat } = *cross;
        let d = self.student.lambda + own.dq_hat;
        let a = own.m_hat + ds_hat * m_t;
        let spread = (q_t - m_t * m_t) * ds_hat;
        let variance = a * a + own.q_hat + 2.0 * ds_hat * s_hat * teacher.response + spread * ds_hat;
        StudentOverlaps {
            own: Overlaps {
                m: eta * a / d,
                q: eta * variance / (d * d),
                v: delta * eta / d,
                b: b + delta * own.bias_force / own.dq_hat,
            },
            cross: CrossOverlaps {
                s: eta * (a * m_t + s_hat * teacher.response + spread) / d,
                ds: eta / d * ds_hat * teacher.response,
            },
        }
    }

    /// One sweep: overlaps → conjugates → overlaps; not a number once the budget is spent.
    fn sweep(
        &self,
        at: &StudentOverlaps,
        teacher: &TeacherField,
        resolution: Resolution,
        budget: Option<&Budget>,
    ) -> StudentOverlaps {
        let (own, cross) = self.conjugates_within(at, teacher, resolution, budget);
        let next = self.overlaps(&own, &cross, teacher, at.own.b);
        match budget.is_some_and(Budget::is_spent) {
            true => StudentOverlaps { own: Overlaps { m: f64::NAN, ..next.own }, ..next },
            false => next,
        }
    }

    /// Order parameters to start from where nothing nearer is known: the Bayes-optimal ones, overlapping
    /// with the teacher as two estimates of v do.
    #[must_use]
    pub fn cold_start(&self, teacher: &TeacherField) -> StudentOverlaps {
        let Student { lambda, .. } = self.student;
        let own = Logistic { mixture: self.mixture, lambda, epsilon: 0.0 }.cold_start();
        let correlation = 0.7 * self.mixture.eta.sqrt();
        StudentOverlaps { own, cross: CrossOverlaps { s: correlation * (own.q * teacher.overlaps.q).sqrt(), ds: 0.0 } }
    }

    /// The fixed point from `start`, or the best point that the budget reaches.
    #[must_use]
    pub fn solve(
        &self,
        start: &StudentOverlaps,
        teacher: &TeacherField,
        resolution: Resolution,
        budget: &Budget,
    ) -> Solved<StudentOverlaps> {
        let (delta, q_t) = (self.mixture.delta, teacher.overlaps.q);
        let FixedPoint { x, iterations, .. } = SOLVER.solve(student_coordinates(start, delta, q_t), |x| {
            let at = student_from_coordinates(x, delta, q_t);
            student_coordinates(&self.sweep(&at, teacher, resolution, Some(budget)), delta, q_t)
        });
        let at = student_from_coordinates(&x, delta, q_t);
        let residual = at.relative_difference(&self.sweep(&at, teacher, resolution, None));
        Solved { at, residual, iterations }
    }
}

/// Largest |S|/√(qq̃) a coordinate may stand for.
const CORRELATION_CUT: f64 = 1.0 - 1e-12;

/// (m/√q, log q, log V, b/√q, δS/δq, atanh(S/√(qq̃))).
fn student_coordinates(at: &StudentOverlaps, delta: f64, q_t: f64) -> [f64; 6] {
    let [m, q, v, b] = coordinates(&at.own);
    let correlation = if q_t == 0.0 { 0.0 } else { at.cross.s / (at.own.q * q_t).sqrt() };
    [m, q, v, b, at.cross.ds * delta / at.own.v, correlation.clamp(-CORRELATION_CUT, CORRELATION_CUT).atanh()]
}

/// Inverse of [`student_coordinates`].
fn student_from_coordinates(x: &[f64; 6], delta: f64, q_t: f64) -> StudentOverlaps {
    let own = from_coordinates(&[x[0], x[1], x[2], x[3]]);
    let cross = CrossOverlaps { s: x[5].tanh() * (own.q * q_t).sqrt(), ds: x[4] * own.v / delta };
    StudentOverlaps { own, cross }
}

impl StudentOverlaps {
    /// Largest relative difference of an order parameter between two solutions.
    #[must_use]
    pub fn relative_difference(&self, other: &Self) -> f64 {
        self.own.relative_difference(&other.own).max(self.cross.relative_difference(&other.cross))
    }
}
