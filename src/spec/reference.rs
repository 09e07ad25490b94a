//! The reference of figure files and of the project file, made from the types that read them: names as serde has them, meanings as the types
//! say them.

use std::fmt::Write;

use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor, value::Error};

use super::project_file::{ProfileTable, ProjectFile, ReportTable, SamplingName};
use super::quantity::{Arm, Quantity, Statistic};
use super::{
    Column, Curve, Data, Figure, FiniteSize, Horizontal, LineStyle, MapAxis, Measured, Number, Panel, PublishedSeries,
};
use super::{Finer, MajorityClass, Scale, Sweep, Threshold, Varied, Vertical};
use crate::model::lineage::{
    DESCRIPTORS, Descriptor, FixedTeacher, Loss, Signal, Spectrum, Stage, TargetKind, Targets,
};
use crate::model::{LearnerName, ProxyVariance};

const FIGURE: &str = include_str!("figure.rs");
const CURVE: &str = include_str!("curve.rs");
const QUANTITY: &str = include_str!("quantity.rs");
const LEARNER: &str = include_str!("../../core/src/model/learner.rs");
const LOSS: &str = include_str!("../../core/src/model/lineage/loss.rs");
const PROJECT: &str = include_str!("project_file.rs");
const TEXT: &str = include_str!("../../core/src/model/lineage/text.rs");
const STAGE: &str = include_str!("../../core/src/model/lineage/stage.rs");

/// Keys of a table of the file, or words that a key may be, with what each means.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The table as it is written, or the key.
    pub title: &'static str,
    /// Names and meanings.
    pub entries: Vec<(String, String)>,
}

/// Every table and word of a figure file, then those of the project file.
#[must_use]
pub fn reference() -> Vec<Section> {
    vec![
        section::<Figure>("the file", FIGURE, "Figure"),
        told::<Data>("[data], and data = { … } of a curve", CURVE, "Data"),
        section::<Spectrum>("spectrum = { … } of the data", TEXT, "SpectrumText"),
        section::<Signal>("signal", include_str!("../../core/src/model/lineage/data.rs"), "Signal"),
        section::<Sweep>("[x], and x = { … } of a panel", FIGURE, "Sweep"),
        section::<Finer>("finer = [{ … }] of a sweep", FIGURE, "Finer"),
        section::<Panel>("[[panel]]", FIGURE, "Panel"),
        told::<Curve>("[[curve]]", CURVE, "Curve"),
        section::<Stage>("[[curve.stage]]", STAGE, "Stage"),
        section::<Targets>("targets = { … } of a stage", TEXT, "TargetsText"),
        section::<FixedTeacher>("teacher = { … } of targets", STAGE, "FixedTeacher"),
        section::<TargetKind>("kind of targets", LOSS, "TargetKind"),
        section::<PublishedSeries>("published = { … } of a curve", CURVE, "PublishedSeries"),
        section::<Measured>("measured = { … } of a curve", include_str!("measured.rs"), "Measured"),
        section::<Vertical>("[[line]]", FIGURE, "Vertical"),
        section::<Threshold>("at of [[line]], where it is no number", FIGURE, "Threshold"),
        section::<Horizontal>("[[horizontal]]", FIGURE, "Horizontal"),
        section::<MajorityClass>("at of [[horizontal]], where it is no number", FIGURE, "MajorityClass"),
        Section { title: "[[claim]]", entries: claim() },
        section::<Number>("[[number]]", include_str!("number.rs"), "Number"),
        section::<Quantity>("quantity, less, over = { … } of a claim or number", QUANTITY, "Quantity"),
        section::<MapAxis>("[[map]]", include_str!("map.rs"), "MapAxis"),
        section::<FiniteSize>("[[finite_size]]", FIGURE, "FiniteSize"),
        section::<LearnerName>("learner", LEARNER, "LearnerName"),
        section::<ProxyVariance>("variance of a curve", LEARNER, "ProxyVariance"),
        section::<Loss>("loss", LOSS, "Loss"),
        Section { title: "y", entries: columns() },
        section::<Statistic>("statistic", QUANTITY, "Statistic"),
        section::<Arm>("arm", QUANTITY, "Arm"),
        section::<LineStyle>("style", CURVE, "LineStyle"),
        section::<Scale>("scale", FIGURE, "Scale"),
        section::<Varied>("parameter of [[map]]", include_str!("map.rs"), "Varied"),
        Section { title: "parameter of [x], and whatever is optimal", entries: parameters() },
        section::<ProjectFile>("redistill.toml, the file of the project", PROJECT, "ProjectFile"),
        section::<ReportTable>("[report] of redistill.toml", PROJECT, "ReportTable"),
        section::<ProfileTable>("[profile.NAME] of redistill.toml", PROJECT, "ProfileTable"),
        section::<SamplingName>("sampling of a profile", PROJECT, "SamplingName"),
    ]
}

