//! `solve` and `simulate` of the paper's learners by their names: each is a short lineage, or a closed form.

use std::io::Write;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use crate::experiment::ExperimentError;
use crate::experiment::lineage::{LineageTrial, run};
use crate::model::domain::{CHI, Domain, EPSILON, LAMBDA, TEACHER_LAMBDA, TEMPERATURE};
use crate::model::lineage::{Descriptor, OBSERVABLES, ObservableDescriptor, Source};
use crate::model::{DomainError, LearnerName, LearnerParameters, Lineage, Mixture, Setting, bayes};
use crate::theory::{self, lineage::LineageSolution};

use super::ask_args::DerivativeOptions;
use super::closed;
use super::derivatives::Slopes;
use super::failure::ended;
use super::lineage_table::finite;
use super::lineage_view::{Simulation, doubt, status, write_simulation, write_solution};
use super::point_args::{PointOptions, SimulateOptions, flags};
use super::{Failure, lineage};

/// ε at which labels say nothing.
const SILENT: f64 = 0.5;

/// Keys of the JSON object that hold values, beside the parameters.
fn values() -> impl Iterator<Item = &'static str> {
    OBSERVABLES.iter().flat_map(|row| row.teacher.map(|teacher| teacher.column).into_iter().chain(row.column))
}

/// One parameter of a learner.
struct Parameter {
    /// Its key in JSON.
    key: &'static str,
    domain: Domain,
    given: Option<f64>,
}

impl PointOptions {
    fn mixture(&self) -> Mixture {
        let Self { alpha, eta, delta, rho, .. } = *self;
        Mixture { alpha, eta, delta, rho }
    }

