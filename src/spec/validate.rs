//! Whether a figure makes sense: every value in its domain, every name that of something there.

use std::path::Path;

use super::curve::Experiments;
use super::map::validate_map;
use super::reach::reaches;
use super::rules::{
    Check, FEWEST_FEATURES, MOST_CURVES, MOST_ENTRIES, MOST_FEATURES, MOST_POINTS, MOST_SIMULATED, MOST_SIZES,
};
use super::{Curve, Data, Figure, Level, Published, PublishedSeries, SpecError, Swept, name};
use crate::model::LearnerName;

/// Checks a figure that was read from a path.
pub(super) fn validate(figure: &Figure, path: &Path) -> Result<(), SpecError> {
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
        ("horizontal", figure.horizontals.len(), MOST_ENTRIES),
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
            let twin = figure.panels[..index].iter().any(|other| other.id.as_ref() == Some(id));
            check.that(!twin, format!("panel[{index}].id"), format!("`{id}` used twice"), "an id of its own")?;
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
    validate_map(figure, &check)?;
    let curves: Vec<&str> = figure.curves.iter().map(|curve| curve.id.as_str()).collect();
    for (index, claim) in figure.claims.iter().enumerate() {
        let key = format!("claim[{index}]");
        check.id(name::id, &claim.id, format!("{key}.id"))?;
        let twin = figure.claims[..index].iter().any(|other| other.id == claim.id);
        check.that(!twin, format!("{key}.id"), format!("`{}` used twice", claim.id), "an id of its own")?;
        check.expression(claim.validate(&curves), &key)?;
        let reached = reaches(figure, &claim.expression);
        check.expression(reached.map_err(|wrong| wrong.of(format_args!("claim `{}`", claim.id))), &key)?;
    }
    for (index, number) in figure.numbers.iter().enumerate() {
        let key = format!("number[{index}]");
        check.id(name::id, &number.name, format!("{key}.name"))?;
        let twin = figure.numbers[..index].iter().any(|other| other.name == number.name);
        check.that(!twin, format!("{key}.name"), format!("`{}` used twice", number.name), "a name of its own")?;
        check.expression(number.validate(&curves), &key)?;
        let reached = reaches(figure, &number.expression());
        check.expression(reached.map_err(|wrong| wrong.of(format_args!("number `{}`", number.name))), &key)?;
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
        let of_curve = figure.finite_size[..=index].iter().filter(|other| other.curve == entry.curve);
        let all: Vec<f64> = of_curve.flat_map(|other| other.x.iter().copied()).collect();
        check.once(&all, format!("{key}.x"), "each place of a curve once, in one [[finite_size]]")?;
        check.that(
            known,
            format!("{key}.x"),
            format!("{:?} has no experiment", entry.x),
            format!("some of {places:?}"),
        )?;
        check.at_most(entry.sizes.len(), MOST_SIZES, format!("{key}.sizes"), "sizes")?;
        let rising = entry.sizes.is_sorted_by(|a, b| a < b);
        let usable = entry.sizes.iter().all(|n| (FEWEST_FEATURES..=MOST_FEATURES).contains(n));
        check.that(
            rising && usable,
            format!("{key}.sizes"),
            format!("{:?}", entry.sizes),
            format!("rising numbers from {FEWEST_FEATURES} to {MOST_FEATURES}"),
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
        check.places(places, format!("{key}.experiment"), "a list of finite numbers, or true or false")?;
    }
    if let Some(Published::Series(PublishedSeries { range, points, .. })) = &curve.published {
        check.once(points, format!("{key}.published.points"), "each series once")?;
        range.map_or(Ok(()), |range| check.range(range, sweep.scale, &format!("{key}.published.range")))?;
    }
    validate_learner(curve, key, check)?;
    let swept = figure.swept(curve);
    let tuned = curve.optimal();
    let clash = tuned.iter().any(|parameter| swept == Swept::Parameter(*parameter));
    check.that(
        !clash,
        format!("{key}.x"),
        format!("sweeps {}, which is \"optimal\"", swept.name()),
        "another parameter, or a fixed value",
    )?;
    let gives_alpha = matches!(swept, Swept::Parameter(parameter) if parameter.name() == "alpha");
    let alpha = gives_alpha || figure.data_of(curve).alpha.is_some();
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
            key: source_of(figure, curve, key, (&error.parameter, x)),
            problem: format!("{} at x = {x}: {}", error.parameter, error.problem),
            valid: error.valid,
        })?;
    }
    Ok(())
}

/// A curve has a named learner and keys that mean something to it, or stages.
fn validate_learner(curve: &Curve, key: &str, check: &Check<'_>) -> Result<(), SpecError> {
    let one = curve.learner.is_some() == curve.stages.is_empty();
    let names = LearnerName::ALL.map(LearnerName::name).join(", ");
    let problem = if curve.learner.is_some() { "given beside stages" } else { "neither a learner nor a stage" };
    check.that(one, format!("{key}.learner"), problem, format!("one of {names}; or [[curve.stage]] in place of it"))?;
    let told = curve.told().map(|(name, value)| (name, value.is_some()));
    for (name, _) in told.into_iter().chain([("variance", curve.variance.is_some())]).filter(|(_, given)| *given) {
        let (problem, valid) = match curve.learner {
            None => ("given beside stages".to_owned(), "in a [[curve.stage]]".to_owned()),
            Some(learner) if !learner.parameters().contains(&name) => {
                let users = LearnerName::ALL.iter().filter(|other| other.parameters().contains(&name));
                let users: Vec<&str> = users.map(|other| other.name()).collect();
                (format!("has no effect on `{}`", learner.name()), format!("with {}", users.join(", ")))
            }
            Some(_) => continue,
        };
        check.that(false, format!("{key}.{name}"), problem, valid)?;
    }
    Ok(())
}

/// The key that a parameter of a curve comes from at x: the sweep, the curve, or the figure's data.
fn source_of(figure: &Figure, curve: &Curve, key: &str, (parameter, x): (&str, f64)) -> String {
    if figure.swept(curve).name() == parameter {
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
    let Data { alpha, eta, delta, rho, label_noise, spectrum } = &curve.data;
    let data = [
        ("alpha", alpha.is_some()),
        ("eta", eta.is_some()),
        ("delta", delta.is_some()),
        ("rho", rho.is_some()),
        ("label_noise", label_noise.is_some()),
        ("spectrum", spectrum.is_some()),
    ];
    let name = parameter.split('.').next().unwrap_or(parameter);
    match data.into_iter().find(|(known, _)| *known == name) {
        Some((_, true)) => format!("{key}.data.{parameter}"),
        Some((_, false)) => format!("data.{parameter}"),
        None => format!("{key}.{parameter}"),
    }
}