/// The reference as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from("# figure.toml and redistill.toml\n");
    for Section { title, entries } in reference() {
        let _ = write!(text, "\n## {title}\n\n| name | meaning |\n|---|---|\n");
        for (name, meaning) in entries {
            let _ = writeln!(text, "| `{name}` | {} |", meaning.replace('|', "\\|"));
        }
    }
    text
}

fn section<T: DeserializeOwned>(title: &'static str, source: &str, item: &str) -> Section {
    let names = names::<T>().iter().map(|name| (*name).to_owned());
    Section { title, entries: names.zip(meanings(source, item)).collect() }
}

/// The same of a table with parameters among its keys: what these are, their descriptors say.
fn told<T: DeserializeOwned>(title: &'static str, source: &str, item: &str) -> Section {
    let mut section = section::<T>(title, source, item);
    for (name, meaning) in &mut section.entries {
        if let Some(Descriptor { symbol, doc, .. }) = DESCRIPTORS.iter().find(|row| row.domain.parameter == *name) {
            *meaning = format!("{symbol}, {doc}. {meaning}");
        }
    }
    section
}

/// A claim is read from a bare table, so its own fields are its keys, but for what it is held against.
fn claim() -> Vec<(String, String)> {
    let source = include_str!("claim.rs");
    let named = ["id", "claim", "text", "title", "reason", "condition"].map(str::to_owned);
    let mut entries: Vec<(String, String)> = named.into_iter().zip(meanings(source, "Claim")).collect();
    entries.push(("quantity, less, over".to_owned(), "what is computed: the first, minus or over another".to_owned()));
    let relations = ["below", "above", "at_most", "at_least", "within", "outside"].map(str::to_owned);
    entries.extend(relations.into_iter().zip(meanings(include_str!("relation.rs"), "Relation")));
    entries
}

fn columns() -> Vec<(String, String)> {
    Column::all()
        .map(|column| (column.name().to_owned(), format!("{}, {}", column.label(), column.meaning())))
        .collect()
}

fn parameters() -> Vec<(String, String)> {
    let of = |one: &Descriptor| {
        (one.domain.parameter.to_owned(), format!("{}, {}; {}", one.symbol, one.doc, one.domain.valid))
    };
    DESCRIPTORS.iter().map(of).collect()
}

/// The comments on the fields of a struct or on the variants of an enum, in order.
fn meanings(source: &str, item: &str) -> Vec<String> {
    let heads = ["pub struct", "pub(super) struct", "pub enum"].map(|kind| format!("{kind} {item} {{"));
    let lines = source.lines().skip_while(|line| !heads.iter().any(|head| line == head)).skip(1);
    let (mut all, mut comment): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    for line in lines.take_while(|line| *line != "}").map(str::trim) {
        if let Some(words) = line.strip_prefix("/// ") {
            comment.push(words);
        } else if !line.starts_with('#') && !comment.is_empty() {
            all.push(std::mem::take(&mut comment).join(" "));
        }
    }
    all
}

/// The names of the fields or variants that a type is read from.
fn names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(Probe(&mut names));
    names
}

/// Gives nothing to read and keeps what was asked for.
struct Probe<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("nothing to read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = fields;
        Err(Error::custom("nothing to read"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = variants;
        Err(Error::custom("nothing to read"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_meaning_and_none_is_left_over() {
        for Section { title, entries } in reference() {
            assert!(!entries.is_empty(), "{title}: {entries:?}");
            assert!(entries.iter().all(|(_, meaning)| meaning.len() > 1), "{title}: {entries:?}");
        }
        let count = |source, item| meanings(source, item).len();
        assert_eq!(names::<Curve>().len(), count(CURVE, "Curve"));
        assert_eq!(names::<Quantity>().len(), count(QUANTITY, "Quantity"));
        // the folder is not read
        assert_eq!(names::<Figure>().len() + 1, count(FIGURE, "Figure"));
        assert!(
            markdown()
                .contains("| `teacher_lambda` | λ̃, ridge of the teacher, the stage that the last one learns from.")
        );
    }
}
