//! Parameters with values, as they are written on the command line: `alpha=0.1:10:0.1`, `rho=0.1,0.2`,
//! `lambda=log:1e-4:10:50`, and bounds, `lambda=1e-6:10`.

use std::str::FromStr;

use crate::model::lineage::{Parameter, Scale};
use crate::spec::points::rounded;

/// Values of one axis at most.
const MOST_VALUES: usize = 1_000_000;

/// A parameter and the values it takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub parameter: Parameter,
    pub values: Vec<f64>,
}

/// A parameter and the values it stays between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub parameter: Parameter,
    pub least: f64,
    pub most: f64,
}

/// The parameter in front of an equals sign, and what stands behind it.
fn split<'a>(text: &'a str, valid: &str) -> Result<(Parameter, &'a str), String> {
    let (name, rest) = text.split_once('=').ok_or_else(|| format!("valid: {valid}"))?;
    Ok((name.trim().parse().map_err(|error| format!("{error}"))?, rest))
}

fn number(text: &str) -> Result<f64, String> {
    let value = text.trim().parse().ok().filter(|value: &f64| value.is_finite());
    value.ok_or_else(|| format!("`{text}` is no number"))
}

fn steps(first: f64, last: f64, step: f64) -> Result<Vec<f64>, String> {
    let count = ((last - first) / step + 1e-9).floor();
    if step == 0.0 || count < 0.0 || count.is_nan() {
        return Err(format!("no step of {step} leads from {first} to {last}"));
    }
    if count >= MOST_VALUES as f64 {
        return Err(format!("{:.0} values; valid: {MOST_VALUES} at most", count + 1.0));
    }
    Ok((0..=count as usize).map(|i| rounded(first + i as f64 * step)).collect())
}

fn spread(first: f64, last: f64, count: &str, logarithmic: bool) -> Result<Vec<f64>, String> {
    let count: usize = count.trim().parse().map_err(|_| format!("`{count}` is no count"))?;
    if !(2..=MOST_VALUES).contains(&count) {
        return Err(format!("{count} values; valid: 2 to {MOST_VALUES}"));
    }
    if logarithmic && !(first > 0.0 && last > 0.0) {
        return Err("a logarithmic axis has values > 0".to_owned());
    }
    let at = |i: usize| {
        let share = i as f64 / (count - 1) as f64;
        match logarithmic {
            true => libm::exp(libm::log(first) + share * (libm::log(last) - libm::log(first))),
            false => first + share * (last - first),
        }
    };
    // the ends are as they were written
    Ok((0..count)
        .map(|i| match i {
            0 => first,
            i if i + 1 == count => last,
            i => rounded(at(i)),
        })
        .collect())
}

fn values(text: &str) -> Result<Vec<f64>, String> {
    match text.split(':').collect::<Vec<&str>>()[..] {
        [list] => list.split(',').map(number).collect(),
        [first, last, step] => steps(number(first)?, number(last)?, number(step)?),
        [scale @ ("log" | "lin"), first, last, count] => spread(number(first)?, number(last)?, count, scale == "log"),
        _ => Err(format!("`{text}` is no list of values")),
    }
}

impl FromStr for Axis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let valid =
            "alpha=0.1:10:0.1 (first:last:step), rho=0.1,0.2 (a list) or lambda=log:1e-4:10:50 (a count of values)";
        let (parameter, rest) = split(text, valid)?;
        let values = values(rest).map_err(|problem| format!("{problem}; valid: {valid}"))?;
        let domain = &parameter.descriptor().domain;
        match values.iter().find(|value| domain.check(**value).is_err()) {
            Some(beyond) => Err(format!("{parameter} = {beyond} is out of range; valid: {}", domain.valid)),
            None => Ok(Self { parameter, values }),
        }
    }
}

impl FromStr for Bounds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let valid = "lambda=1e-6:10 (least:most)";
        let (parameter, rest) = split(text, valid)?;
        let ends = rest.split_once(':').ok_or_else(|| format!("valid: {valid}"))?;
        let (least, most) = (number(ends.0)?, number(ends.1)?);
        if parameter.descriptor().scale == Scale::Log && least <= 0.0 {
            let problem = format!("{parameter} is searched over its logarithm");
            return Err(format!("{problem}; valid: bounds > 0, such as {parameter}=1e-6:{}", most.max(1.0)));
        }
        Ok(Self { parameter, least, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(text: &str) -> Vec<f64> {
        text.parse::<Axis>().unwrap().values
    }

    #[test]
    fn steps_are_decimals_and_ends_are_kept() {
        assert_eq!(axis("alpha=0.1:0.5:0.1"), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(axis("alpha=2:1:-0.5"), [2.0, 1.5, 1.0]);
        assert_eq!(axis("rho=0.1,0.25"), [0.1, 0.25]);
        assert_eq!(axis("lambda@1=log:1e-4:1:5"), [1e-4, 1e-3, 1e-2, 1e-1, 1.0]);
        assert_eq!(axis("chi=lin:0:1:3"), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn what_is_no_axis_says_what_is() {
        for (text, part) in [
            ("alpha", "first:last:step"),
            ("alpha=", "is no number"),
            ("alpha=1:2:0", "no step of 0"),
            ("alpha=1:2:-1", "no step of -1"),
            ("alpha=1:2:1e-9", "at most"),
            ("lambda=log:0:1:5", "values > 0"),
            ("chi=0:200:100", "chi = 200 is out of range"),
            ("mu=1", "no parameter"),
            ("alpha=1:2:3:4:5", "is no list"),
        ] {
            let told = text.parse::<Axis>().unwrap_err();
            assert!(told.contains(part), "{text}: {told}");
        }
        let told = "lambda@1=0:1".parse::<Bounds>().unwrap_err();
        assert!(told.ends_with("valid: bounds > 0, such as lambda@1=1e-6:1"), "{told}");
        assert!("chi=-1:1".parse::<Bounds>().is_ok());
        assert!("lambda=1".parse::<Bounds>().unwrap_err().contains("least:most"));
    }
}
