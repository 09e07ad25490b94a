//! Tick positions and their labels, in the mini markup

use super::drawing::{Axis, Scale};

/// Powers of ten and names are short: this many more of them fit than of other labels.
const SHORT_EXTRA: usize = 2;

/// One tick: its coordinate along the axis, and a label unless it is a minor tick.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: Option<String>,
}

impl Axis {
    /// The ticks of the axis, about `wanted` of them labelled, in increasing order.
    pub(super) fn ticks(&self, wanted: usize) -> Vec<Tick> {
        if !self.named.is_empty() {
            let stride = self.named.len().div_ceil(wanted + SHORT_EXTRA);
            let tick = |(index, (at, label)): (usize, &(f64, String))| Tick {
                at: self.coordinate(*at),
                label: (index % stride == 0).then(|| label.clone()),
            };
            return self.named.iter().enumerate().map(tick).filter(|tick| self.holds(tick.at)).collect();
        }
        match self.scale {
            Scale::Linear => linear(self, wanted),
            Scale::Log => logarithmic(self, wanted),
        }
    }
}

/// Multiples of the roundest step that yields at most `wanted` intervals.
fn linear(axis: &Axis, wanted: usize) -> Vec<Tick> {
    let (low, high) = axis.range;
    let (mantissa, exponent) = round_step((high - low) / wanted as f64);
    // A step of 25·10^k rather than 2.5·10^(k+1) keeps every tick a whole multiple of a power of ten.
    let unit = |multiple: f64| scaled(multiple * mantissa, exponent);
    let first = (low / unit(1.0) - 1e-9).ceil() as i64;
    let last = (high / unit(1.0) + 1e-9).floor() as i64;
    (first..=last)
        .map(|k| {
            let at = unit(k as f64);
            Tick { at: axis.coordinate(at), label: Some(decimal(k * mantissa as i64, exponent)) }
        })
        .collect()
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten not below `step`, as a whole mantissa and exponent.
fn round_step(step: f64) -> (f64, i32) {
    let exponent = libm::floor(libm::log10(step)) as i32;
    let [one, two, quarter, five] = [(1.0, exponent), (2.0, exponent), (25.0, exponent - 1), (5.0, exponent)];
    [one, two, quarter, five]
        .into_iter()
        .find(|&(mantissa, exponent)| scaled(mantissa, exponent) >= step * (1.0 - 1e-9))
        .unwrap_or((1.0, exponent + 1))
}

/// mantissa · 10^exponent, correctly rounded for the exponents that occur.
fn scaled(mantissa: f64, exponent: i32) -> f64 {
    let power = libm::pow(10.0, f64::from(exponent.abs()));
    if exponent < 0 { mantissa / power } else { mantissa * power }
}

/// mantissa · 10^exponent in print: positional where short, else with a power of ten.
fn decimal(mantissa: i64, exponent: i32) -> String {
    if mantissa == 0 {
        return "0".into();
    }
    let sign = if mantissa < 0 { "−" } else { "" };
    let mut digits = mantissa.abs();
    let mut power = exponent;
    let magnitude = digits.ilog10() as i32 + exponent;
    if (-4..6).contains(&magnitude) {
        return format!("{sign}{:.*}", exponent.min(0).unsigned_abs() as usize, scaled(digits as f64, exponent));
    }
    while digits % 10 == 0 {
        digits /= 10;
        power += 1;
    }
    let places = digits.ilog10();
    let power = power + places as i32;
    match (digits, places) {
        (1, _) => format!("{sign}10^{{{power}}}"),
        _ => format!("{sign}{:.*}×10^{{{power}}}", places as usize, scaled(digits as f64, -(places as i32))),
    }
}

/// Powers of ten with minor ticks between; over a short range also 2 and 5 times them, over a long one
/// every second or third power.
fn logarithmic(axis: &Axis, wanted: usize) -> Vec<Tick> {
    let (low, high) = axis.span();
    let (first, last) = (libm::floor(low) as i32, libm::floor(high) as i32);
    let whole = (first..=last).filter(|&power| axis.holds(f64::from(power))).count();
    let stride = whole.div_ceil(wanted + SHORT_EXTRA).max(1) as i32;
    let label = |multiple: i32, power: i32| match multiple {
        1 | 2 | 5 if whole < 3 => Some(decimal(i64::from(multiple), power)),
        1 if power.rem_euclid(stride) == 0 => Some(format!("10^{{{power}}}")),
        _ => None,
    };
    let ticks: Vec<Tick> = (first..=last)
        .flat_map(|power| (1..10).map(move |multiple| (multiple, power)))
        .filter(|&(multiple, _)| multiple == 1 || stride == 1)
        .map(|(multiple, power)| Tick {
            at: f64::from(power) + libm::log10(f64::from(multiple)),
            label: label(multiple, power),
        })
        .filter(|tick| axis.holds(tick.at))
        .collect();
    let labelled = ticks.iter().filter(|tick| tick.label.is_some()).count();
    if labelled < 2 { linear(axis, wanted) } else { ticks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks(6).into_iter().filter_map(|tick| tick.label).collect()
    }

    #[test]
    fn linear_labels_carry_no_float_noise() {
        let error = Axis::linear("", (0.10, 0.26));
        assert_eq!(labels(&error), ["0.10", "0.15", "0.20", "0.25"]);
        let half = Axis::linear("", (0.0, 0.5));
        assert_eq!(labels(&half), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(labels(&Axis::linear("", (-5.0, 5.0))), ["−4", "−2", "0", "2", "4"]);
    }

    #[test]
    fn steps_are_labelled_by_their_names() {
        let axis = Axis::steps("", ["0.1", "0.35", "0.5"].map(str::to_owned).into(), 0.5);
        assert_eq!(labels(&axis), ["0.1", "0.35", "0.5"]);
        assert_eq!(axis.ticks(6)[2].at, 2.0);
        // where they are too many for their room, every second
        let many = Axis::steps("", (0..9).map(|step| step.to_string()).collect(), 0.5);
        assert_eq!((labels(&many).join(" ").as_str(), many.ticks(6).len()), ("0 2 4 6 8", 9));
    }

    #[test]
    fn very_small_and_large_steps_use_powers_of_ten() {
        assert_eq!(labels(&Axis::linear("", (0.0, 4e-6))), ["0", "10^{-6}", "2×10^{-6}", "3×10^{-6}", "4×10^{-6}"]);
        assert_eq!(labels(&Axis::linear("", (0.0, 3e7)))[1], "5×10^{6}");
        assert_eq!(labels(&Axis::linear("", (0.0, 15000.0)))[1], "2500");
    }

    #[test]
    fn logarithmic_labels_are_powers_and_fill_short_ranges() {
        let wide = Axis::log("", (1e-5, 10.0));
        assert_eq!(labels(&wide).len(), 7);
        let long = Axis::log("", (1e-12, 1.0));
        assert_eq!(labels(&long), ["10^{-12}", "10^{-10}", "10^{-8}", "10^{-6}", "10^{-4}", "10^{-2}", "10^{0}"]);
        let three = Axis::log("", (1.0, 1e4));
        assert_eq!(labels(&three), ["10^{0}", "10^{1}", "10^{2}", "10^{3}", "10^{4}"]);
        assert!(three.ticks(6).iter().any(|tick| tick.label.is_none()));
        let short = Axis::log("", (0.02, 0.5));
        assert_eq!(labels(&short), ["0.02", "0.05", "0.1", "0.2", "0.5"]);
        assert!(labels(&Axis::log("", (0.11, 0.19))).len() >= 2);
    }

    #[test]
    fn every_tick_lies_on_the_axis_in_order() {
        for axis in [Axis::linear("", (0.13, 7.77)), Axis::log("", (3e-4, 40.0)), Axis::log("", (0.3, 0.9))] {
            let ticks = axis.ticks(6);
            assert!(ticks.len() >= 2 && ticks.iter().all(|tick| axis.holds(tick.at)));
            assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
        }
    }
}
