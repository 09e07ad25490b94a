//! The columns that a panel can show: observables that theory and experiment both have in their tables.

use serde::{Deserialize, Serialize};

use crate::model::lineage::{OBSERVABLES, ObservableKind};
use crate::table::schema;

/// A column of the tables that a panel can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Column(ObservableKind);

impl Column {
    /// ε_g.
    pub const EG: Self = Self(ObservableKind::TestError);

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let mut names: Vec<&str> = Vec::new();
        let shown = OBSERVABLES.iter().filter(move |row| {
            let new = row.column.filter(|name| schema::EXPERIMENT.column(name).is_some() && !names.contains(name));
            names.extend(new);
            new.is_some()
        });
        shown.map(|row| Self(row.kind))
    }

    /// Name of the column in the theory and experiment tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.descriptor().column.unwrap_or_default()
    }

    /// Axis label in the mini markup.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.0.descriptor().label
    }

    /// What it is called in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.0.descriptor().words
    }

    /// What it is.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.0.descriptor().doc
    }
}

impl TryFrom<String> for Column {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::all().find(|column| column.name() == text).ok_or_else(|| {
            let names: Vec<String> = Self::all().map(|column| format!("`{}`", column.name())).collect();
            format!("`{text}` is no column of both tables; valid: {}", names.join(", "))
        })
    }
}

impl From<Column> for &'static str {
    fn from(column: Column) -> Self {
        column.name()
    }
}
