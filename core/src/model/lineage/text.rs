//! How spectra, targets and sample ratios are written: tables whose keys exclude each other.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Block, FixedTeacher, Signal, Source, Spectrum, TargetKind, Targets};

/// α as one number or as a list.
pub(super) struct Alphas;

#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "alpha is a number or a list of numbers, one a data set")]
enum OneOrMany {
    One(f64),
    Many(Vec<f64>),
}

impl Alphas {
    pub(super) fn serialize<S: Serializer>(alpha: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        match alpha {
            [one] => OneOrMany::One(*one),
            many => OneOrMany::Many(many.to_vec()),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Ok(match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        })
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpectrumText {
    /// `[[fraction, variance], …]` in the order of the features, the variances relative to delta.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Vec<Block>>,
    /// a of a power law Δ(u) = Δ(1 − a)u^−a; the features with the largest variances come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    power: Option<f64>,
    /// How the mean direction lies in a power law.
    #[serde(skip_serializing_if = "Option::is_none")]
    signal: Option<Signal>,
    /// A Parquet file with the columns variance and mean, one row a feature.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The variances themselves, one a feature.
    #[serde(skip_serializing_if = "Option::is_none")]
    variance: Option<Vec<f64>>,
    /// The components of the mean direction beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<Vec<f64>>,
}

impl TryFrom<SpectrumText> for Spectrum {
    type Error = &'static str;

    fn try_from(text: SpectrumText) -> Result<Self, Self::Error> {
        let SpectrumText { blocks, power, signal, file, variance, mean } = text;
        match (blocks, power, signal, file, variance, mean) {
            (None, None, None, None, None, None) => Ok(Self::Isotropic),
            (Some(blocks), None, None, None, None, None) => Ok(Self::Blocks(blocks)),
            (None, Some(exponent), signal, None, None, None) => {
                Ok(Self::Power { exponent, signal: signal.unwrap_or_default() })
            }
            (None, None, None, Some(file), None, None) => Ok(Self::File(file)),
            (None, None, None, None, Some(variance), Some(mean)) => Ok(Self::Table { variance, mean }),
            _ => Err("a spectrum is one of { blocks = [[fraction, variance], …] }, \
                      { power = a, signal = \"flat\" or \"aligned\" } and { file = \"…\" }"),
        }
    }
}

impl From<Spectrum> for SpectrumText {
    fn from(spectrum: Spectrum) -> Self {
        match spectrum {
            Spectrum::Isotropic => Self::default(),
            Spectrum::Blocks(blocks) => Self { blocks: Some(blocks), ..Self::default() },
            Spectrum::Power { exponent, signal } => {
                Self { power: Some(exponent), signal: Some(signal), ..Self::default() }
            }
            Spectrum::File(file) => Self { file: Some(file), ..Self::default() },
            Spectrum::Table { variance, mean } => {
                Self { variance: Some(variance), mean: Some(mean), ..Self::default() }
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetsText {
    /// The number of the earlier stage that is learned from, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<usize>,
    /// A teacher that is independent of the data, in place of `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    teacher: Option<FixedTeacher>,
    /// What of it.
    #[serde(default)]
    kind: TargetKind,
    /// χ, the weight of these targets; the labels have 1 − χ. 1 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    chi: Option<f64>,
    /// T; 1 where nothing is said of soft targets, 0 of hard ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
}

impl TryFrom<TargetsText> for Targets {
    type Error = &'static str;

    fn try_from(text: TargetsText) -> Result<Self, Self::Error> {
        let TargetsText { from, teacher, kind, chi, temperature } = text;
        let source = match (from, teacher) {
            (Some(number), None) => Source::Stage(number),
            (None, Some(teacher)) => Source::Teacher(teacher),
            _ => {
                return Err(
                    "targets name their source: either from = (the number of an earlier stage) or teacher = { m, q, b }",
                );
            }
        };
        let usual = match kind {
            TargetKind::Soft => 1.0,
            TargetKind::Hard => 0.0,
        };
        Ok(Self { source, kind, chi: chi.unwrap_or(1.0), temperature: temperature.unwrap_or(usual) })
    }
}

impl From<Targets> for TargetsText {
    fn from(targets: Targets) -> Self {
        let (from, teacher) = match targets.source {
            Source::Stage(number) => (Some(number), None),
            Source::Teacher(teacher) => (None, Some(teacher)),
        };
        let Targets { kind, chi, temperature, .. } = targets;
        Self { from, teacher, kind, chi: Some(chi), temperature: Some(temperature) }
    }
}