    /// The parameters that a learner may have.
    fn parameters(&self) -> [Parameter; 5] {
        let parameter = |key, domain, given| Parameter { key, domain, given };
        // a teacher's ridge goes by both names
        let alone = self.learner.is_teacher();
        let ridge = if alone { self.teacher_lambda.or(self.lambda) } else { self.teacher_lambda };
        [
            parameter("lambda_t", TEACHER_LAMBDA, ridge),
            parameter("epsilon", EPSILON, self.epsilon),
            parameter("lambda", LAMBDA, if alone { None } else { self.lambda }),
            parameter("chi", CHI, self.chi),
            parameter("T", TEMPERATURE, self.temperature),
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
        let given = [
            ("teacher-lambda", self.teacher_lambda),
            ("epsilon", self.epsilon),
            ("lambda", self.lambda),
            ("chi", self.chi),
            ("temperature", self.temperature),
        ];
        for (flag, _) in given.into_iter().filter(|(_, value)| value.is_some()) {
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
    fn check(&self) -> Result<(), Failure> {
        self.refuse_idle_flags()?;
        let refuse = |error: DomainError| match error.parameter {
            "teacher_lambda" if self.teacher_lambda.is_none() => Failure::flag("lambda", &error),
            own => Failure::flag(own, &error),
        };
        self.mixture().validate().map_err(refuse)?;
        let values = self.parameters().into_iter().zip(self.values());
        for (Parameter { domain, .. }, value) in values {
            value.map_or(Ok(()), |value| domain.check(value)).map_err(refuse)?;
        }
        Ok(())
    }

    /// The learner as a lineage; none for a closed form.
    pub(super) fn lineage(&self) -> Option<Lineage> {
        let [teacher_lambda, epsilon, lambda, chi, temperature] = self.values().map(Option::unwrap_or_default);
        let told =
            LearnerParameters { teacher_lambda, epsilon, lambda, chi, temperature, ..LearnerParameters::default() };
        Setting { mixture: self.mixture(), learner: self.learner.with(&told) }.lineage()
    }

    /// What its stages are called.
    fn stages(&self) -> Vec<String> {
        let earlier = self.lineage().map_or(0, |lineage| lineage.stages.len().saturating_sub(1));
        let last = if self.learner.sees_all() { "teacher" } else { "student" };
        std::iter::repeat_n("teacher", earlier).chain([last]).map(str::to_owned).collect()
    }

    /// What a reader of the answer must know about it, if anything.
    fn note(&self) -> Option<&'static str> {
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
    fn object(&self) -> Map<String, Value> {
        let Mixture { alpha, eta, delta, rho } = self.mixture();
        let eta = Some(eta).filter(|_| !self.learner.sees_all());
        let mixture = [("alpha", Some(alpha)), ("eta", eta), ("delta", Some(delta)), ("rho", Some(rho))];
        let own = self.parameters().into_iter().zip(self.values()).map(|(parameter, value)| (parameter.key, value));
        let mut object = Map::new();
        object.insert("kind".to_owned(), self.learner.name().into());
        object.extend(mixture.into_iter().chain(own).map(|(key, value)| (key.to_owned(), json!(value))));
        object.extend(values().map(|key| (key.to_owned(), Value::Null)));
        object
    }

    /// The learner and its parameters in a line.
    fn line(&self) -> String {
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
    fn keys(&self, stage: usize, row: &ObservableDescriptor) -> impl Iterator<Item = String> {
        let names = self.stages();
        let teacher = row.teacher.filter(|_| names[stage] == "teacher").map(|teacher| teacher.column);
        let own = row.column.filter(|_| stage + 1 == names.len());
        teacher.into_iter().chain(own).map(str::to_owned)
    }
}

/// The point that the options name; the arguments ask for one where there is no lineage.
fn named(point: Option<&PointOptions>) -> Result<&PointOptions, Failure> {
    point.ok_or_else(|| Failure::input("nothing to solve; valid: --learner and --alpha, or --lineage"))
}

/// Solves the theory at one point, or of a lineage.
pub(super) fn solve(asked: &DerivativeOptions) -> Result<(), Failure> {
    let options = &asked.solve;
    let point = match (&options.lineage, &options.point) {
        (Some(file), _) => return lineage::solve(file, asked),
        (None, point) => named(point.as_ref())?,
    };
    point.check()?;
    let lineage = point.lineage();
    let solution = match &lineage {
        Some(lineage) => theory::lineage::solve(lineage).map_err(Failure::input)?,
        None => closed::bayes(point.learner, &point.mixture()),
    };
    let reason = doubt(&solution);
    let slopes = match asked.derivatives.is_empty() {
        true => None,
        false => Some(Slopes::of_learner(point, asked)?),
    };
    if options.json {
        let mut object = solution_object(point, lineage.as_ref(), &solution, reason.as_deref());
        let told = slopes.iter().flat_map(Slopes::objects);
        object.extend(told.map(|(key, slopes)| (key.to_owned(), slopes)));
        writeln!(std::io::stdout(), "{}", Value::Object(object))?;
    } else {
        writeln!(std::io::stdout(), "{}", point.line())?;
        write_solution(&point.stages(), &solution, reason.as_deref())?;
        if let Some(slopes) = &slopes {
            write!(std::io::stdout(), "{}", slopes.table())?;
        }
        write_note(point)?;
    }
    ended(reason)
}

/// The answer as one flat object.
fn solution_object(
    point: &PointOptions,
    lineage: Option<&Lineage>,
    solution: &LineageSolution,
    reason: Option<&str>,
) -> Map<String, Value> {
    let mut object = point.object();
    let fixed = lineage.and_then(|lineage| lineage.stages.first()?.targets).map(|targets| targets.source);
    if let Some(Source::Teacher(teacher)) = fixed {
        let error = bayes::test_error(&point.mixture(), teacher.m, teacher.q, teacher.b);
        let own = [("m_t", teacher.m), ("q_t", teacher.q), ("b_t", teacher.b), ("eg_t", error)];
        object.extend(own.map(|(key, value)| (key.to_owned(), json!(value))));
    }
    for (k, stage) in solution.stages.iter().enumerate() {
        for row in &OBSERVABLES {
            if let Some(value) = stage.value(row.kind, Some(0)) {
                object.extend(point.keys(k, row).map(|key| (key, json!(value))));
            }
        }
    }
    let residual = solution.stages.iter().map(|stage| stage.residual).fold(0.0, f64::max);
    for (key, field) in [
        ("status", json!(status(reason.is_none()))),
        ("iterations", json!(solution.sweeps)),
        ("residual", json!(finite(residual))),
        ("quadrature_error", json!(finite(solution.error()))),
        ("reason", json!(reason)),
        ("note", json!(point.note())),
    ] {
        object.insert(key.to_owned(), field);
    }
    object
}

fn write_note(point: &PointOptions) -> Result<(), Failure> {
    point.note().map_or(Ok(()), |note| Ok(writeln!(std::io::stdout(), "{note}")?))
}

/// Trains at one point, or a lineage, and prints means and standard errors beside the theory.
pub(super) fn simulate(options: &SimulateOptions) -> Result<(), Failure> {
    let point = match (&options.solve.lineage, &options.solve.point) {
        (Some(file), _) => return lineage::simulate(file, options),
        (None, point) => named(point.as_ref())?,
    };
    point.check()?;
    let Some(lineage) = point.lineage() else {
        return Err(Failure::input(format!(
            "--learner {}: is a closed form, and there is nothing to train; valid: `solve`, or another learner",
            point.learner.name()
        )));
    };
    let n = options.features(None);
    options.check_sizes(n, point.alpha)?;
    let protocol = options.protocol(n);
    let trials: Vec<Result<LineageTrial, ExperimentError>> = (0..options.replicates)
        .into_par_iter()
        .map(|replicate| run(&lineage, replicate, &protocol, &|| false))
        .collect();
    let trials: Vec<LineageTrial> = trials.into_iter().collect::<Result<_, _>>().map_err(Failure::input)?;
    let solution = theory::lineage::solve(&lineage).map_err(Failure::input)?;
    let reason = lineage::lost(&lineage, &trials);
    let simulation =
        Simulation { lineage: &lineage, trials: &trials, solution: &solution, protocol, reason: reason.as_deref() };
    if options.solve.json {
        writeln!(std::io::stdout(), "{}", Value::Object(simulation_object(point, &simulation)))?;
    } else {
        writeln!(std::io::stdout(), "{}", point.line())?;
        write_simulation(&point.stages(), &simulation)?;
        write_note(point)?;
    }
    ended(reason)
}

/// Means, standard errors, theory and z as one flat object.
fn simulation_object(point: &PointOptions, simulation: &Simulation<'_>) -> Map<String, Value> {
    let mut object = point.object();
    let suffixes = ["se", "theory", "z"];
    object.extend(values().flat_map(|key| suffixes.map(|suffix| (format!("{key}_{suffix}"), Value::Null))));
    let stages = simulation.lineage.stages.len();
    for k in 0..stages {
        let (observables, overlaps) = simulation.rows(k);
        for row in observables.iter().chain(&overlaps).filter(|row| row.summary.mean.is_some() || row.theory.is_some())
        {
            for key in point.keys(k, row.descriptor) {
                let fields = [json!(row.summary.standard_error), json!(row.theory), json!(row.z())];
                object.extend(suffixes.iter().zip(fields).map(|(suffix, field)| (format!("{key}_{suffix}"), field)));
                object.insert(key, json!(row.summary.mean));
            }
        }
    }
    let measured = |trial: &&LineageTrial| trial.stages.iter().all(|stage| stage.measured.is_some());
    let gradient = simulation.residual();
    for (key, field) in [
        ("n", json!(simulation.protocol.n)),
        ("replicates", json!(simulation.trials.iter().filter(measured).count())),
        ("seed", json!(simulation.protocol.seed)),
        ("status", json!(status(simulation.reason.is_none()))),
        ("residual", json!(gradient)),
        ("gradient_norm", json!(gradient)),
        ("quadrature_error", Value::Null),
        ("reason", json!(simulation.reason)),
        ("note", json!(point.note())),
    ] {
        object.insert(key.to_owned(), field);
    }
    object
}
