//! Where a function of one parameter is looked at for its derivative: on both sides, or on one at the end of a domain.

use crate::model::lineage::Scale;

/// Step in ln of a parameter that is searched by its logarithm, and relative to the room of one that is not.
const STEP: f64 = 1e-3;
/// The least and the most room that a step is taken relative to.
const ROOM: (f64, f64) = (0.03, 1.0);

/// Offsets from a coordinate, in steps: around it and to one side, for a derivative alone or with its error.
const AROUND: [f64; 4] = [1.0, -1.0, 2.0, -2.0];
const AHEAD: [f64; 3] = [1.0, 2.0, 4.0];

/// Whether the error of a derivative is wanted too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// With two steps.
    Certified,
    /// With one step, for half of the work: good to 1e-6 of it.
    Plain,
    /// Along tangents as the first Jacobian has them: good to what that is.
    Rough,
}

/// A derivative with an estimate of its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Derivative {
    /// Its value.
    pub value: f64,
    /// How far it may be off, from two steps and two resolutions.
    pub error: f64,
}

/// Values of a parameter around one.
#[derive(Debug, Clone)]
pub(super) struct Stencil {
    /// Offsets in its coordinate.
    pub offsets: Vec<f64>,
    /// The values there.
    pub values: Vec<f64>,
    pub care: Care,
    step: f64,
    /// dx/dvalue of the coordinate x.
    slope: f64,
}

impl Stencil {
    /// Around `value`, whose domain ends at `most`, with offsets at which `valid` holds, a share of the usual; none where
    /// there is no room.
    pub fn new(
        value: f64,
        most: f64,
        scale: Scale,
        care: Care,
        share: f64,
        valid: impl Fn(f64) -> bool,
    ) -> Option<Self> {
        let (step, slope) = match scale {
            Scale::Log if value > 0.0 => (STEP, 1.0 / value),
            Scale::Log => return None,
            Scale::Linear => (STEP * value.abs().min((most - value).abs()).clamp(ROOM.0, ROOM.1), 1.0),
        };
        let used = |offsets: &[f64]| match care {
            Care::Certified => offsets.to_vec(),
            Care::Plain | Care::Rough => offsets[..2].to_vec(),
        };
        let sides = [used(&AROUND), used(&AHEAD), used(&AHEAD.map(|offset| -offset))];
        sides.into_iter().find_map(|side| {
            let offsets: Vec<f64> = side.iter().map(|offset| offset * share * step).collect();
            let values: Vec<f64> = offsets.iter().map(|offset| scale.value(scale.coordinate(value) + offset)).collect();
            let step = offsets[0];
            values.iter().all(|value| valid(*value)).then_some(Self { offsets, values, care, step, slope })
        })
    }

    /// The derivative in the coordinate of a function with these values at the offsets, and its value at 0.
    fn in_coordinate(&self, at_zero: f64, at: &[f64]) -> Derivative {
        let h = self.step;
        match *at {
            [up, down, far_up, far_down] => {
                let (near, far) = ((up - down) / (2.0 * h), (far_up - far_down) / (4.0 * h));
                let value = near + (near - far) / 3.0;
                // of a smooth function the second differences grow fourfold with a step of two, at a kink twofold
                let bend = (up - 2.0 * at_zero + down, far_up - 2.0 * at_zero + far_down);
                let kink = (4.0 * bend.0 - bend.1).abs() / (4.0 * h);
                Derivative { value, error: (value - near).abs().max(kink) }
            }
            [one, two, four] => {
                let near = (4.0 * one - 3.0 * at_zero - two) / (2.0 * h);
                let far = (4.0 * two - 3.0 * at_zero - four) / (4.0 * h);
                let value = near + (near - far) / 3.0;
                Derivative { value, error: (value - near).abs() }
            }
            [one, other] => {
                let around = self.offsets[1] < 0.0 && self.offsets[0] > 0.0;
                let ahead = (4.0 * one - 3.0 * at_zero - other) / (2.0 * h);
                Derivative { value: if around { (one - other) / (2.0 * h) } else { ahead }, error: 0.0 }
            }
            _ => Derivative { value: f64::NAN, error: f64::INFINITY },
        }
    }

    /// The derivatives in the coordinate of functions given as their values at every offset.
    pub fn slopes(&self, at_zero: &[f64], at: &[Vec<f64>]) -> Vec<f64> {
        let along = |i: usize| at.iter().map(|values| values[i]).collect::<Vec<f64>>();
        at_zero.iter().enumerate().map(|(i, zero)| self.in_coordinate(*zero, &along(i)).value).collect()
    }

    /// The derivative of a function in the parameter itself.
    pub fn derivative(&self, at_zero: f64, at: &[f64]) -> Derivative {
        let Derivative { value, error } = self.in_coordinate(at_zero, at);
        Derivative { value: self.slope * value, error: self.slope * error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(f: impl Fn(f64) -> f64, value: f64, most: f64, scale: Scale, care: Care) -> Derivative {
        let stencil = Stencil::new(value, most, scale, care, 1.0, |value| value <= most).unwrap();
        let at: Vec<f64> = stencil.values.iter().map(|value| f(*value)).collect();
        stencil.derivative(f(value), &at)
    }

    #[test]
    fn smooth_functions_have_their_derivatives_inside_and_at_the_end_of_a_domain() {
        for (value, most, scale) in [(0.4, 1.0, Scale::Linear), (1.0, 1.0, Scale::Linear), (0.02, 9.0, Scale::Log)] {
            let plain = of(libm::sin, value, most, scale, Care::Plain);
            assert!((plain.value - libm::cos(value)).abs() <= 1e-6, "{value}: {plain:?}");
            let found = of(libm::sin, value, most, scale, Care::Certified);
            assert!((found.value - libm::cos(value)).abs() <= found.error + 1e-10, "{value}: {found:?}");
            assert!(found.error < 1e-5, "{value}: {found:?}");
        }
    }

    #[test]
    fn a_kink_has_none_to_tell() {
        let found = of(|x| (x - 0.4).abs(), 0.4, 1.0, Scale::Linear, Care::Certified);
        assert!(found.error > 0.1, "{found:?}");
    }

    #[test]
    fn the_logarithm_of_nothing_has_none() {
        assert!(Stencil::new(0.0, 1.0, Scale::Log, Care::Plain, 1.0, |_| true).is_none());
    }
}
