//! From data units to axis coordinates, in which both scales are linear

use super::drawing::{Axis, Scale};
use super::error::PlotError;

impl Axis {
    /// The coordinate of a value: itself, or its decimal logarithm.
    ///
    /// NaN for a value that the scale cannot show.
    pub(super) fn coordinate(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear if value.is_finite() => value,
            Scale::Log if value > 0.0 && value.is_finite() => libm::log10(value),
            Scale::Linear | Scale::Log => f64::NAN,
        }
    }

    /// Both ends as coordinates.
    pub(super) fn span(&self) -> (f64, f64) {
        (self.coordinate(self.range.0), self.coordinate(self.range.1))
    }

    /// Whether a coordinate lies on the axis, its ends included up to rounding.
    pub(super) fn holds(&self, coordinate: f64) -> bool {
        let (low, high) = self.span();
        let slack = 1e-9 * (high - low);
        coordinate >= low - slack && coordinate <= high + slack
    }

    /// Refuses a range that cannot be drawn.
    pub(super) fn check(&self) -> Result<(), PlotError> {
        let (low, high) = self.range;
        if !(low.is_finite() && high.is_finite() && low < high) {
            return Err(PlotError::Range { axis: self.label.clone(), low, high });
        }
        if self.scale == Scale::Log && low <= 0.0 {
            return Err(PlotError::NonPositiveLog { axis: self.label.clone(), low });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_axes_refuse_non_positive_ranges() {
        for low in [0.0, -1.0] {
            let error = Axis::log("q", (low, 10.0)).check().unwrap_err();
            assert_eq!(error, PlotError::NonPositiveLog { axis: "q".into(), low });
        }
        assert!(Axis::linear("q", (-1.0, 1.0)).check().is_ok());
    }

    #[test]
    fn empty_and_infinite_ranges_are_refused() {
        for range in [(1.0, 1.0), (2.0, 1.0), (0.0, f64::INFINITY), (f64::NAN, 1.0)] {
            assert!(matches!(Axis::linear("x", range).check(), Err(PlotError::Range { .. })));
        }
    }

    #[test]
    fn values_off_a_logarithmic_scale_have_no_coordinate() {
        let axis = Axis::log("q", (0.1, 10.0));
        assert!(axis.coordinate(0.0).is_nan() && axis.coordinate(-1.0).is_nan());
        assert_eq!(axis.span(), (-1.0, 1.0));
        assert!(axis.holds(1.0) && !axis.holds(1.01) && !axis.holds(f64::NAN));
    }
}
