//! Numbers with the digits that mean something, in columns that line up.

use super::columns::{flush_right, length};

/// A finite number; a limit that does not exist has none.
pub(super) fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

/// Digits of a number without a tellable error, and the most and fewest of any.
const UNKNOWN: usize = 3;
const MOST: usize = 10;
const FEWEST: usize = 2;

/// Significant digits that a relative error leaves.
pub(super) fn digits(error: f64) -> usize {
    if error.is_nan() {
        return UNKNOWN;
    }
    let known = (-error.log10()).floor();
    known.clamp(FEWEST as f64, MOST as f64) as usize
}

/// A number to so many significant digits; in powers of ten where it is very large or small.
pub(super) fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let exponent = value.abs().log10().floor() as i32;
    let decimals = digits as i32 - 1 - exponent;
    match (-4..6).contains(&exponent) {
        true => format!("{value:.*}", decimals.max(0) as usize),
        false => format!("{value:.*e}", digits.saturating_sub(1)),
    }
}

/// An error below which a mean has so many zeros that it is told by its power of ten.
const SMALL: f64 = 1e-8;

/// A mean with its standard error to two digits, and the theory with one digit more than the mean has.
pub(super) fn measured(mean: f64, error: Option<f64>, theory: Option<f64>) -> [String; 2] {
    let Some(error) = error else {
        return [significant(mean, 6), theory.map_or(String::new(), |theory| significant(theory, 6))];
    };
    if error < SMALL {
        let theory = theory.map_or(String::new(), |theory| format!("{theory:.1e}"));
        return [format!("{mean:.1e} ± {error:.1e}"), theory];
    }
    let decimals = (1.0 - error.log10().floor()).max(0.0) as usize;
    let theory = theory.map_or(String::new(), |theory| format!("{theory:.*}", decimals + 1));
    [format!("{mean:.decimals$} ± {error:.decimals$}"), theory]
}

/// Rows of equal length, every column as wide as its widest cell and flush right.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..count).map(|column| rows.iter().map(|row| length(&row[column])).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| flush_right(cell, *width)).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_limits_the_digits() {
        assert_eq!((digits(3e-7), digits(0.0), digits(0.9), digits(f64::NAN)), (6, 10, 2, 3));
        assert_eq!(significant(-0.012_345_678, 4), "-0.01235");
        assert_eq!(significant(1.234e9, 3), "1.23e9");
        assert_eq!(significant(0.0, 9), "0");
    }

    #[test]
    fn a_mean_has_the_digits_of_its_standard_error() {
        assert_eq!(measured(0.188_512, Some(0.000_34), Some(0.188_478_9)), ["0.18851 ± 0.00034", "0.188479"]);
        assert_eq!(measured(-0.7, None, Some(-0.7)), ["-0.700000", "-0.700000"]);
        assert_eq!(measured(1234.5, Some(120.0), None), ["1234 ± 120", ""]);
    }

    #[test]
    fn columns_line_up_whatever_the_alphabet() {
        let rows = [["a", "ε_g"], ["10", "σ̃"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), " a  ε_g\n10    σ̃\n");
    }
}
