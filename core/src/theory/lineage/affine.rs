//! Lineages of quadratic losses, in closed form: every g and h is affine in y and the ω of its ancestors.
//!
//! ```text
//! g_k = a_k y + Σ_{l ≤ k} D_kl ω_l        h_k = e_k y + Σ_{l ≤ k} F_kl ω_l        ω_l = s m_l + b_l + G_l
//! ```
//!
//! So averages are sums over the labels and products with Q, and after V_kk, which one equation in one unknown
//! fixes, the rest of a unit's order parameters is a sequence of linear equations: V_kj, then m and b, then Q_kj.

use crate::model::lineage::{Data, Quadratic, TargetKind};

use super::average::Averages;
use super::jacobian::Jacobian;
use super::member::Member;
use super::unit::{Fit, Unit};

/// An affine function of y and of the ω of the members of a chain.
#[derive(Debug, Clone, Default)]
struct Form {
    y: f64,
    omega: Vec<f64>,
}

impl Form {
    /// self + factor·other.
    fn add(&mut self, factor: f64, other: &Self) {
        self.y += factor * other.y;
        self.omega.resize(self.omega.len().max(other.omega.len()), 0.0);
        self.omega.iter_mut().zip(&other.omega).for_each(|(a, b)| *a += factor * b);
    }

    fn scaled(mut self, factor: f64) -> Self {
        self.y *= factor;
        self.omega.iter_mut().for_each(|v| *v *= factor);
        self
    }
}

/// The fields behind a unit, all affine.
#[derive(Debug, Clone)]
pub(super) struct AffineChain {
    /// (weight, s, y).
    labels: Vec<[f64; 3]>,
    centres: Vec<[f64; 2]>,
    /// Q of the members, row by row.
    q: Vec<Vec<f64>>,
    g: Vec<Form>,
    h: Vec<Form>,
}

/// Whether the losses of a unit and of those behind it that were trained on its set are all affine.
pub(super) fn is_affine(units: &[Unit], fit: &Fit, behind: &[usize]) -> bool {
    let affine =
        |fit: &Fit| fit.loss.quadratic().is_some() && fit.lesson.is_none_or(|lesson| lesson.kind == TargetKind::Soft);
    let other = |&j: &usize| match &units[j] {
        Unit::Fit(other) => other.set != fit.set || affine(other),
        Unit::Fixed(_) => true,
    };
    affine(fit) && behind.iter().all(other)
}

impl AffineChain {
    pub fn new(data: &Data) -> Self {
        let mut labels = Vec::new();
        for (s, share) in data.classes() {
            labels.push([share * (1.0 - data.label_noise), s, s]);
            labels.push([share * data.label_noise, s, -s]);
        }
        Self { labels, centres: Vec::new(), q: Vec::new(), g: Vec::new(), h: Vec::new() }
    }

    /// (g, h) of a member behind the chain.
    fn forms(&self, member: &Member) -> (Form, Form) {
        let n = self.g.len();
        let mut omega = vec![0.0; n + 1];
        omega[n] = 1.0;
        // ω + Σ V_kj g_j
        let mut field = Form { y: 0.0, omega };
        for (v, g) in member.v_row.iter().zip(&self.g) {
            field.add(*v, g);
        }
        let law = member.fit.and_then(|fit| Some((fit, fit.loss.quadratic()?)));
        let Some((fit, Quadratic { curvature, pull })) = law else {
            return (Form { y: 0.0, omega: vec![0.0; n + 1] }, field);
        };
        let mut target = Form { y: 1.0, omega: vec![0.0; n + 1] };
        if let (Some(lesson), Some(p)) = (fit.lesson, member.source) {
            target.y = 1.0 - lesson.chi;
            target.add(lesson.chi, &self.h[p]);
        }
        let mut g = target.scaled(pull);
        g.add(-curvature, &field);
        let g = g.scaled(1.0 / (1.0 + curvature * member.v));
        let mut h = field;
        h.add(member.v, &g);
        (g, h)
    }

