//! The one language in which claims and numbers are written: quantities, and what they are held against.
//!
//! ```toml
//! quantity = { statistic = "max", curve = "kd", minus = "direct", range = [2.0, 10.0] }
//! less = { statistic = "max", curve = "other" }     # or `over`, for a ratio
//! below = 0.0                                       # or above, at_most, at_least, within, outside
//! ```

use serde::{Deserialize, Serialize};

use super::quantity::{Interval, Quantity, Wrong, ordered};

/// A quantity, or two with a minus or a division sign between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expression {
    /// The first.
    pub quantity: Quantity,
    /// Subtracted from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<Quantity>,
    /// Divides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Quantity>,
}

/// What an expression is held against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Smaller than a bound.
    Below(f64),
    /// Larger than a bound.
    Above(f64),
    /// No larger than a bound.
    AtMost(f64),
    /// No smaller than a bound.
    AtLeast(f64),
    /// In an interval, ends included.
    Within(Interval),
    /// Not in an interval.
    Outside(Interval),
}

impl Expression {
    /// The quantities in it.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        [Some(&self.quantity), self.less.as_ref(), self.over.as_ref()].into_iter().flatten()
    }

    /// Checks every quantity.
    ///
    /// # Errors
    /// As [`Quantity::validate`]; also when both `less` and `over` are given.
    pub fn validate(&self, curves: &[&str]) -> Result<(), Wrong> {
        if self.less.is_some() && self.over.is_some() {
            return Err(Wrong::new("`less` beside `over`", "one of the two"));
        }
        self.quantities().try_for_each(|quantity| quantity.validate(curves))
    }
}

impl Relation {
    /// The bounds, the lower first; one twice where there is one.
    #[must_use]
    pub fn bounds(self) -> Interval {
        match self {
            Self::Below(bound) | Self::Above(bound) | Self::AtMost(bound) | Self::AtLeast(bound) => [bound, bound],
            Self::Within(interval) | Self::Outside(interval) => interval,
        }
    }

    /// Whether a number satisfies it.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Below(bound) => value < bound,
            Self::Above(bound) => value > bound,
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
            Self::Within([low, high]) => (low..=high).contains(&value),
            Self::Outside([low, high]) => !(low..=high).contains(&value),
        }
    }

    /// Checks that bounds are finite and in order.
    ///
    /// # Errors
    /// The bound that is not.
    pub fn validate(self) -> Result<(), Wrong> {
        ordered("the bound", &self.bounds())
    }
}
