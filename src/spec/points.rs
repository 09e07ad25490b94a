//! From a curve to its points: where they are, and which lineage each is.

use crate::model::domain::Domain;
use crate::model::lineage::{self, Parameter, Spectrum};
use crate::model::{LearnerName, LearnerParameters, Lineage, Mixture, ProxyVariance, Setting};

use super::curve::{Alpha, Data, Experiments, Value};
use super::{Curve, Figure, Point, PointError, Scale, Subject, Sweep, Swept};

impl Figure {
    /// What of the data is said for a curve.
    #[must_use]
    pub fn data_of(&self, curve: &Curve) -> Data {
        curve.data.or(&self.data)
    }

    /// What x binds on a curve.
    #[must_use]
    pub fn swept(&self, curve: &Curve) -> Swept {
        curve.x.unwrap_or(self.sweep_of(curve).parameter)
    }

    /// The point of a curve at x.
    ///
    /// # Errors
    /// A parameter out of its domain there.
    pub fn point(&self, curve: &Curve, x: f64) -> Result<Point, PointError> {
        let data = self.data_of(curve);
        let swept = self.swept(curve);
        let (subject, bound) = match curve.learner {
            Some(learner) => self.named(curve, learner, &data, x)?,
            None => (Subject::Lineage(Lineage { data: lineage_data(&data), stages: curve.stages.clone() }), false),
        };
        let subject = match subject {
            Subject::Bound(mixture) => Subject::Bound(mixture),
            Subject::Lineage(mut lineage) => {
                if let (Swept::Parameter(parameter), false) = (swept, bound) {
                    parameter.set(&mut lineage, x).map_err(|error| PointError::of(parameter, error))?;
                }
                lineage.validate()?;
                Subject::Lineage(lineage)
            }
        };
        let optimal = curve.optimal();
        if let Subject::Lineage(lineage) = &subject {
            for parameter in &optimal {
                if parameter.get(lineage).is_none() {
                    return Err(PointError::of(*parameter, parameter.absent(lineage)));
                }
            }
        }
        Ok(Point { x, learner: curve.learner, subject, optimal })
    }

    /// A named learner at x, and whether x is bound already: a formula may rest on it.
    fn named(&self, curve: &Curve, learner: LearnerName, data: &Data, x: f64) -> Result<(Subject, bool), PointError> {
        let swept = self.swept(curve);
        let mut taken = false;
        let mut bind = |name: &str, value: f64| {
            let here = swept.is(name);
            taken |= here;
            if here { x } else { value }
        };
        let alpha = match &data.alpha {
            None => f64::NAN,
            Some(Alpha::One(alpha)) => *alpha,
            Some(Alpha::Sets(sets)) => sets.first().copied().unwrap_or(f64::NAN),
        };
        let mixture = Mixture {
            alpha: bind("alpha", alpha),
            eta: bind("eta", data.eta()),
            delta: bind("delta", data.delta()),
            rho: bind("rho", data.rho()),
        };
        let fixed = |domain: &Domain| match curve.told().into_iter().find(|(name, _)| *name == domain.parameter) {
            Some((_, Some(Value::Fixed(value)))) => value,
            // a search begins there: at 10⁻⁵ averages are hard and minima rare
            Some((_, Some(Value::Optimal(_)))) => domain.usual().max(0.1),
            Some((_, None)) | None => domain.usual(),
        };
        let variance = curve.variance.unwrap_or(ProxyVariance::Derived);
        let told = LearnerParameters::of(|domain| bind(domain.parameter, fixed(domain)), variance);
        let setting = Setting { mixture, learner: learner.with(&told) };
        setting.validate()?;
        Ok(match (setting.lineage(), setting.bound()) {
            (Some(mut lineage), _) => {
                lineage.data.label_noise = data.label_noise.unwrap_or(0.0);
                lineage.data.spectrum = data.spectrum.clone().unwrap_or_default();
                (Subject::Lineage(lineage), taken)
            }
            (None, bound) => (Subject::Bound(bound.unwrap_or(mixture)), true),
        })
    }

    /// Where the experiments of a curve are; empty for a bound.
    #[must_use]
    pub fn experiment_x(&self, curve: &Curve) -> Vec<f64> {
        match &curve.experiment {
            _ if curve.is_bound() => Vec::new(),
            Experiments::Switch(false) => Vec::new(),
            Experiments::Switch(true) => self.sweep_of(curve).experiment.clone(),
            Experiments::At(places) => places.clone(),
        }
    }

    /// Where the theory of a curve is evaluated: its sweep, finer where that says so and the curve has no sweep
    /// of its own, its experiments, what was measured and the vertices of its published curve, in rising order without repeats.
    #[must_use]
    pub fn theory_x(&self, curve: &Curve, published: &[f64]) -> Vec<f64> {
        let sweep = self.sweep_of(curve);
        let mut places = sweep.grid(curve.range.unwrap_or(sweep.range), curve.points.unwrap_or(sweep.points));
        if curve.range.is_none() && curve.points.is_none() {
            places.extend(sweep.finer.iter().flat_map(|finer| sweep.grid(finer.range, finer.points)));
        }
        places.extend(self.experiment_x(curve));
        places.extend(curve.measured.iter().flat_map(|measured| measured.points.iter().map(|point| point.x)));
        places.extend(published);
        places.sort_by(f64::total_cmp);
        places.dedup();
        places
    }
}

/// A value to twelve digits, so that it prints as it was meant: the third step of 0.1 is 0.3.
#[must_use]
pub fn rounded(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

/// The data of a lineage, as far as a figure says it.
fn lineage_data(data: &Data) -> lineage::Data {
    lineage::Data {
        alpha: match &data.alpha {
            None => vec![f64::NAN],
            Some(Alpha::One(alpha)) => vec![*alpha],
            Some(Alpha::Sets(sets)) => sets.clone(),
        },
        delta: data.delta(),
        rho: data.rho(),
        label_noise: data.label_noise.unwrap_or(0.0),
        spectrum: data.spectrum.clone().unwrap_or(Spectrum::Isotropic),
    }
}

impl Curve {
    /// True for a bound in closed form: nothing is learned, so there is nothing to simulate.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.learner.is_some_and(LearnerName::is_bound)
    }

    /// The parameters of its lineage that are tuned at every x.
    #[must_use]
    pub fn optimal(&self) -> Vec<Parameter> {
        let own_ridge = self.learner.is_some_and(LearnerName::is_teacher);
        let tuned = self.told().into_iter().filter(|(_, value)| matches!(value, Some(Value::Optimal(_))));
        // a teacher's own ridge is that of its only stage
        let words = tuned.map(|(word, _)| if own_ridge && word == "teacher_lambda" { "lambda" } else { word });
        words.filter_map(|word| word.parse().ok()).chain(self.optimal.iter().copied()).collect()
    }
}

impl Sweep {
    /// `points` values from the first to the last of `range`, evenly spaced on the sweep's scale and
    /// rounded to twelve digits so that they print as they were meant.
    #[must_use]
    pub fn grid(&self, range: [f64; 2], points: usize) -> Vec<f64> {
        let [low, high] = range;
        let last = points.saturating_sub(1).max(1) as f64;
        (0..points)
            .map(|k| k as f64 / last)
            .map(|t| match self.scale {
                Scale::Linear => low + (high - low) * t,
                Scale::Log => (low.ln() + (high / low).ln() * t).exp(),
            })
            .map(rounded)
            .collect()
    }

    /// Limits of the axis.
    #[must_use]
    pub fn limits(&self) -> [f64; 2] {
        self.axis.unwrap_or(self.range)
    }
}
