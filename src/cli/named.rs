//! A learner of the paper by its name, as the flags tell it: its parameters, its lineage, its words.

use serde_json::{Map, Value, json};

use crate::model::domain::{CHI, Domain, EPSILON, LAMBDA, TEACHER_LAMBDA, TEMPERATURE};
use crate::model::lineage::{Descriptor, OBSERVABLES, ObservableDescriptor};
use crate::model::{DomainError, LearnerName, LearnerParameters, Lineage, Mixture, ProxyVariance, Setting};

use super::Failure;
use super::point_args::{PointOptions, flags};

/// ε at which labels say nothing.
const SILENT: f64 = 0.5;

/// Keys of the JSON object that hold values, beside the parameters.
pub(super) fn values() -> impl Iterator<Item = &'static str> {
    OBSERVABLES.iter().flat_map(|row| row.teacher.map(|teacher| teacher.column).into_iter().chain(row.column))
}

/// One parameter of a learner.
pub(super) struct Parameter {
    domain: Domain,
    given: Option<f64>,
}

impl PointOptions {
    pub(super) fn mixture(&self) -> Mixture {
        let Self { alpha, eta, delta, rho, .. } = *self;
        Mixture { alpha, eta, delta, rho }
    }

    /// The parameters that a learner may have.
    pub(super) fn parameters(&self) -> [Parameter; 5] {
        let parameter = |domain, given| Parameter { domain, given };
        // a teacher's ridge goes by both names
        let alone = self.learner.is_teacher();
        let ridge = if alone { self.teacher_lambda.or(self.lambda) } else { self.teacher_lambda };
        [
            parameter(TEACHER_LAMBDA, ridge),
            parameter(EPSILON, self.epsilon),
            parameter(LAMBDA, if alone { None } else { self.lambda }),
            parameter(CHI, self.chi),
            parameter(TEMPERATURE, self.temperature),
        ]
    }

    /// The parameters that mean something to the learner, with their values, in the order of [`Self::parameters`].
    fn values(&self) -> [Option<f64>; 5] {
        // of the two names of a lone teacher's ridge, the teacher's is told
        self.parameters().map(|Parameter { domain, given, .. }| {
            let own = self.learner.parameters().contains(&domain.parameter);
            own.then(|| given.unwrap_or(domain.usual()))
        })
    }

    /// Refuses a flag that the learner does not look at: whoever gave it expects something of it.
    fn refuse_idle_flags(&self) -> Result<(), Failure> {
        let Self { teacher_lambda, epsilon, lambda, chi, temperature, .. } = *self;
        let given = [teacher_lambda, epsilon, lambda, chi, temperature];
        let flags_of = ["teacher-lambda", "epsilon", "lambda", "chi", "temperature"];
        for (flag, _) in flags_of.into_iter().zip(given).filter(|(_, value)| value.is_some()) {
            let uses = |learner: LearnerName| flags(learner).iter().any(|own| own == flag);
            if !uses(self.learner) {
                let users = LearnerName::ALL.into_iter().filter(|learner| uses(*learner));
                let users = users.map(LearnerName::name).collect::<Vec<_>>().join(", ");
                let learner = self.learner.name();
                return Err(Failure::input(format!(
                    "--{flag}: has no effect with --learner {learner}; valid with --learner {users}"
                )));
            }
        }
        if self.learner.is_teacher() && self.lambda.is_some() && self.teacher_lambda.is_some() {
            return Err(Failure::input(
                "--lambda: has no effect beside --teacher-lambda with --learner teacher; valid: one of the two",
            ));
        }
        Ok(())
    }

    /// Refuses what has no effect or is out of its domain.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.refuse_idle_flags()?;
        let refuse = |error: DomainError| match error.parameter {
            "teacher_lambda" if self.teacher_lambda.is_none() => Failure::flag("lambda", &error),
            own => Failure::flag(own, &error),
        };
        self.setting().validate().map_err(refuse)
    }

    /// The data and the learner.
    fn setting(&self) -> Setting {
        let given = |domain: &Domain| self.parameters().into_iter().find(|own| own.domain == *domain)?.given;
        let told = LearnerParameters::of(|domain| given(domain).unwrap_or(domain.usual()), ProxyVariance::Derived);
        Setting { mixture: self.mixture(), learner: self.learner.with(&told) }
    }

    /// The learner as a lineage; none for a closed form.
    pub(super) fn lineage(&self) -> Option<Lineage> {
        self.setting().lineage()
    }

    /// What its stages are called.
    pub(super) fn stages(&self) -> Vec<String> {
        let earlier = self.lineage().map_or(0, |lineage| lineage.stages.len().saturating_sub(1));
        let last = if self.learner.sees_all() { "teacher" } else { "student" };
        std::iter::repeat_n("teacher", earlier).chain([last]).map(str::to_owned).collect()
    }

    /// What a reader of the answer must know about it, if anything.
    pub(super) fn note(&self) -> Option<&'static str> {
        let smoothed = self.epsilon.filter(|epsilon| *epsilon > 0.0)?;
        match (self.learner == LearnerName::Distilled, smoothed == SILENT) {
            (true, true) => Some(
                "epsilon smooths the labels of the teacher alone; smoothed by 1/2 they say nothing, the teacher's \
                 weights are zero, and zero weights have no test error",
            ),
            (true, false) => {
                Some("epsilon smooths the labels of the teacher alone; the student's own labels stay hard")
            }
            (false, true) => {
                Some("labels smoothed by 1/2 say nothing: all weights are zero, and zero weights have no test error")
            }
            (false, false) => None,
        }
    }

    /// The learner and its parameters as an object, every value a null.
    pub(super) fn object(&self) -> Map<String, Value> {
        let Mixture { alpha, eta, delta, rho } = self.mixture();
        let eta = Some(eta).filter(|_| !self.learner.sees_all());
        let mixture = [("alpha", Some(alpha)), ("eta", eta), ("delta", Some(delta)), ("rho", Some(rho))];
        let own = self
            .parameters()
            .into_iter()
            .zip(self.values())
            .map(|(parameter, value)| (parameter.domain.parameter, value));
        let mut object = Map::new();
        object.insert("kind".to_owned(), self.learner.name().into());
        object.extend(mixture.into_iter().chain(own).map(|(key, value)| (key.to_owned(), json!(value))));
        object.extend(values().map(|key| (key.to_owned(), Value::Null)));
        object
    }

    /// The learner and its parameters in a line.
    pub(super) fn line(&self) -> String {
        let Mixture { alpha, eta, delta, rho } = self.mixture();
        let own = self.parameters().into_iter().zip(self.values());
        let short = |value: f64| if value != 0.0 && value < 1e-3 { format!("{value:e}") } else { value.to_string() };
        let own = own.filter_map(|(parameter, value)| {
            Some(format!(", {} = {}", Descriptor::named(parameter.domain.parameter).symbol, short(value?)))
        });
        let name = self.learner.name();
        format!("{name}: α = {alpha}, η = {eta}, Δ = {delta}, ρ = {rho}{}", own.collect::<String>())
    }

    /// The keys that the numbers of a stage have: those of a teacher end in `_t`, and a lone one has both.
    pub(super) fn keys(&self, stage: usize, row: &ObservableDescriptor) -> impl Iterator<Item = String> {
        let names = self.stages();
        let teacher = row.teacher.filter(|_| names[stage] == "teacher").map(|teacher| teacher.column);
        let own = row.column.filter(|_| stage + 1 == names.len());
        teacher.into_iter().chain(own).map(str::to_owned)
    }
}
