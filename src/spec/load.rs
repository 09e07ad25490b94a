//! Reading and validating figure files: a run starts only from figures that are whole.

use std::path::{Path, PathBuf};

use super::curve::Experiments;
use super::locate::line_at;
use super::{
    Curve, Figure, LearnerName, Level, Parameter, Published, PublishedSeries, Ridge, Scale, SpecError, Sweep,
    TeacherName,
};

/// Reads every `<folder>/<id>/figure.toml`, in the order of their ids.
///
/// # Errors
/// The first file that cannot be read or does not validate.
pub fn load_all(folder: &Path) -> Result<Vec<Figure>, SpecError> {
    let unreadable =
        |error: std::io::Error| SpecError::Unreadable { path: folder.to_owned(), reason: error.to_string() };
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path().join("figure.toml");
        if file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        let reason = "no figure here; a figure is a folder with a figure.toml".to_owned();
        return Err(SpecError::Unreadable { path: folder.to_owned(), reason });
    }
    files.iter().map(|file| load(file)).collect()
}

/// Reads and validates one figure file.
///
/// # Errors
/// [`SpecError`] naming the file, the key and what would be valid.
pub fn load(path: &Path) -> Result<Figure, SpecError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| SpecError::Unreadable { path: path.to_owned(), reason: error.to_string() })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut figure = parse(&text, path)?;
    figure.folder = folder;
    validate(&figure, path).map_err(|error| error.located(&text))?;
    Ok(figure)
}

/// The typed figure, or an error with line, key and near words.
fn parse(text: &str, path: &Path) -> Result<Figure, SpecError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_at(text, span.start));
        let place = line.map_or(String::new(), |line| {
            let source = text.lines().nth(line - 1).unwrap_or("").trim();
            format!("line {line} (`{source}`): ")
        });
        let message = format!("{place}{}", error.message().replace('\n', " "));
        SpecError::Shape { path: path.to_owned(), message }
    })
}

/// Collects the first value that is wrong, with its key.
struct Check<'a> {
    path: &'a Path,
}

impl Check<'_> {
    fn that(
        &self,
        holds: bool,
        key: impl Into<String>,
        problem: impl Into<String>,
        valid: impl Into<String>,
    ) -> Result<(), SpecError> {
        if holds {
            return Ok(());
        }
        Err(SpecError::Value {
            path: self.path.to_owned(),
            line: None,
            key: key.into(),
            problem: problem.into(),
            valid: valid.into(),
        })
    }

    fn sweep(&self, sweep: &Sweep, key: &str) -> Result<(), SpecError> {
        self.range(sweep.range, sweep.scale, &format!("{key}.range"))?;
        if let Some(axis) = sweep.axis {
            self.range(axis, sweep.scale, &format!("{key}.axis"))?;
        }
        let problem = format!("{} points", sweep.points);
        self.that(sweep.points >= 2, format!("{key}.points"), problem, "an integer ≥ 2")?;
        for (index, finer) in sweep.finer.iter().enumerate() {
            let key = format!("{key}.finer[{index}]");
            self.range(finer.range, sweep.scale, &format!("{key}.range"))?;
            let problem = format!("{} points", finer.points);
            self.that(finer.points >= 2, format!("{key}.points"), problem, "an integer ≥ 2")?;
        }
        let finite = sweep.experiment.iter().all(|x| x.is_finite());
        self.that(finite, format!("{key}.experiment"), "a value is not finite", "a list of finite numbers")
    }

    fn range(&self, range: [f64; 2], scale: Scale, key: &str) -> Result<(), SpecError> {
        let [low, high] = range;
        let rising = low.is_finite() && high.is_finite() && low < high;
        self.that(rising, key, format!("[{low}, {high}] does not rise"), "two finite numbers, the first smaller")?;
        let positive = scale == Scale::Linear || low > 0.0;
        self.that(positive, key, format!("[{low}, {high}] on a log scale"), "two numbers > 0")
    }
}

