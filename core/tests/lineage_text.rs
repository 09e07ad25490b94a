//! Lineages as they are written: every key, the defaults, and what is refused.

use redistill_core::model::Lineage;
use redistill_core::model::lineage::{Data, Loss, Signal, Source, Spectrum, Stage, TargetKind};

fn read(text: &str) -> Result<Lineage, String> {
    let lineage: Lineage = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    lineage.validate().map_err(|error| error.to_string())?;
    Ok(lineage)
}

#[test]
fn every_key_is_read() {
    let lineage = read(
        r#"
        [data]
        alpha = [2.0, 3.0]
        delta = 0.5
        rho = 0.3
        label_noise = 0.1
        spectrum = { power = 0.5, signal = "aligned" }
        [[stage]]
        features = 0.75
        loss = "hinge"
        lambda = 0.1
        data = 2
        [[stage]]
        features = 0.5
        loss = "logistic"
        lambda = 1e-5
        smoothing = 0.1
        targets = { from = 1, kind = "hard", chi = 0.5, temperature = 2.0 }
        [[stage]]
        loss = "linear"
        lambda = 2.0
        bias = -0.7
        "#,
    )
    .unwrap();
    assert_eq!(lineage.data.alpha, [2.0, 3.0]);
    assert_eq!(lineage.data.spectrum, Spectrum::Power { exponent: 0.5, signal: Signal::Aligned });
    assert_eq!((lineage.stages[0].loss, lineage.set(0), lineage.set(1)), (Loss::Hinge, 1, 0));
    let targets = lineage.stages[1].targets.unwrap();
    assert_eq!((targets.source, targets.kind), (Source::Stage(1), TargetKind::Hard));
    assert_eq!((targets.chi, targets.temperature, lineage.source(1)), (0.5, 2.0, Some(0)));
    assert_eq!((lineage.stages[2].bias, lineage.stages[2].features), (Some(-0.7), 1.0));
}

#[test]
fn what_is_left_out_has_its_default() {
    let lineage = read(
        "[data]\nalpha = 2.0\n[[stage]]\nloss = \"logistic\"\nlambda = 0.1\n\
         [[stage]]\nloss = \"logistic\"\nlambda = 0.1\ntargets = { teacher = { m = 1.0, q = 1.5, b = -1.0 } }\n\
         [[stage]]\nloss = \"logistic\"\nlambda = 0.1\ntargets = { from = 1, kind = \"hard\" }\n",
    )
    .unwrap();
    assert_eq!(lineage.data, Data::isotropic(2.0, 1.0, 0.2));
    assert_eq!(lineage.stages[0], Stage::logistic(1.0, 0.1));
    let [soft, hard] = [1, 2].map(|i| lineage.stages[i].targets.unwrap());
    assert_eq!((soft.kind, soft.chi, soft.temperature), (TargetKind::Soft, 1.0, 1.0));
    assert_eq!((hard.kind, hard.chi, hard.temperature), (TargetKind::Hard, 1.0, 0.0));
}

#[test]
fn a_lineage_written_and_read_again_is_the_same() {
    let lineage = read(
        "[data]\nalpha = [1.5]\nspectrum = { blocks = [[0.5, 0.1], [0.5, 0.5]] }\n[[stage]]\nloss = \"square\"\nlambda = 0\n\
         [[stage]]\nloss = \"square\"\nlambda = 0.1\ntargets = { from = 1, chi = 0.3 }\n",
    )
    .unwrap();
    let text = toml::to_string(&lineage).unwrap();
    assert_eq!(read(&text).unwrap(), lineage, "{text}");
}

#[test]
fn what_is_refused_names_the_parameter_the_value_and_what_is_valid() {
    let stage = |rest: &str| format!("[data]\nalpha = 2.0\n[[stage]]\nlambda = 0.1\n{rest}");
    let second = |rest: &str| stage(&format!("loss = \"logistic\"\n[[stage]]\nlambda = 0.1\n{rest}"));
    let cases = [
        (
            "[data]\nalpha = -1.0\n[[stage]]\nloss = \"logistic\"\nlambda = 1".to_owned(),
            "data: alpha = -1 is out of range",
        ),
        ("[data]\nalpha = 1.0\nstage = []".to_owned(), "unknown field `stage`"),
        ("stage = []\n[data]\nalpha = 1.0".to_owned(), "stages = 0"),
        (stage("loss = \"logistic\"\ndata = 2"), "stage 1: data = 2 is out of range: the number of a data set"),
        (stage("loss = \"logistic\"\nsmoothing = 0.6"), "smoothing = 0.6"),
        (stage("loss = \"logistic\"\neta = 0.5"), "unknown field `eta`"),
        (stage("loss = \"linear\""), "bias = none"),
        (stage("loss = \"logistic\"\ntargets = { from = 1 }"), "stage 1: targets.from = 1"),
        (second("loss = \"logistic\"\ntargets = { from = 2 }"), "stage 2: targets.from = 2"),
        (second("loss = \"hinge\"\ntargets = { from = 1 }"), "hard: the hinge loss has no soft targets"),
        (second("loss = \"hinge\"\ntargets = { from = 1, kind = \"hard\", chi = 0.5 }"), "does not mix"),
        (second("loss = \"logistic\"\ntargets = { chi = 0.5 }"), "targets name their source"),
        (second("loss = \"logistic\"\ntargets = { from = 1, temperature = 0 }"), "targets.temperature = 0"),
    ];
    for (text, expected) in cases {
        let message = read(&text).unwrap_err();
        assert!(message.contains(expected), "{message}\nwhere {expected} was expected of\n{text}");
    }
}
