//! Reading and validating figure files: a run starts only from figures that are whole.

use std::path::{Path, PathBuf};

use super::curve::Experiments;
use super::rules::{Check, MOST_CURVES, MOST_ENTRIES, MOST_FIGURES, MOST_POINTS, MOST_POINTS_IN_ALL, MOST_SIMULATED};
use super::source::{read_text, toml_error, unprintable};
use super::{
    Curve, Figure, LearnerName, Level, Parameter, Published, PublishedSeries, Ridge, SpecError, TeacherName, name,
};

/// Reads every `<folder>/<id>/figure.toml`, in the order of their ids.
///
/// # Errors
/// The first file that cannot be read or does not validate.
pub fn load_all(folder: &Path) -> Result<Vec<Figure>, SpecError> {
    load_each(folder)?.into_iter().map(|(_, figure)| figure).collect()
}

/// The name of a figure's folder, and the figure, if it can be used.
pub type Named = (String, Result<Figure, SpecError>);

/// The same, each figure for itself under the name of its folder: one that is wrong does not keep the others from being read.
///
/// # Errors
/// The folder cannot be read, holds no figure or too many, or the figures have too many points in all.
pub fn load_each(folder: &Path) -> Result<Vec<Named>, SpecError> {
    let unreadable =
        |error: std::io::Error| SpecError::Unreadable { path: folder.to_owned(), reason: error.to_string() };
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let file = entry.path().join("figure.toml");
        if file.is_file() {
            files.push((entry.file_name().to_string_lossy().into_owned(), file));
        }
    }
    files.sort();
    if files.is_empty() {
        let reason = "no figure here; a figure is a folder with a figure.toml".to_owned();
        return Err(SpecError::Unreadable { path: folder.to_owned(), reason });
    }
    if files.len() > MOST_FIGURES {
        let reason = format!("{} figures; valid: {MOST_FIGURES} at most", files.len());
        return Err(SpecError::Unreadable { path: folder.to_owned(), reason });
    }
    let mut figures = Vec::new();
    let mut points = 0;
    for (name, file) in files {
        let figure = load(&file);
        let curves = figure.iter().flat_map(|figure| figure.curves.iter().map(move |curve| (figure, curve)));
        points += curves.map(|(figure, curve)| figure.theory_x(curve, &[]).len()).sum::<usize>();
        if points > MOST_POINTS_IN_ALL {
            let reason = format!(
                "with this figure the project has {points} theory points; valid: {MOST_POINTS_IN_ALL} at most in all"
            );
            return Err(SpecError::Unreadable { path: file, reason });
        }
        figures.push((name, figure));
    }
    Ok(figures)
}

/// Reads and validates one figure file.
///
/// # Errors
/// [`SpecError`] naming the file, the key and what would be valid.
pub fn load(path: &Path) -> Result<Figure, SpecError> {
    let text = read_text(path)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let mut figure = parse(&text, path)?;
    figure.folder = folder;
    validate(&figure, path).map_err(|error| error.located(&text))?;
    check_text(&figure.folder.join(TEXT))?;
    Ok(figure)
}

/// A figure's words, beside its `figure.toml`.
const TEXT: &str = "text.md";

/// Refuses a figure whose text is not there, or would not be shown as it is written.
fn check_text(path: &Path) -> Result<(), SpecError> {
    let refuse = |reason: String| SpecError::Unreadable { path: path.to_owned(), reason };
    if !path.exists() {
        return Err(refuse("no such file; valid: the figure's text in Markdown, beside its figure.toml".to_owned()));
    }
    let text = read_text(path)?;
    match text.lines().enumerate().find_map(|(index, line)| Some((index + 1, unprintable(line, true)?))) {
        Some((line, found)) => Err(refuse(format!("line {line}: holds the control character {found:?}; valid: text"))),
        None => Ok(()),
    }
}

/// The typed figure, or an error with line, key and near words.
fn parse(text: &str, path: &Path) -> Result<Figure, SpecError> {
    let shape = |error: toml::de::Error| SpecError::Shape { path: path.to_owned(), message: toml_error(text, &error) };
    let figure = toml::from_str(text).map_err(shape)?;
    let check = Check { path };
    let table: toml::Table = toml::from_str(text).map_err(shape)?;
    check.shown(&toml::Value::Table(table), String::new()).map_err(|error| error.located(text))?;
    Ok(figure)
}

fn validate(figure: &Figure, path: &Path) -> Result<(), SpecError> {
    let check = Check { path };
    check.id(name::figure_id, &figure.id, "id")?;
    let folder = figure.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    check.that(
        figure.id == folder,
        "id",
        format!("`{}` in the folder `{folder}`", figure.id),
        format!("`{folder}`"),
    )?;
    let lists = [
        ("curve", figure.curves.len(), MOST_CURVES),
        ("panel", figure.panels.len(), MOST_ENTRIES),
        ("line", figure.lines.len(), MOST_ENTRIES),
        ("claim", figure.claims.len(), MOST_ENTRIES),
        ("number", figure.numbers.len(), MOST_ENTRIES),
        ("finite_size", figure.finite_size.len(), MOST_ENTRIES),
    ];
    lists.into_iter().try_for_each(|(key, count, most)| check.at_most(count, most, key, "entries"))?;
    check.sweep(&figure.x, "x")?;
    check.that(!figure.panels.is_empty(), "panel", "no panel", "at least one [[panel]]")?;
    for (index, panel) in figure.panels.iter().enumerate() {
        if let Some(id) = &panel.id {
            check.id(name::id, id, format!("panel[{index}].id"))?;
        }
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
        check.id(name::id, &curve.id, format!("curve[{index}].id"))?;
        let key = format!("curve[{index}] (`{}`)", curve.id);
        let twin = figure.curves[..index].iter().any(|other| other.id == curve.id);
        check.that(!twin, format!("{key}.id"), "used twice", "an id of its own")?;
        validate_curve(figure, curve, &key, &check)?;
    }
    validate_sizes(figure, &check)?;
    let curves: Vec<&str> = figure.curves.iter().map(|curve| curve.id.as_str()).collect();
    for (index, claim) in figure.claims.iter().enumerate() {
        let key = format!("claim[{index}]");
        check.id(name::id, &claim.id, format!("{key}.id"))?;
        let twin = figure.claims[..index].iter().any(|other| other.id == claim.id);
        check.that(!twin, format!("{key}.id"), format!("`{}` used twice", claim.id), "an id of its own")?;
        claim.validate(&curves).or_else(|reason| check.that(false, &key, reason, "the keys of its kind"))?;
    }
    for (index, number) in figure.numbers.iter().enumerate() {
        let key = format!("number[{index}]");
        check.id(name::id, &number.name, format!("{key}.name"))?;
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
    check.points(curve.points.unwrap_or(sweep.points), format!("{key}.points"))?;
    if let Experiments::At(places) = &curve.experiment {
        check.at_most(places.len(), MOST_SIMULATED, format!("{key}.experiment"), "points")?;
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
    let places = figure.theory_x(curve, &[]);
    check.at_most(places.len(), MOST_POINTS, format!("{key}.points"), "points, those of `finer` among them")?;
    for x in places {
        figure.point(curve, x).map_err(|error| SpecError::Value {
            path: check.path.to_owned(),
            line: None,
            key: source_of(figure, curve, key, (error.parameter, x)),
            problem: format!("{} = {:?} at x = {x}", error.parameter, error.value),
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
