//! What the x of a sweep binds: a parameter, or nothing.

use serde::{Deserialize, Serialize};

use crate::model::lineage::{Parameter, ParameterError};

/// What x binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Swept {
    /// A parameter.
    Parameter(Parameter),
    /// Nothing: the curve is a horizontal.
    None,
}

/// The word for [`Swept::None`].
const NONE: &str = "none";

impl TryFrom<String> for Swept {
    type Error = ParameterError;

    fn try_from(text: String) -> Result<Self, ParameterError> {
        if text == NONE { Ok(Self::None) } else { text.parse().map(Self::Parameter) }
    }
}

impl From<Swept> for String {
    fn from(swept: Swept) -> Self {
        swept.name()
    }
}

impl Swept {
    /// As it is written in figure files.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Parameter(parameter) => parameter.to_string(),
            Self::None => NONE.to_owned(),
        }
    }

    /// The symbol in the mini markup of axis labels.
    #[must_use]
    pub fn symbol(self) -> String {
        match self {
            Self::Parameter(parameter) => parameter.symbol(),
            Self::None => "x".to_owned(),
        }
    }

    pub(super) fn is(self, name: &str) -> bool {
        match self {
            Self::Parameter(parameter) => parameter.to_string() == name,
            Self::None => false,
        }
    }
}
