//! The reference points: settings with values from code other than this.

use redistill_core::model::{LearnerName, LearnerParameters, Mixture, Setting};

/// One line of `core/tests/data/reference_points.csv`.
pub struct Reference {
    pub id: String,
    pub setting: Setting,
    cells: Vec<(&'static str, Option<f64>)>,
}

impl Reference {
    /// The cell of a column, if the learner has such a value.
    pub fn get(&self, column: &str) -> Option<f64> {
        self.cells.iter().find(|(name, _)| *name == column).expect("a column of the file").1
    }
}

/// All reference points.
pub fn points() -> Vec<Reference> {
    let text = include_str!("../data/reference_points.csv");
    let (header, lines) = text.split_once('\n').expect("a header");
    let names: Vec<&'static str> = header.split(',').collect();
    lines.lines().map(|line| read(&names, line)).collect()
}

fn read(names: &[&'static str], line: &str) -> Reference {
    let fields: Vec<&str> = line.split(',').collect();
    assert_eq!(fields.len(), names.len(), "{line}");
    let number = |field: &&str| (!field.is_empty()).then(|| field.parse::<f64>().expect("a number"));
    let cells: Vec<_> = names.iter().copied().zip(&fields).skip(2).map(|(name, field)| (name, number(field))).collect();
    let get = |name: &str| cells.iter().find(|(known, _)| *known == name).and_then(|(_, cell)| *cell);
    let need = |name: &str| get(name).unwrap_or_else(|| panic!("{name} in {line}"));
    let name = match fields[1] {
        "teacher" => LearnerName::Teacher,
        "direct" => LearnerName::Direct,
        "distilled" => LearnerName::Distilled,
        "kd_hebbian" => LearnerName::KdHebbian,
        "kd_bayes_optimal_proxy" => LearnerName::KdBayes,
        other => panic!("unknown kind {other}"),
    };
    let own = |parameter: &str, column: &str| name.parameters().contains(&parameter).then(|| need(column));
    let usual = LearnerParameters::default();
    let learner = name.with(&LearnerParameters {
        teacher_lambda: own("teacher_lambda", "lambda_t").unwrap_or(usual.teacher_lambda),
        epsilon: own("epsilon", "epsilon").unwrap_or(usual.epsilon),
        lambda: own("lambda", "lambda").unwrap_or(usual.lambda),
        chi: own("chi", "chi").unwrap_or(usual.chi),
        temperature: own("temperature", "T").unwrap_or(usual.temperature),
        ..usual
    });
    // a teacher sees all features, whatever its students see
    let eta = get("eta").unwrap_or(1.0);
    let mixture = Mixture { alpha: need("alpha"), eta, delta: need("delta"), rho: need("rho") };
    Reference { id: fields[0].to_owned(), setting: Setting { mixture, learner }, cells }
}
