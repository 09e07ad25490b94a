//! A grid over the data of a figure and the ridge of its students, at every node of which its checks are judged anew.

use serde::{Deserialize, Serialize};

use crate::model::lineage::Descriptor;

use super::quantity::word_of;
use super::rules::{Check, MOST_ENTRIES};
use super::{Alpha, Figure, SpecError, Value};

/// A parameter that a map varies: of the data where a curve says nothing else, or λ where a curve has a number for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Varied {
    /// α.
    Alpha,
    /// η.
    Eta,
    /// Δ.
    Delta,
    /// ρ.
    Rho,
    /// θ.
    LabelNoise,
    /// λ of the last stage.
    Lambda,
}

/// One direction of the grid. The first is drawn along x, the second along y, the third side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapAxis {
    /// What it varies.
    pub parameter: Varied,
    /// The values, rising.
    pub values: Vec<f64>,
}

impl Varied {
    /// Its symbol.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        Descriptor::named(&word_of(&self)).symbol
    }

    /// What a figure has of it at its own node, if it is one number.
    #[must_use]
    pub fn of(self, figure: &Figure) -> Option<f64> {
        let Figure { data, curves, .. } = figure;
        match self {
            Self::Alpha => match data.alpha {
                Some(Alpha::One(alpha)) => Some(alpha),
                Some(Alpha::Sets(_)) | None => None,
            },
            Self::Eta => Some(data.eta()),
            Self::Delta => Some(data.delta()),
            Self::Rho => Some(data.rho()),
            Self::LabelNoise => Some(data.label_noise.unwrap_or(0.0)),
            Self::Lambda => curves.iter().find_map(|curve| match curve.lambda {
                Some(Value::Fixed(lambda)) => Some(lambda),
                Some(Value::Optimal(_)) | None => None,
            }),
        }
    }

    fn set(self, figure: &mut Figure, value: f64) {
        let Figure { data, curves, .. } = figure;
        match self {
            Self::Alpha => data.alpha = Some(Alpha::One(value)),
            Self::Eta => data.eta = Some(value),
            Self::Delta => data.delta = Some(value),
            Self::Rho => data.rho = Some(value),
            Self::LabelNoise => data.label_noise = Some(value),
            Self::Lambda => {
                let named = curves.iter_mut().filter_map(|curve| curve.lambda.as_mut());
                named.filter(|own| matches!(own, Value::Fixed(_))).for_each(|own| *own = Value::Fixed(value));
                let spelt = curves.iter_mut().filter(|curve| curve.optimal.is_empty());
                spelt.filter_map(|curve| curve.stages.last_mut()).for_each(|stage| stage.lambda = value);
            }
        }
    }
}

impl Figure {
    /// The nodes of its map, the last direction fastest: the values of every direction, and the figure there.
    #[must_use]
    pub fn nodes(&self) -> Vec<(Vec<f64>, Self)> {
        let mut nodes = vec![(Vec::new(), Self { map: Vec::new(), ..self.clone() })];
        for axis in &self.map {
            let along = |(values, figure): &(Vec<f64>, Self)| {
                let at = |&value: &f64| {
                    let mut figure = figure.clone();
                    axis.parameter.set(&mut figure, value);
                    (values.iter().copied().chain([value]).collect(), figure)
                };
                axis.values.iter().map(at).collect::<Vec<_>>()
            };
            nodes = nodes.iter().flat_map(along).collect();
        }
        nodes
    }
}

/// Directions of a map: along x, along y, side by side.
const MOST_DIRECTIONS: usize = 3;

/// The values of a map rise, its nodes are not too many, and every curve can be solved at each.
pub(super) fn validate_map(figure: &Figure, check: &Check<'_>) -> Result<(), SpecError> {
    let directions = figure.map.len();
    check.that(directions <= MOST_DIRECTIONS, "map", format!("{directions} directions"), "three at most")?;
    for (index, axis) in figure.map.iter().enumerate() {
        let rising = !axis.values.is_empty() && axis.values.is_sorted_by(|a, b| a < b);
        check.that(rising, format!("map[{index}].values"), "do not rise", "numbers, each larger than the last")?;
    }
    let nodes: usize = figure.map.iter().map(|axis| axis.values.len()).product();
    check.at_most(nodes, MOST_ENTRIES, "map", "nodes")?;
    if figure.map.is_empty() {
        return Ok(());
    }
    for (values, here) in figure.nodes() {
        for (index, curve) in here.curves.iter().enumerate() {
            for x in here.theory_x(curve, &[]) {
                here.point(curve, x).map_err(|error| SpecError::Value {
                    path: check.path.to_owned(),
                    line: None,
                    key: format!("curve[{index}] (`{}`)", curve.id),
                    problem: format!("at the node {values:?} of the map, {error}"),
                    valid: "a map whose nodes are in every curve's domain".to_owned(),
                })?;
            }
        }
    }
    Ok(())
}