fn validate(figure: &Figure, path: &Path) -> Result<(), SpecError> {
    let check = Check { path };
    let folder = figure.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    check.that(
        figure.id == folder,
        "id",
        format!("`{}` in the folder `{folder}`", figure.id),
        format!("`{folder}`"),
    )?;
    check.sweep(&figure.x, "x")?;
    check.that(!figure.panels.is_empty(), "panel", "no panel", "at least one [[panel]]")?;
    for (index, panel) in figure.panels.iter().enumerate() {
        check.range(panel.range, panel.scale, &format!("panel[{index}].range"))?;
        if let Some(sweep) = &panel.x {
            check.sweep(sweep, &format!("panel[{index}].x"))?;
        }
    }
    for (index, line) in figure.horizontals.iter().enumerate() {
        let finite = match line.at {
            Level::At(y) => y.is_finite(),
            Level::MajorityClass(_) => true,
        };
        check.that(finite, format!("horizontal[{index}].at"), "not finite", "a finite number or \"rho\"")?;
    }
    check.that(!figure.curves.is_empty(), "curve", "no curve", "at least one [[curve]]")?;
    for (index, curve) in figure.curves.iter().enumerate() {
        let key = format!("curve[{index}] (`{}`)", curve.id);
        let twin = figure.curves[..index].iter().any(|other| other.id == curve.id);
        check.that(!twin, format!("{key}.id"), "used twice", "an id of its own")?;
        validate_curve(figure, curve, &key, &check)?;
    }
    validate_sizes(figure, &check)?;
    let curves: Vec<&str> = figure.curves.iter().map(|curve| curve.id.as_str()).collect();
    for (index, claim) in figure.claims.iter().enumerate() {
        let key = format!("claim[{index}]");
        let twin = figure.claims[..index].iter().any(|other| other.id == claim.id);
        check.that(!twin, format!("{key}.id"), format!("`{}` used twice", claim.id), "an id of its own")?;
        claim.validate(&curves).or_else(|reason| check.that(false, &key, reason, "the keys of its kind"))?;
    }
    for (index, number) in figure.numbers.iter().enumerate() {
        let key = format!("number[{index}]");
        let twin = figure.numbers[..index].iter().any(|other| other.name == number.name);
        check.that(!twin, format!("{key}.name"), format!("`{}` used twice", number.name), "a name of its own")?;
        number.validate(&curves).or_else(|reason| check.that(false, &key, reason, "the keys of its statistic"))?;
    }
    Ok(())
}

/// Points at other sizes must be experiment points of a curve of the figure.
fn validate_sizes(figure: &Figure, check: &Check<'_>) -> Result<(), SpecError> {
    for (index, entry) in figure.finite_size.iter().enumerate() {
        let key = format!("finite_size[{index}]");
        let ids = figure.curves.iter().map(|curve| curve.id.as_str()).collect::<Vec<_>>().join(", ");
        let curve = figure.curves.iter().find(|curve| curve.id == entry.curve);
        check.that(
            curve.is_some(),
            format!("{key}.curve"),
            format!("no curve `{}`", entry.curve),
            format!("one of {ids}"),
        )?;
        let places = curve.map(|curve| figure.experiment_x(curve)).unwrap_or_default();
        let known = entry.x.iter().all(|x| places.contains(x));
        check.that(
            known,
            format!("{key}.x"),
            format!("{:?} has no experiment", entry.x),
            format!("some of {places:?}"),
        )?;
    }
    Ok(())
}

