//! The addresses of a lineage's parameters: every one can be read and written, and a wrong one says what is valid.

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{
    DESCRIPTORS, Data, FixedTeacher, Parameter, ParameterError, Signal, Source, Spectrum, Stage,
};

/// A teacher of labels, a student of a fixed teacher, a student of the first stage.
fn lineage() -> Lineage {
    let spectrum = Spectrum::Power { exponent: 0.3, signal: Signal::Flat };
    let data = Data { alpha: vec![2.0, 3.0], spectrum, label_noise: 0.1, ..Data::isotropic(2.0, 0.7, 0.3) };
    let fixed = Source::Teacher(FixedTeacher { m: 1.0, q: 2.0, b: -0.5, variance: None });
    let stages = vec![
        Stage { smoothing: 0.05, ..Stage::logistic(1.0, 0.1) },
        Stage::logistic(0.8, 0.2).soft(fixed, 0.5, 2.0).on(2),
        Stage { bias: Some(0.25), ..Stage::logistic(0.6, 0.3).soft(Source::Stage(1), 0.75, 3.0) },
    ];
    Lineage { data, stages }
}

fn parameter(text: &str) -> Parameter {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_parameter_is_read_where_it_was_written() {
    let base = lineage();
    let all = Parameter::all(&base);
    let names: Vec<String> = all.iter().map(Parameter::to_string).collect();
    let expected = "alpha@1 alpha@2 delta rho label_noise power features@1 features@2 features@3 lambda@1 lambda@2 \
                    lambda@3 smoothing@1 smoothing@2 smoothing@3 bias@3 chi@2 chi@3 temperature@2 temperature@3 \
                    teacher_m@2 teacher_q@2 teacher_b@2";
    assert_eq!(names.join(" "), expected);
    for one in &all {
        let mut moved = base.clone();
        let value = one.get(&base).unwrap() * 0.9;
        one.set(&mut moved, value).unwrap();
        moved.validate().unwrap();
        assert_eq!(one.get(&moved), Some(value), "{one}");
        // nothing else has moved
        for other in all.iter().filter(|other| *other != one) {
            assert_eq!(other.get(&moved), other.get(&base), "{one} moved {other}");
        }
        assert_eq!(parameter(&one.to_string()), *one);
        let scale = one.descriptor().scale;
        assert!((scale.value(scale.coordinate(value)) - value).abs() <= 1e-15 * value.abs(), "{one}");
    }
}

#[test]
fn without_a_number_the_last_stage_is_meant_and_every_data_set() {
    let mut lineage = lineage();
    assert_eq!(parameter("lambda").get(&lineage), Some(0.3));
    assert_eq!(parameter("alpha").get(&lineage), None, "two data sets have two values");
    parameter("alpha").set(&mut lineage, 1.5).unwrap();
    assert_eq!((lineage.data.alpha.as_slice(), parameter("alpha").get(&lineage)), (&[1.5, 1.5][..], Some(1.5)));
    parameter("bias@1").set(&mut lineage, -1.0).unwrap();
    assert_eq!(lineage.stages[0].bias, Some(-1.0), "a value prescribes a bias that was trained");
}

#[test]
fn the_words_of_the_paper_are_spellings_of_the_same_numbers() {
    for (word, same) in [("eta", "features@3"), ("epsilon", "smoothing@1"), ("teacher_lambda", "lambda@1")] {
        let mut lineage = lineage();
        assert_eq!(parameter(word).get(&lineage), parameter(same).get(&lineage), "{word}");
        parameter(word).set(&mut lineage, 0.4).unwrap();
        assert_eq!(parameter(same).get(&lineage), Some(0.4), "{word}");
        assert_eq!(parameter(word).to_string(), word);
    }
    assert_eq!((parameter("teacher_lambda").symbol(), parameter("lambda@2").symbol()), ("λ̃".into(), "λ_2".into()));
}

#[test]
fn what_is_wrong_says_what_is_valid() {
    let told = |text: &str| text.parse::<Parameter>().unwrap_err().to_string();
    assert!(told("lamda").contains("valid: alpha, delta, rho"), "{}", told("lamda"));
    for text in ["lambda@0", "lambda@x", "lambda@"] {
        assert!(told(text).contains("valid: lambda, lambda@1"), "{}", told(text));
    }
    assert!(told("rho@1").contains("rho takes no number"), "{}", told("rho@1"));
    let refused = |text: &str, value: f64| {
        let mut lineage = lineage();
        let error = parameter(text).set(&mut lineage, value).unwrap_err();
        assert_eq!(lineage, self::lineage(), "{text}: nothing changes");
        error.to_string()
    };
    assert!(refused("chi@1", 0.5).contains("stage 1 has no targets besides the labels; valid: chi@2, chi@3"));
    assert!(refused("lambda@4", 0.5).contains("the lineage has 3 stages; valid: lambda@1, lambda@2, lambda@3"));
    assert!(refused("teacher_m", 0.5).contains("valid: teacher_m@2"), "{}", refused("teacher_m", 0.5));
    assert!(refused("alpha@3", 0.5).contains("valid: alpha@1, alpha@2"));
    assert!(refused("rho", 1.0).contains("rho = 1 is out of range; valid: a number in (0, 1)"));
    assert!(refused("lambda@1", -1.0).contains("lambda@1 = -1"));
    let mut direct = Lineage { data: Data::isotropic(2.0, 1.0, 0.2), stages: vec![Stage::logistic(1.0, 0.1)] };
    let error = parameter("teacher_lambda").set(&mut direct, 0.1).unwrap_err();
    assert!(matches!(error, ParameterError::Absent { .. }), "{error}");
}

#[test]
fn every_descriptor_says_what_it_is() {
    for descriptor in &DESCRIPTORS {
        let name = descriptor.domain.parameter;
        assert!(!descriptor.symbol.is_empty() && descriptor.doc.len() > 10, "{name}");
        assert_eq!(parameter(name).name(), name);
        assert!(descriptor.spells.is_none_or(|other| parameter(other).descriptor().spells.is_none()), "{name}");
    }
}

#[test]
fn an_address_is_text_in_files() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct File {
        over: Vec<Parameter>,
    }
    let file: File = toml::from_str("over = [\"lambda\", \"chi@2\"]").unwrap();
    assert_eq!(toml::to_string(&file).unwrap(), "over = [\"lambda\", \"chi@2\"]\n");
    assert!(toml::from_str::<File>("over = [\"mu\"]").err().unwrap().to_string().contains("`mu` is no parameter"));
}
