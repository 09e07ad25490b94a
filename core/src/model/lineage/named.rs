//! The paper's learners as lineages.

use crate::model::{Mixture, ProxyVariance, bayes};

use super::{Data, FixedTeacher, Lineage, Loss, Source, Stage};

impl Lineage {
    fn on(mixture: &Mixture, stages: Vec<Stage>) -> Self {
        let Mixture { alpha, delta, rho, .. } = *mixture;
        Self { data: Data::isotropic(alpha, delta, rho), stages }
    }

    /// Logistic regression on the labels with all the features, smoothed by ε.
    #[must_use]
    pub fn teacher(mixture: &Mixture, lambda: f64, smoothing: f64) -> Self {
        Self::direct(&mixture.all_features(), lambda, smoothing)
    }

    /// Logistic regression on the labels with a share η of the features, smoothed by ε.
    #[must_use]
    pub fn direct(mixture: &Mixture, lambda: f64, smoothing: f64) -> Self {
        Self::on(mixture, vec![Stage { smoothing, ..Stage::logistic(mixture.eta, lambda) }])
    }

    /// A student on a share η of the features and its logistic teacher on all of them, on the same samples.
    #[must_use]
    pub fn distilled(
        mixture: &Mixture,
        teacher_lambda: f64,
        smoothing: f64,
        lambda: f64,
        chi: f64,
        temperature: f64,
    ) -> Self {
        let teacher = Stage { smoothing, ..Stage::logistic(1.0, teacher_lambda) };
        let student = Stage::logistic(mixture.eta, lambda).soft(Source::Stage(1), chi, temperature);
        Self::on(mixture, vec![teacher, student])
    }

    /// A student of the Bayes-optimal classifier of an independent data set of the same size (Eqs. 23–24), whose
    /// pre-activations have the variance of one or the other reading of Eq. 112.
    #[must_use]
    pub fn kd_bayes(mixture: &Mixture, variance: ProxyVariance, lambda: f64, chi: f64, temperature: f64) -> Self {
        let Mixture { alpha, delta, .. } = *mixture;
        let (m, q, b) = bayes::optimal_overlaps(&mixture.all_features());
        let printed = match variance {
            ProxyVariance::Derived => None,
            ProxyVariance::AsPrinted => Some((delta * (1.0 - delta / alpha)).abs()),
        };
        let teacher = Source::Teacher(FixedTeacher { m, q, b, variance: printed });
        Self::on(mixture, vec![Stage::logistic(mixture.eta, lambda).soft(teacher, chi, temperature)])
    }

    /// A student of the Hebbian rule on its own samples (Eqs. 13–14): the linear loss at λ = α, with the
    /// Bayes-optimal bias.
    #[must_use]
    pub fn kd_hebbian(mixture: &Mixture, lambda: f64, chi: f64, temperature: f64) -> Self {
        let (_, _, b) = bayes::optimal_overlaps(&mixture.all_features());
        let teacher = Stage { bias: Some(b), ..Stage::logistic(1.0, mixture.alpha).with_loss(Loss::Linear) };
        let student = Stage::logistic(mixture.eta, lambda).soft(Source::Stage(1), chi, temperature);
        Self::on(mixture, vec![teacher, student])
    }
}