fn validate_curve(figure: &Figure, curve: &Curve, key: &str, check: &Check<'_>) -> Result<(), SpecError> {
    if let Some(name) = &curve.panel {
        let names: Vec<&str> = figure.panels.iter().filter_map(|panel| panel.id.as_deref()).collect();
        let known = names.contains(&name.as_str());
        check.that(known, format!("{key}.panel"), format!("no panel `{name}`"), format!("one of {names:?}"))?;
    }
    let sweep = figure.sweep_of(curve);
    if let Some(range) = curve.range {
        check.range(range, sweep.scale, &format!("{key}.range"))?;
    }
    let points = curve.points.unwrap_or(sweep.points);
    check.that(
        points >= 2,
        format!("{key}.points"),
        format!("{points} points: the curve has no x"),
        "an integer ≥ 2",
    )?;
    if let Experiments::At(places) = &curve.experiment {
        let finite = places.iter().all(|x| x.is_finite());
        check.that(
            finite,
            format!("{key}.experiment"),
            "a value is not finite",
            "a list of finite numbers, or true or false",
        )?;
    }
    if let Some(Published::Series(PublishedSeries { range: Some(range), .. })) = &curve.published {
        check.range(*range, sweep.scale, &format!("{key}.published.range"))?;
    }
    let proxy = curve.teacher.kind == TeacherName::BayesOptimalProxy;
    let variance = curve.teacher.variance.is_none() || proxy;
    check.that(
        variance,
        format!("{key}.teacher.variance"),
        "given for another kind of teacher",
        "only with kind = \"bayes_optimal_proxy\"",
    )?;
    let tuned_teacher = curve.learner == LearnerName::Distilled && matches!(curve.teacher.lambda, Ridge::Optimal(_));
    check.that(
        !tuned_teacher,
        format!("{key}.teacher.lambda"),
        "`optimal` for the teacher of a student",
        "a number > 0; \"optimal\" tunes a learner for itself",
    )?;
    let parameter = curve.x.unwrap_or(sweep.parameter);
    let clash = curve.is_optimal() && matches!(parameter, Parameter::Lambda | Parameter::TeacherLambda);
    check.that(
        !clash,
        format!("{key}.x"),
        "sweeps a ridge that is \"optimal\"",
        "another parameter, or a fixed ridge",
    )?;
    let alpha = parameter == Parameter::Alpha || curve.data.alpha.or(figure.data.alpha).is_some();
    check.that(
        alpha,
        format!("{key}.data.alpha"),
        "no x and no value gives α",
        "x.parameter = \"alpha\", or alpha = a number > 0 in [data] or in the curve's data",
    )?;
    for x in figure.theory_x(curve, &[]) {
        figure.point(curve, x).map_err(|error| SpecError::Value {
            path: check.path.to_owned(),
            line: None,
            key: source_of(figure, curve, key, (error.parameter, x)),
            problem: format!("{} = {} at x = {x}", error.parameter, error.value),
            valid: error.valid.to_owned(),
        })?;
    }
    Ok(())
}

/// The key that a parameter of a curve comes from at x: the sweep, the curve, or the figure's data.
fn source_of(figure: &Figure, curve: &Curve, key: &str, (parameter, x): (&str, f64)) -> String {
    let swept = curve.x.unwrap_or(figure.sweep_of(curve).parameter);
    if swept.name() == parameter {
        let simulated = figure.experiment_x(curve).contains(&x);
        let (word, own) = match simulated {
            true => ("experiment", matches!(curve.experiment, Experiments::At(_))),
            false => ("range", curve.range.is_some()),
        };
        let panel = figure.panels.iter().position(|panel| panel.x.is_some() && curve.panel == panel.id);
        return match (own, panel) {
            (true, _) => format!("{key}.{word}"),
            (false, Some(index)) => format!("panel[{index}].x.{word}"),
            (false, None) => format!("x.{word}"),
        };
    }
    let data = [
        ("alpha", curve.data.alpha.is_some()),
        ("eta", curve.data.eta.is_some()),
        ("delta", curve.data.delta.is_some()),
        ("rho", curve.data.rho.is_some()),
    ];
    match (data.into_iter().find(|(name, _)| *name == parameter), parameter) {
        (Some((name, true)), _) => format!("{key}.data.{name}"),
        (Some((name, false)), _) => format!("data.{name}"),
        (None, "teacher_lambda") => format!("{key}.teacher.lambda"),
        (None, "lambda" | "chi" | "temperature") => format!("{key}.student.{parameter}"),
        (None, _) => format!("{key}.{parameter}"),
    }
}
