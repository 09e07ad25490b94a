//! A grid over the data of a figure, at every node of which its checks are judged anew.

use serde::{Deserialize, Serialize};

use super::{Alpha, Data, Figure};

/// A parameter of the data that a map varies.
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
        match self {
            Self::Alpha => "α",
            Self::Eta => "η",
            Self::Delta => "Δ",
            Self::Rho => "ρ",
            Self::LabelNoise => "θ",
        }
    }

    fn set(self, data: &mut Data, value: f64) {
        match self {
            Self::Alpha => data.alpha = Some(Alpha::One(value)),
            Self::Eta => data.eta = Some(value),
            Self::Delta => data.delta = Some(value),
            Self::Rho => data.rho = Some(value),
            Self::LabelNoise => data.label_noise = Some(value),
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
                    axis.parameter.set(&mut figure.data, value);
                    (values.iter().copied().chain([value]).collect(), figure)
                };
                axis.values.iter().map(at).collect::<Vec<_>>()
            };
            nodes = nodes.iter().flat_map(along).collect();
        }
        nodes
    }
}
