//! A curve carried elsewhere: into the explorer as its setting, and into another figure's file.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::spec::{Curve, Figure, LineStyle, Scale, Subject};
use crate::verdict::Evidence;

use super::explorer::rounded;

/// What the explorer has on its y axis, as columns are named.
const QUANTITIES: [&str; 5] = ["eg", "m", "q", "b", "S"];

/// The setting of a drawn curve from which the explorer begins, with its axes: of a student if there is one, rather
/// than of one that is tuned at each x. None where the explorer can say no curve of the figure.
pub(super) fn setting(evidence: &Evidence<'_>) -> Option<Value> {
    let drawn = evidence.spec.curves.iter().filter(|curve| curve.style != LineStyle::Hidden && !curve.is_bound());
    let said = drawn.filter_map(|curve| Some((curve, at_middle(evidence, curve)?)));
    let first = said.min_by_key(|(curve, told)| (told.contains_key("student"), !curve.optimal().is_empty()));
    first.map(|(_, told)| Value::Object(told))
}

/// What a curve has at the middle of its x, what is tuned included, and the axes on which it is drawn.
fn at_middle(evidence: &Evidence<'_>, curve: &Curve) -> Option<Map<String, Value>> {
    let spec = evidence.spec;
    let rows = evidence.theory.rows_where("curve", &curve.id);
    let (&first, &middle) = (rows.first()?, rows.get(rows.len() / 2)?);
    let [one, other] = [first, middle].map(|row| at(evidence, curve, row, false));
    let (one, other) = (one?, other?);
    // the axis is what differs from one place to another
    let swept: Vec<&String> = other.keys().filter(|key| one.get(*key) != other.get(*key)).collect();
    let [x] = swept[..] else { return None };
    let panels = spec.panels.iter().enumerate().filter(|(_, panel)| spec.shows(panel, curve));
    let (panel, y) =
        panels.map(|(index, panel)| (index, panel.y.name())).find(|(_, name)| QUANTITIES.contains(name))?;
    let sweep = spec.sweep_of(curve);
    let mut told = at(evidence, curve, middle, true)?;
    told.extend([
        ("x".into(), json!(x)),
        ("y".into(), json!(y.to_lowercase())),
        ("from".into(), json!(sweep.range[0])),
        ("to".into(), json!(sweep.range[1])),
        ("log".into(), json!(sweep.scale == Scale::Log)),
        // what is drawn underneath
        ("figure".into(), json!(spec.id)),
        ("panel".into(), json!(panel)),
    ]);
    // the digits that the fields show
    for value in told.values_mut().filter(|value| value.is_f64()) {
        *value = json!(value.as_f64().map(rounded));
    }
    Some(told)
}

/// What the explorer would say of a curve in a row of the theory table.
fn at(evidence: &Evidence<'_>, curve: &Curve, row: usize, tuned: bool) -> Option<Map<String, Value>> {
    let point = evidence.spec.point(curve, evidence.theory.real("x", row)?).ok()?;
    let Subject::Lineage(mut lineage) = point.subject else { return None };
    let teacher = curve.learner.is_some_and(|learner| learner.is_teacher());
    for parameter in point.optimal.iter().filter(|_| tuned) {
        // a teacher's own ridge is λ̃ to the table
        let column = if teacher { "teacher_lambda".to_owned() } else { parameter.to_string() };
        parameter.set(&mut lineage, evidence.theory.real(&column, row)?).ok()?;
    }
    said(&serde_json::to_value(lineage).ok()?, teacher)
}

/// A lineage, as it is written, in the words of the explorer, which has one or two stages on features of one variance.
fn said(lineage: &Value, teacher: bool) -> Option<Map<String, Value>> {
    let data = &lineage["data"];
    let stages = lineage["stage"].as_array()?;
    let known = |stage: &Value| {
        stage.get("bias").is_none() && ["logistic", "square"].iter().any(|loss| stage["loss"] == **loss)
    };
    if data.get("spectrum").is_some() || !stages.iter().all(known) {
        return None;
    }
    let samples = |stage: &Value| match &data["alpha"] {
        Value::Array(sets) => sets.get(usize::try_from(stage["data"].as_u64()?).ok()?.checked_sub(1)?).cloned(),
        one => Some(one.clone()),
    };
    let none = json!(0.0);
    let (first, rest) = stages.split_first()?;
    let smoothing = first.get("smoothing").unwrap_or(&none);
    let mut told: Map<String, Value> =
        ["delta", "rho", "label_noise"].map(|key| (key.to_owned(), data[key].clone())).into_iter().collect();
    told.insert("alpha".into(), samples(first)?);
    told.insert("epsilon".into(), smoothing.clone());
    let whole = first["features"] == 1.0;
    let of_labels = first.get("targets").is_none();
    let mut ridge = |stage: &Value, lambda: &str, loss: &str| {
        told.insert(lambda.into(), stage["lambda"].clone());
        told.insert(loss.into(), stage["loss"].clone());
    };
    let own = match rest {
        [] if of_labels && (whole || teacher) => {
            ridge(first, "teacher_lambda", "teacher_loss");
            json!({ "student": false, "eta": 1.0 })
        }
        [] if of_labels => {
            ridge(first, "lambda", "loss");
            json!({ "student": false, "teacher": false, "direct": true, "eta": first["features"] })
        }
        [student] if of_labels && whole && student.get("smoothing").is_none() => {
            let targets = student.get("targets").filter(|targets| targets["from"] == 1)?;
            let soft = targets["kind"] == "soft";
            if !soft && targets["temperature"] != 0.0 {
                return None;
            }
            ridge(first, "teacher_lambda", "teacher_loss");
            ridge(student, "lambda", "loss");
            json!({
                "eta": student["features"],
                "targets": targets["kind"],
                "chi": targets["chi"],
                "temperature": if soft { targets["temperature"].clone() } else { json!(1.0) },
                "fresh": if student["data"] == first["data"] { none } else { samples(student)? },
            })
        }
        _ => return None,
    };
    told.extend(own.as_object()?.clone());
    Some(told)
}

