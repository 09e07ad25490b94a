//! How values and their errors are told: to the same last place, in one form.

use crate::verdict::{NONE, fixed, number};

/// Decimals beyond which nothing is told, of a number of ordinary size and of a small one.
const MOST: [i32; 2] = [6, 8];
/// The first significant figure of a small number stands behind this decimal, that of a tiny one behind the next: such
/// are written with a power of ten.
const SMALL: i32 = -2;
const TINY: i32 = -4;

/// A value and its error, the error to two significant figures: `0.50 ± 0.10`, `(−3.539 ± 0.034)·10⁻⁵`. Without an
/// error, or with one that is below the last place, the value stands alone.
pub(super) fn reading(value: f64, error: Option<f64>) -> String {
    let Some(error) = error.filter(|error| *error > 0.0) else { return number(value) };
    let power = exponent(value.abs().max(error));
    let most = MOST[usize::from(power < SMALL)];
    let power = if power < TINY { power } else { 0 };
    let decimals = (1 - exponent(error) + power).clamp(0, most) as usize;
    let [value, error] = [value, error].map(|part| part / ten_to(power)).map(|part| format!("{part:.decimals$}"));
    let value = if is_nought(&value) { value.replace('-', "") } else { value.replace('-', "−") };
    match (is_nought(&error), power) {
        (true, 0) => value,
        (true, _) => format!("{value}·{}", raised(power)),
        (false, 0) => format!("{value}\u{a0}±\u{a0}{error}"),
        (false, _) => format!("({value}\u{a0}±\u{a0}{error})·{}", raised(power)),
    }
}

/// A value and its error in two cells of a table, to the same last place as far as places are told.
pub(super) fn cells(value: Option<f64>, error: Option<f64>) -> [String; 2] {
    let told = |part: Option<f64>, tell: &dyn Fn(f64) -> String| part.map_or(NONE.to_owned(), tell);
    match error.filter(|error| *error > 0.0).map(|error| 1 - exponent(error)) {
        Some(decimals) if (0..=MOST[1]).contains(&decimals) => {
            let tell = |part: f64| format!("{part:.0$}", decimals as usize).replace('-', "−");
            [told(value, &tell), told(error, &tell)]
        }
        Some(_) | None => [told(value, &number), told(error, &rounded)],
    }
}

/// A size to two significant figures, as an error is told.
pub(super) fn rounded(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return number(value);
    }
    let power = exponent(value);
    if (TINY..5).contains(&power) {
        return fixed(value, (1 - power).max(0) as usize);
    }
    format!("{:.1}·{}", value / ten_to(power), raised(power)).replace('-', "−")
}

/// A number with a fixed count of decimals; as a power of ten where that says it better.
pub(super) fn decimal(value: f64, decimals: usize) -> String {
    let power = exponent(value);
    if value == 0.0 || !value.is_finite() || power >= TINY {
        return fixed(value, decimals);
    }
    // as many figures as the decimals would show; two where they would show none
    let figures = usize::try_from(decimals as i32 + power).unwrap_or(1);
    format!("{:.figures$}·{}", value / ten_to(power), raised(power)).replace('-', "−")
}

/// A distance in standard errors.
pub(super) fn deviate(z: f64) -> String {
    let text = format!("{z:.2}");
    if is_nought(&text) { "0.00".to_owned() } else { text.replace('-', "−") }
}

/// The power of ten of the first of two significant figures.
fn exponent(value: f64) -> i32 {
    let text = format!("{value:.1e}");
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// A power of ten as it is written: 10⁻⁵.
fn raised(power: i32) -> String {
    let digits = power.to_string();
    let digits = digits
        .chars()
        .map(|c| c.to_digit(10).map_or('⁻', |digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize).unwrap_or('⁰')));
    format!("10{}", digits.collect::<String>())
}

fn ten_to(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(1.0)
}

fn is_nought(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '0' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_and_its_error_end_at_the_same_place() {
        for (value, error, told) in [
            (0.5, 0.1, "0.50 ± 0.10"),
            (-0.00211, 0.0003, "−0.00211 ± 0.00030"),
            (1.02, 0.031, "1.020 ± 0.031"),
            (-0.000_353_92, 3.4e-7, "−0.00035392 ± 0.00000034"),
            (-0.000_049_69, 3.5e-7, "(−4.969 ± 0.035)·10⁻⁵"),
            (0.000_011_2, 0.000_114, "0.00001 ± 0.00011"),
            (7213.0, 340.0, "7213 ± 340"),
            (0.184_314_2, 5.9e-7, "0.184314 ± 0.000001"),
            (0.184_314_2, 1e-9, "0.184314"),
            (-0.000_000_1, 0.003, "0.0000 ± 0.0030"),
        ] {
            assert_eq!(reading(value, Some(error)).replace('\u{a0}', " "), told);
        }
        assert_eq!((reading(1.8036, Some(0.0)), reading(0.25, None)), ("1.8036".into(), "0.25".into()));
        assert_eq!(cells(Some(0.5), Some(0.1)), ["0.50", "0.10"]);
        assert_eq!(cells(Some(0.25), Some(2e-9)), ["0.25", "2.0·10⁻⁹"]);
    }

    #[test]
    fn sizes_have_two_figures_and_small_numbers_one_form() {
        assert_eq!([0.1, 0.0003, 2e-6, 31.0, 1e6].map(rounded), ["0.10", "0.00030", "2.0·10⁻⁶", "31", "1.0·10⁶"]);
        assert_eq!(decimal(0.000_028_1, 6), "2.8·10⁻⁵");
        assert_eq!(decimal(0.000_002_2, 6), "2·10⁻⁶");
        assert_eq!(decimal(-4.5e-7, 6), "−4.5·10⁻⁷");
        assert_eq!([-0.002, -1.537].map(deviate), ["0.00", "−1.54"]);
        assert_eq!((decimal(0.000_79, 5), decimal(0.0, 2)), ("0.00079".into(), "0.00".into()));
    }
}
