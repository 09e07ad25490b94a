//! `solve --derivatives`: how the observables of a solution change with its parameters.

use serde_json::{Map, Value, json};

use crate::model::Lineage;
use crate::model::lineage::{Observable, Parameter};
use crate::table::csv;
use crate::theory::lineage::{Derivative, Derivatives, Direction, derivatives};

use super::Failure;
use super::ask_args::DerivativeOptions;
use super::lineage_table::{aligned, digits, significant};
use super::point_args::{PointOptions, flags};

/// Derivatives with the names of what they are of and in.
pub(super) struct Slopes {
    parameters: Vec<(Parameter, f64)>,
    observables: Vec<Observable>,
    pub found: Derivatives,
}

impl Slopes {
    /// Of a lineage, in the parameters that are asked for or in all.
    pub fn of_lineage(lineage: &Lineage, options: &DerivativeOptions) -> Result<Self, Failure> {
        let asked = match options.with_respect_to.as_slice() {
            [] => Parameter::all(lineage),
            some => some.to_vec(),
        };
        let directions = asked.iter().map(|parameter| direction(lineage, *parameter)).collect::<Result<Vec<_>, _>>()?;
        Self::along(lineage, options, directions)
    }

    /// Of a learner of the paper, in its own words: what its teacher makes of α, Δ and ρ moves with them.
    pub fn of_learner(point: &PointOptions, options: &DerivativeOptions) -> Result<Self, Failure> {
        let lineage = point.lineage().ok_or_else(|| {
            let learner = point.learner.name();
            Failure::input(format!("--derivatives: {learner} is a closed form that nobody learns; valid: a learner"))
        })?;
        let asked = match options.with_respect_to.as_slice() {
            [] => own_parameters(point),
            some => some.to_vec(),
        };
        let mut directions = Vec::new();
        for parameter in asked {
            let word = |point: &mut PointOptions| slot(point, parameter).map(|slot| *slot);
            directions.push(match word(&mut point.clone()) {
                Some(value) => {
                    let at = move |value: f64| {
                        parameter.descriptor().domain.check(value).ok()?;
                        let mut moved = point.clone();
                        *slot(&mut moved, parameter)? = value;
                        moved.lineage()
                    };
                    (parameter, value, Direction::along(parameter, value, at))
                }
                None => direction(&lineage, parameter)?,
            });
        }
        Self::along(&lineage, options, directions)
    }

    fn along(
        lineage: &Lineage,
        options: &DerivativeOptions,
        directions: Vec<(Parameter, f64, Direction<'_>)>,
    ) -> Result<Self, Failure> {
        let observables = options.derivatives.clone();
        if let Some(other) = observables.iter().find(|observable| !observable.is_of(lineage)) {
            let valid: Vec<String> = Observable::all(lineage).iter().map(Observable::to_string).collect();
            let valid = valid.join(", ");
            return Err(Failure::input(format!("--derivatives {other}: the learner has none; valid: {valid}")));
        }
        let parameters = directions.iter().map(|(parameter, value, _)| (*parameter, *value)).collect();
        let directions: Vec<Direction> = directions.into_iter().map(|(.., direction)| direction).collect();
        let found = derivatives(lineage, &directions, &observables).map_err(Failure::input)?;
        Ok(Self { parameters, observables, found })
    }

    /// Objects of the derivatives and of their errors: one a parameter, with a number an observable.
    pub fn objects(&self) -> [(&'static str, Value); 2] {
        let object = |of: &dyn Fn(&Derivative) -> f64| -> Value {
            let rows = self.parameters.iter().zip(&self.found.values).map(|((parameter, _), row)| {
                let cells = self.observables.iter().zip(row);
                let cells = cells.map(|(observable, found)| (observable.to_string(), json!(found.as_ref().map(of))));
                (parameter.to_string(), Value::Object(cells.collect()))
            });
            Value::Object(rows.collect::<Map<String, Value>>())
        };
        [("derivatives", object(&|found| found.value)), ("derivative_errors", object(&|found| found.error))]
    }

    /// A row a parameter.
    pub fn table(&self) -> String {
        let symbols = self.observables.iter().map(|observable| format!("∂{}", observable.symbol()));
        let head = ["parameter".to_owned(), "value".to_owned()].into_iter().chain(symbols).collect();
        let rows = self.parameters.iter().zip(&self.found.values).map(|((parameter, value), row)| {
            let shown = |found: &Option<Derivative>| match found {
                None => "–".to_owned(),
                Some(Derivative { value, error }) => significant(*value, digits(error / value.abs())),
            };
            let names = [parameter.to_string(), csv::real(*value)];
            names.into_iter().chain(row.iter().map(shown)).collect::<Vec<String>>()
        });
        aligned(&[head].into_iter().chain(rows).collect::<Vec<_>>())
    }
}

/// The change of a lineage in a parameter that it must have.
fn direction(lineage: &Lineage, parameter: Parameter) -> Result<(Parameter, f64, Direction<'_>), Failure> {
    let found = parameter.get(lineage).zip(Direction::of(lineage, parameter));
    let (value, direction) =
        found.ok_or_else(|| Failure::input(format!("--with-respect-to {}", parameter.absent(lineage))))?;
    Ok((parameter, value, direction))
}

/// What a learner of the paper has to say for itself.
fn own_parameters(point: &PointOptions) -> Vec<Parameter> {
    let own = flags(point.learner).into_iter().map(|flag| flag.replace('-', "_"));
    let data = ["alpha", "delta", "rho", "eta"].map(str::to_owned).into_iter();
    let names = data.chain(own).filter_map(|name| Parameter::new(&name, None).ok());
    names.filter(|parameter| slot(&mut point.clone(), *parameter).is_some()).collect()
}

/// The number of a point behind a word of the paper, if the learner looks at it.
fn slot(point: &mut PointOptions, parameter: Parameter) -> Option<&mut f64> {
    let learner = point.learner;
    let flag = parameter.to_string().replace('_', "-");
    let usual = parameter.descriptor().domain.usual();
    // one of the two ridges of a teacher is the other
    let teacher = learner.is_teacher();
    let spoken = point.lambda.is_some() && point.teacher_lambda.is_none();
    match flag.as_str() {
        "alpha" => Some(&mut point.alpha),
        "delta" => Some(&mut point.delta),
        "rho" => Some(&mut point.rho),
        "eta" if !teacher => Some(&mut point.eta),
        other if !flags(learner).iter().any(|own| own == other) => None,
        "teacher-lambda" if !(teacher && spoken) => Some(point.teacher_lambda.get_or_insert(usual)),
        "lambda" if !teacher || spoken => Some(point.lambda.get_or_insert(usual)),
        "epsilon" => Some(point.epsilon.get_or_insert(usual)),
        "chi" => Some(point.chi.get_or_insert(usual)),
        "temperature" => Some(point.temperature.get_or_insert(usual)),
        _ => None,
    }
}