/// A curve for the file of another figure: with its data, its x and what is swept, which were its figure's, and without
/// its panel and the names of its print.
///
/// # Errors
/// What TOML cannot say.
pub(super) fn copied(spec: &Figure, curve: &Curve) -> Result<String, toml::ser::Error> {
    #[derive(Serialize)]
    struct File {
        curve: [Curve; 1],
    }
    let sweep = spec.sweep_of(curve);
    let mut copied = curve.clone();
    copied.data = spec.data_of(curve);
    copied.x = Some(spec.swept(curve));
    copied.range.get_or_insert(sweep.range);
    copied.points.get_or_insert(sweep.points);
    (copied.panel, copied.published) = (None, None);
    // what was read of a file stays in the file
    if let Some(measured) = &mut copied.measured {
        measured.points.clear();
    }
    toml::to_string(&File { curve: [copied] })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::spec::{load, load_all};

    const HEAD: &str = "id = \"new\"\ntitle = \"t\"\ncaption = \"c\"\n[x]\nparameter = \"lambda\"\nrange = [1e-3, 1.0]\npoints = 3\n\
                        [[panel]]\ny = \"eg\"\nrange = [0.0, 0.5]\n";

    #[test]
    fn a_copied_curve_is_whole_in_another_figure() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new");
        std::fs::create_dir(&new).unwrap();
        std::fs::write(new.join("text.md"), "t\n").unwrap();
        let figures = load_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("figures")).unwrap();
        for (spec, curve) in figures.iter().flat_map(|spec| spec.curves.iter().map(move |curve| (spec, curve))) {
            // a file of measurements lies beside its figure
            let text = copied(spec, &Curve { measured: None, ..curve.clone() }).unwrap();
            std::fs::write(new.join("figure.toml"), format!("{HEAD}{text}")).unwrap();
            let again = load(&new.join("figure.toml")).unwrap_or_else(|error| panic!("{}: {error}", curve.id));
            let (one, other) = (&again.curves[0], curve);
            for x in [0, 1].map(|end| one.range.unwrap()[end]) {
                let [again, before] = [again.point(one, x), spec.point(other, x)].map(|point| point.map(|p| p.subject));
                assert_eq!(again, before, "{}, {} at {x}", spec.id, curve.id);
            }
        }
    }

    #[test]
    fn the_explorer_says_students_teachers_and_no_more() {
        let data = json!({ "alpha": [2.0, 3.0], "delta": 1.0, "rho": 0.2, "label_noise": 0.1 });
        let stage =
            |features: f64, set: usize| json!({ "features": features, "loss": "logistic", "lambda": 0.1, "data": set });
        let mut student = stage(0.5, 2);
        student["targets"] = json!({ "from": 1, "kind": "soft", "chi": 0.5, "temperature": 2.0 });
        let of = |stages: &[Value]| said(&json!({ "data": data, "stage": stages }), false);
        let told = of(&[stage(1.0, 1), student.clone()]).unwrap();
        let fresh =
            [("alpha", 2.0), ("fresh", 3.0), ("eta", 0.5), ("chi", 0.5), ("temperature", 2.0), ("epsilon", 0.0)];
        assert!(fresh.iter().all(|(key, value)| told[*key] == *value), "{told:?}");
        assert_eq!(of(&[stage(1.0, 1)]).unwrap()["student"], false);
        assert_eq!(of(&[stage(0.5, 1)]).unwrap()["direct"], true);
        let mut hinge = stage(1.0, 1);
        hinge["loss"] = json!("hinge");
        for lacking in [vec![hinge, student.clone()], vec![stage(0.5, 1), student.clone()], vec![student]] {
            assert_eq!(of(&lacking), None);
        }
    }
}
