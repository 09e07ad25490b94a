//! Every statistic and relation in every voice, on tables made by hand.

use super::*;

/// What every voice says of one check written as its keys.
fn heard(keys: &str) -> Vec<Finding> {
    let figure =
        fixture::figure(&format!("[[claim]]\nid = \"x\"\nclaim = \"1\"\ntext = \"t\"\nreason = \"r\"\n{keys}\n"));
    hear(&figure.claims[0], &fixture::evidence(&figure))
}

fn says(voice: Voice, keys: &str) -> Verdict {
    heard(keys).into_iter().find(|finding| finding.voice == voice).expect("the voice speaks").verdict
}

fn of(statistic: &str, inner: &str, relation: &str) -> String {
    format!("quantity = {{ statistic = \"{statistic}\", {inner} }}\n{relation}")
}

#[test]
fn theory_decides_every_statistic_and_stays_open_on_nulls() {
    use Verdict::{CannotTell, Fails, Holds};
    let a = "curve = \"a\"";
    let cases = [
        (of("argmax", a, "within = [1.5, 2.5]"), Holds),
        (of("argmax", a, "within = [3.0, 4.0]"), Fails),
        (of("argmax", "curve = \"c\"", "within = [1.0, 4.0]"), CannotTell),
        (of("prominence", a, "at_least = 0.19"), Holds),
        (of("prominence", a, "at_least = 0.21"), Fails),
        (of("argmin", "curve = \"b\"", "within = [2.9, 3.1]"), Holds),
        (of("max", "curve = \"a\", minus = \"b\"", "below = 0.0"), Holds),
        (of("max", "curve = \"a\", minus = \"b\"", "below = -0.06"), Fails),
        (of("max", "curve = \"c\", minus = \"b\"", "below = 0.0"), CannotTell),
        (of("max", "curve = \"a\", minus = \"b\", range = [8.0, 9.0]", "below = 0.0"), CannotTell),
        (of("largest", "curve = \"a\", minus = \"b\"", "at_most = 0.31"), Holds),
        (of("largest", "curve = \"a\", minus = \"b\", relative = true", "at_most = 0.31"), Fails),
        (of("min", "curve = \"b\"", "less = { statistic = \"min\", curve = \"a\" }\nat_least = 0.1"), Holds),
        (of("argmin", "curve = \"a\"", "over = { statistic = \"argmin\", curve = \"b\" }\nwithin = [0.9, 1.1]"), Holds),
        (of("max", "curve = [\"b\", \"a\"], minus = \"a\"", "at_most = 0.001"), Holds),
        (of("value", "curve = \"a\", at = 3.0", "within = [0.09, 0.11]"), Holds),
        (of("value", "curve = \"c\", at = 3.0", "below = 1.0"), CannotTell),
        (of("threshold", "name = \"student_separability\"", "within = [1.8, 1.81]"), Holds),
        (of("threshold", "name = \"student_separability\"", "outside = [1.8, 1.81]"), Fails),
        (of("threshold", "name = \"interpolation\"", "below = 1.0"), CannotTell),
    ];
    for (keys, expected) in cases {
        assert_eq!(says(Voice::Theory, &keys), expected, "{keys}");
    }
}

#[test]
fn the_simulation_says_no_more_than_its_data_sets_can() {
    // at x = 2: a has 0.40 0.41 0.42, b has 0.44 0.45 0.46 on the same data sets: the difference is −0.04 in each
    let difference = |relation: &str| says(Voice::Simulation, &of("max", "curve = \"a\", minus = \"b\"", relation));
    assert_eq!(difference("below = 0.0"), Verdict::Holds, "paired, the spread of the data sets drops out");
    assert_eq!(difference("below = -0.05"), Verdict::Fails);
    // mean 0.41, standard error 0.01/√3, t₂ at 0.5 % = 9.925: 0.41 ± 0.0573
    let value = |relation: &str| heard(&of("value", "curve = \"a\", at = 2.0", relation)).remove(1);
    let found = value("below = 0.43");
    assert_eq!((found.voice, found.verdict), (Voice::Simulation, Verdict::CannotTell));
    assert!((found.estimate.unwrap().resolution() - 9.925 * 0.01 / 3f64.sqrt()).abs() < 1e-5);
    // theory is 0.40, 0.03 from the bound, and a mean strays by its standard error: 3 ((0.0573 + 0.0058)/0.03)² would tell
    assert_eq!(found.expected, Some(0.4));
    assert_eq!(found.needed, Some((3.0 * ((0.057_303f64 + 0.005_774) / 0.03).powi(2)).ceil()));
    // and no number of them where theory itself does not keep clear of it
    assert_eq!(value("below = 0.4").needed, None);
    assert_eq!(value("below = 0.5").verdict, Verdict::Holds);
    assert_eq!(says(Voice::Simulation, &of("value", "curve = \"c\", at = 2.0", "below = 1.0")), Verdict::CannotTell);
    // one simulated x tells nothing of where a curve peaks
    let place = heard(&of("argmax", "curve = \"a\"", "within = [1.5, 2.5]")).remove(1);
    assert_eq!((place.verdict, place.needed), (Verdict::CannotTell, None), "more data sets do not move the points");
}

#[test]
fn theory_is_told_beside_the_simulation_on_the_same_points() {
    // theory alone peaks at x = 2 too; its smallest value is elsewhere, and was not simulated
    let smallest = heard(&of("min", "curve = \"a\"", "below = 0.5"));
    assert_eq!(smallest[0].estimate.unwrap().value, 0.1);
    assert_eq!((smallest[0].expected, smallest[1].expected, smallest[2].expected), (None, Some(0.4), None));
}

#[test]
fn print_speaks_to_its_reading_error_and_a_named_arm_speaks_alone() {
    let at = |x: &str, relation: &str| says(Voice::Print, &of("value", &format!("curve = \"a\", at = {x}"), relation));
    assert_eq!(at("1.0", "below = 0.21"), Verdict::Holds);
    assert_eq!(at("1.0", "below = 0.2001"), Verdict::CannotTell);
    assert_eq!(at("1.0", "below = 0.19"), Verdict::Fails);
    let alone = heard(&of("share_within", "curve = \"a\", arm = \"print_readings\"", "at_least = 0.9"));
    assert_eq!(alone.len(), 1);
    assert_eq!((alone[0].voice, alone[0].estimate.unwrap().value), (Voice::Print, 0.5));
    let z = heard(&of("largest", "curve = \"a\", arm = \"z\"", "at_most = 4.0"));
    assert_eq!((z.len(), z[0].voice, z[0].verdict), (1, Voice::Simulation, Verdict::Holds));
}