    /// The chain with another member, whose overlaps with those before it, then its own, are `q`.
    pub fn extend(mut self, member: &Member, q: Vec<f64>) -> Self {
        let (g, h) = self.forms(member);
        self.centres.push([member.m, member.b]);
        self.q.push(q);
        self.g.push(g);
        self.h.push(h);
        self
    }

    /// E[f₁ f₂] and E[f₁], E[s f₁] of forms over a chain of which `self` is all.
    fn second(&self, a: &Form, b: &Form) -> f64 {
        let q = |i: usize, j: usize| self.q[i.max(j)][i.min(j)];
        let mut sum: f64 = self.labels.iter().map(|label| label[0] * self.mean(a, label) * self.mean(b, label)).sum();
        for (i, x) in a.omega.iter().enumerate() {
            for (j, y) in b.omega.iter().enumerate() {
                sum += x * y * q(i, j);
            }
        }
        sum
    }

    /// The mean of a form under one label.
    fn mean(&self, form: &Form, &[_, s, y]: &[f64; 3]) -> f64 {
        let fields = form.omega.iter().zip(&self.centres).map(|(factor, [m, b])| factor * (s * m + b));
        form.y * y + fields.sum::<f64>()
    }

    /// The averages of a member behind the chain, with its overlaps.
    pub fn averages(&self, member: &Member, q: Vec<f64>) -> Averages {
        let n = self.g.len();
        let all = self.clone().extend(member, q);
        let g = &all.g[n];
        let over = |f: &dyn Fn(&[f64; 3]) -> f64| all.labels.iter().map(|label| label[0] * f(label)).sum::<f64>();
        Averages {
            aligned: over(&|label| label[1] * all.mean(g, label)),
            force: over(&|label| all.mean(g, label)),
            square: all.second(g, g),
            stiffness: -g.omega[n],
            shared: (0..n).map(|p| all.second(g, &all.g[p])).collect(),
            response: g.omega[..n].to_vec(),
            stein: vec![0.0; n],
            panels: 1,
        }
    }

    /// The mean loss of a member behind the chain.
    pub fn mean_loss(&self, member: &Member, q: Vec<f64>) -> f64 {
        let n = self.g.len();
        let all = self.clone().extend(member, q);
        let label = Form { y: 1.0, omega: vec![0.0; n + 1] };
        let law = member.fit.and_then(|fit| Some((fit, fit.loss.quadratic()?)));
        let Some((fit, law)) = law else { return f64::NAN };
        let Some(asked) = law.asked() else { return -law.pull * all.second(&label, &all.h[n]) };
        let mut miss = label.clone();
        if let (Some(lesson), Some(p)) = (fit.lesson, member.source) {
            miss = miss.scaled(1.0 - lesson.chi);
            miss.add(lesson.chi, &all.h[p]);
        }
        miss = miss.scaled(asked);
        miss.add(-1.0, &all.h[n]);
        0.5 * law.curvature * all.second(&miss, &miss)
    }
}

/// The fixed point of an affine map of the variables `places` of x, everything else as it is: one probe a
/// variable and a linear equation.
pub(super) fn settle(x: &mut [f64], places: &[usize], map: impl Fn(&[f64]) -> Vec<f64>) -> Option<()> {
    for &place in places {
        x[place] = 0.0;
    }
    let constant = map(x);
    let mut matrix = vec![vec![0.0; places.len()]; places.len()];
    for (j, &place) in places.iter().enumerate() {
        x[place] = 1.0;
        let image = map(x);
        x[place] = 0.0;
        for (i, row) in matrix.iter_mut().enumerate() {
            row[j] = f64::from(u8::from(i == j)) - (image[places[i]] - constant[places[i]]);
        }
    }
    let at_zero: Vec<f64> = places.iter().map(|&place| constant[place]).collect();
    let found = Jacobian::factorise(matrix)?.solve(&at_zero);
    for (&place, value) in places.iter().zip(found) {
        x[place] = value;
    }
    Some(())
}
