//! What a solved lineage can be asked: warm starts that change nothing, derivatives that are those of its solutions.

use redistill_core::model::lineage::{
    Data, FixedTeacher, Loss, Needs, OBSERVABLES, Observable, Parameter, Scale, Signal, Source, Spectrum, Stage,
};
use redistill_core::model::{Lineage, Mixture};
use redistill_core::theory::lineage::{Bound, Direction, RISE, Status, Warm, derivatives, optimise, solve, solve_from};

const MIXTURE: Mixture = Mixture { alpha: 2.4, eta: 0.7, delta: 0.9, rho: 0.3 };

fn parameter(text: &str) -> Parameter {
    text.parse().unwrap()
}

/// One lineage of every kind.
fn lineages() -> Vec<(&'static str, Lineage)> {
    let distilled = Lineage::distilled(&MIXTURE, 0.05, 0.02, 0.03, 0.6, 2.0);
    let with = |stages: Vec<Stage>| Lineage { stages, ..distilled.clone() };
    let teacher = Stage::logistic(1.0, 0.1);
    let square = Stage::logistic(0.8, 0.2).with_loss(Loss::Square);
    let fixed = Source::Teacher(FixedTeacher { m: 0.9, q: 2.0, b: -0.4, variance: None });
    let power = Spectrum::Power { exponent: 0.3, signal: Signal::Aligned };
    let two_sets = Data { alpha: vec![2.0, 1.5], label_noise: 0.1, ..distilled.data.clone() };
    vec![
        ("direct", Lineage::direct(&MIXTURE, 1e-3, 0.0)),
        ("distilled", distilled.clone()),
        ("square", with(vec![teacher, square.soft(Source::Stage(1), 0.7, 1.0)])),
        ("squares", with(vec![square, Stage { features: 0.6, ..square.soft(Source::Stage(1), 0.7, 1.0) }])),
        ("hard", with(vec![teacher, Stage::logistic(0.7, 0.1).hard(Source::Stage(1), 0.8, 0.0)])),
        ("hinge", with(vec![Stage::logistic(0.8, 0.3).with_loss(Loss::Hinge)])),
        ("fixed", with(vec![Stage::logistic(0.7, 0.05).soft(fixed, 0.9, 1.5)])),
        ("hebbian", Lineage::kd_hebbian(&MIXTURE, 0.1, 0.8, 1.5)),
        ("power", Lineage { data: Data { spectrum: power, ..distilled.data.clone() }, ..distilled.clone() }),
        (
            "fresh",
            Lineage {
                data: two_sets,
                stages: vec![teacher, Stage::logistic(0.7, 0.1).soft(Source::Stage(1), 1.0, 1.0).on(2)],
            },
        ),
        (
            "chain",
            with(vec![
                teacher,
                Stage::logistic(0.9, 0.2).soft(Source::Stage(1), 0.9, 1.0),
                Stage::logistic(0.7, 0.15).soft(Source::Stage(2), 0.8, 1.5),
            ]),
        ),
    ]
}

#[test]
fn derivatives_are_those_of_solutions_nearby() {
    let observables: Vec<Observable> = OBSERVABLES
        .iter()
        .filter(|one| one.needs != Needs::Samples)
        .map(|descriptor| descriptor.name.parse().unwrap())
        .collect();
    for (name, lineage) in lineages() {
        let parameters = Parameter::all(&lineage);
        let directions: Vec<Direction> =
            parameters.iter().map(|parameter| Direction::of(&lineage, *parameter).unwrap()).collect();
        let found = derivatives(&lineage, &directions, &observables).unwrap();
        assert_eq!(found.solution.status(), Status::Converged, "{name}");
        for (parameter, row) in parameters.iter().zip(&found.values) {
            let value = parameter.get(&lineage).unwrap();
            let size = match parameter.descriptor().scale {
                Scale::Log => value,
                Scale::Linear => value.abs().max(0.05),
            };
            let step = 3e-3 * size;
            let at = |offset: f64| {
                let mut moved = lineage.clone();
                parameter.set(&mut moved, value + offset).ok()?;
                solve(&moved).ok().map(|solution| (moved, solution))
            };
            if value == 0.0 && parameter.descriptor().scale == Scale::Log {
                assert!(row.iter().all(Option::is_none), "{name}: {parameter} has no logarithm");
                continue;
            }
            // the end of a domain has one side only
            let (sides, weights): (Vec<f64>, Vec<f64>) = match (at(2.0 * step).is_some(), at(-2.0 * step).is_some()) {
                (true, true) => (vec![2.0, 1.0, -1.0, -2.0], vec![-1.0 / 12.0, 2.0 / 3.0, -2.0 / 3.0, 1.0 / 12.0]),
                (true, false) => (vec![0.0, 1.0, 2.0, 3.0], vec![-11.0 / 6.0, 3.0, -1.5, 1.0 / 3.0]),
                (false, _) => (vec![0.0, -1.0, -2.0, -3.0], vec![11.0 / 6.0, -3.0, 1.5, -1.0 / 3.0]),
            };
            let there: Vec<_> = sides.iter().map(|side| at(side * step).unwrap()).collect();
            for (observable, derivative) in observables.iter().zip(row) {
                let values: Option<Vec<f64>> = there.iter().map(|(moved, s)| observable.get(moved, s)).collect();
                let Some(values) = values else { continue };
                let difference = values.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>() / step;
                let Some(derivative) = derivative else { panic!("{name}: {observable} by {parameter} has none") };
                let scale = difference.abs().max(1e-2 * values[0].abs() / size);
                // two solutions differ by their errors too
                let noise = there.iter().map(|(_, s)| s.error()).fold(0.0, f64::max) * values[0].abs() / step;
                let off = ((derivative.value - difference).abs() - noise).max(0.0) / scale;
                println!(
                    "{name:10} d{observable}/d{parameter}: {:.8e} ± {:.1e} vs {difference:.8e}: {off:.1e}",
                    derivative.value, derivative.error
                );
                assert!(off < 1e-4, "{name}: d{observable}/d{parameter} = {derivative:?}, not {difference}");
            }
        }
    }
}

/// Cold targets mixed with a few labels: the student turns within 1 − χ from following the one to following the other.
#[test]
fn a_weight_next_to_one_is_moved_by_less_than_what_is_left() {
    let mixture = Mixture { alpha: 1.0, eta: 1.0, delta: 1.0, rho: 0.2 };
    let at = |chi: f64| Lineage::distilled(&mixture, 0.15, 0.0, 0.012, chi, 0.0735);
    let chi = 0.989;
    let direction = Direction::along(parameter("chi"), chi, |chi| Some(at(chi)));
    let lineage = at(chi);
    let found = derivatives(&lineage, &[direction], &["eg".parse().unwrap()]).unwrap().values[0][0].unwrap();
    let eg = |chi: f64| solve(&at(chi)).unwrap().stages[1].eg;
    let step = 1e-5;
    let difference = (eg(chi + step) - eg(chi - step)) / (2.0 * step);
    assert!((found.value - difference).abs() < 1e-4 * difference.abs(), "{found:?} {difference}");
}

/// Behind a teacher whose outputs a heavy ridge has made small, the labels outweigh them at once, the more so the hotter
/// they are compared: steps of the usual size would tell a slope of the other sign, or none.
#[test]
fn labels_that_outweigh_small_outputs_at_once_are_followed() {
    let mixture = Mixture { alpha: 2.0, eta: 1.0, delta: 1.0, rho: 0.5 };
    let at = |lambda: f64, chi: f64, temperature: f64| {
        let mut lineage = Lineage::distilled(&mixture, lambda, 0.0, lambda, chi, temperature);
        lineage.data.label_noise = 0.3;
        lineage
    };
    let eg = |chi: f64, temperature: f64| solve(&at(1e3, chi, temperature)).unwrap().stages[1].eg;
    for (temperature, left) in [(10.0, 1e-7), (10.0, 1e-6), (100.0, 1e-9)] {
        let (chi, step) = (1.0 - left, 0.01 * left);
        let lineage = at(1e3, chi, temperature);
        let direction = Direction::along(parameter("chi"), chi, |chi| Some(at(1e3, chi, temperature)));
        let found = derivatives(&lineage, &[direction], &["eg".parse().unwrap()]).unwrap().values[0][0].unwrap();
        let difference = (eg(chi + step, temperature) - eg(chi - step, temperature)) / (2.0 * step);
        assert!(difference < -1000.0, "{difference}");
        assert!((found.value - difference).abs() < 1e-3 * difference.abs(), "{temperature}: {found:?} {difference}");
    }
    let over = ["teacher_lambda", "lambda", "chi", "temperature"].map(|name| (parameter(name), None));
    let best = optimise(&at(1.0, 0.9, 2.0), &over, "eg".parse().unwrap(), 2).unwrap();
    assert!(best.reason.is_none(), "{:?}", best.reason);
    assert_eq!((best.parameters[2].value, best.parameters[2].bound), (1.0, Some(Bound::Upper)));
    assert!(best.value <= eg(1.0, 10.0) + 1e-8, "{} {}", best.value, eg(1.0, 10.0));
}

#[test]
fn what_is_zero_by_symmetry_shortens_no_step() {
    let lineage = Lineage::distilled(&Mixture { rho: 0.5, ..MIXTURE }, 0.1, 0.0, 0.05, 0.7, 1.5);
    let slopes = |names: &[&str]| {
        let observables: Vec<Observable> = names.iter().map(|name| name.parse().unwrap()).collect();
        let direction = Direction::of(&lineage, parameter("lambda")).unwrap();
        derivatives(&lineage, &[direction], &observables).unwrap().values[0][0].unwrap()
    };
    assert_eq!(slopes(&["eg", "b"]), slopes(&["eg"]));
}

/// Two valleys, the deeper one narrow and curved: it was missed from starts spread over the whole box.
#[test]
fn a_joint_minimum_is_the_deeper_of_two() {
    let mixture = Mixture { alpha: 1.0, eta: 1.0, delta: 1.0, rho: 0.2 };
    let lineage = Lineage::distilled(&mixture, 1e-5, 0.0, 1e-5, 1.0, 1.0);
    let over = ["teacher_lambda", "lambda", "chi", "temperature"].map(|name| (parameter(name), None));
    let best = optimise(&lineage, &over, "eg".parse().unwrap(), 6).unwrap();
    assert!(best.reason.is_none(), "{:?}", best.reason);
    let shallow = best.descents.iter().filter(|descent| (descent.value - 0.1755357).abs() < 1e-6).count();
    assert!(best.value < 0.1755250 && shallow > 0, "{} {:?}", best.value, best.descents);
}

#[test]
fn a_start_changes_no_more_than_the_error() {
    for (name, lineage) in lineages() {
        let mut warm = Warm::default();
        let (mut cold_sweeps, mut warm_sweeps) = (0, 0);
        for step in 0..8 {
            let mut moved = lineage.clone();
            for (parameter, factor) in [("alpha", 0.9f64), ("lambda", 1.4)] {
                let parameter = parameter_of(parameter, &moved);
                let value = parameter.get(&moved).unwrap() * factor.powi(step);
                parameter.set(&mut moved, value).unwrap();
            }
            let (swept, alone) = (solve_from(&moved, &mut warm).unwrap(), solve(&moved).unwrap());
            assert_eq!(swept.status(), alone.status(), "{name}, {step}");
            cold_sweeps += alone.sweeps;
            warm_sweeps += swept.sweeps;
            for (a, b) in swept.stages.iter().zip(&alone.stages) {
                for (a, b, error) in
                    [(a.eg, b.eg, a.error + b.error), (a.m, b.m, a.error + b.error), (a.v, b.v, a.error + b.error)]
                {
                    assert!((a - b).abs() <= 2.0 * error * b.abs().max(1e-3), "{name}, {step}: {a} {b} ± {error}");
                }
            }
        }
        println!("{name:10} {cold_sweeps} {warm_sweeps}");
        assert!(warm_sweeps <= cold_sweeps, "{name}: {warm_sweeps} {cold_sweeps}");
    }
}

/// α of the first data set where there are several.
fn parameter_of(name: &str, lineage: &Lineage) -> Parameter {
    let all = parameter(name);
    if all.get(lineage).is_some() { all } else { parameter(&format!("{name}@1")) }
}

#[test]
fn a_start_from_elsewhere_is_given_up() {
    let mut warm = Warm::default();
    // the neighbour has another number of stages, and then is at the other end of the domain
    for lineage in [
        Lineage::direct(&MIXTURE, 1e3, 0.0),
        Lineage::distilled(&MIXTURE, 1e-4, 0.0, 10.0, 1.0, 1.0),
        Lineage::distilled(&Mixture { alpha: 40.0, ..MIXTURE }, 1e-4, 0.0, 1e-4, 1.0, 5.0),
        Lineage::distilled(&Mixture { alpha: 0.3, rho: 0.05, ..MIXTURE }, 1e-4, 0.0, 1e-4, 0.2, 0.3),
    ] {
        let (swept, alone) = (solve_from(&lineage, &mut warm).unwrap(), solve(&lineage).unwrap());
        assert_eq!((swept.status(), alone.status()), (Status::Converged, Status::Converged));
        let (swept, alone) = (swept.last().unwrap(), alone.last().unwrap());
        assert!((swept.eg - alone.eg).abs() <= 1e-6 * alone.eg, "{} {}", swept.eg, alone.eg);
    }
}

#[test]
fn a_minimum_is_one_by_plain_solutions_around_it() {
    let mixture = Mixture { alpha: 3.0, eta: 0.5, delta: 1.0, rho: 0.2 };
    let lineage = Lineage::distilled(&mixture, 0.1, 0.0, 0.1, 0.8, 2.0);
    let over: Vec<(Parameter, Option<(f64, f64)>)> =
        ["lambda", "chi", "temperature"].map(|name| (parameter(name), None)).to_vec();
    let best = optimise(&lineage, &over, "eg".parse().unwrap(), 2).unwrap();
    assert_eq!((&best.reason, best.notes.len()), (&None, 0), "{:?}", best.notes);
    let eg = |lineage: &Lineage| solve(lineage).unwrap().stages[1].eg;
    assert!((eg(&best.lineage) - best.value).abs() <= best.error + 1e-12);
    for found in &best.parameters {
        let (parameter, width) = (found.searched.parameter, found.width.unwrap());
        for sign in [-1.0f64, 1.0] {
            let mut moved = best.lineage.clone();
            let value = match parameter.descriptor().scale {
                Scale::Log => found.value * width.powf(sign),
                Scale::Linear => found.value + sign * width,
            };
            parameter.set(&mut moved, value).unwrap();
            // the others stay behind, so it rises by more than at the width; a gain of 1e-6 is seen
            let rise = eg(&moved) - best.value;
            assert!(rise > 0.3 * RISE, "{parameter} = {value}: {rise:e}");
        }
    }
    // both starts lead to one place, to far less than 1e-6 in the test error
    assert!(best.descents.iter().all(|descent| (descent.value - best.value).abs() < 1e-9), "{:?}", best.descents);
}

#[test]
fn a_minimum_at_infinity_stands_at_the_bound_and_says_so() {
    let lineage = Lineage::direct(&Mixture { rho: 0.5, ..MIXTURE }, 0.1, 0.0);
    let over = [(parameter("lambda"), Some((1e-3, 100.0)))];
    let best = optimise(&lineage, &over, "eg".parse().unwrap(), 1).unwrap();
    assert_eq!((best.parameters[0].value, best.parameters[0].bound), (100.0, Some(Bound::Upper)));
    assert!(best.notes[0].contains("stands at its upper bound 100"), "{:?}", best.notes);
    // χ of a student whose teacher is its twin: nothing tells it
    let flat = Lineage::distilled(&Mixture { eta: 1.0, ..MIXTURE }, 1e2, 0.0, 1e2, 0.5, 1.0);
    let best = optimise(&flat, &[(parameter("chi"), None)], "eg".parse().unwrap(), 1).unwrap();
    assert!(best.notes.iter().any(|note| note.contains("chi")), "{:?}", best.notes);
}

#[test]
fn a_search_that_makes_no_sense_says_what_would() {
    let lineage = Lineage::distilled(&MIXTURE, 0.1, 0.0, 0.1, 0.8, 2.0);
    let told = |over: &[(&str, Option<(f64, f64)>)]| {
        let over: Vec<_> = over.iter().map(|(name, bounds)| (parameter(name), *bounds)).collect();
        optimise(&lineage, &over, "eg".parse().unwrap(), 1).unwrap_err().to_string()
    };
    assert!(told(&[("chi@1", None)]).contains("valid: chi@2"));
    assert!(told(&[("lambda", Some((1.0, 0.1)))]).contains("the smaller one first"));
    assert!(told(&[("chi", Some((0.0, 200.0)))]).contains("chi = 200 is out of range"));
    assert!(told(&[("lambda@1", None), ("teacher_lambda", None)]).contains("searched twice"));
}

#[test]
fn the_ridge_of_direct_training_has_one_valley() {
    // b01 says so, of all its settings: ε_g falls, then rises, and does not fall again
    for (noise, features, alpha, rho) in [0.0, 0.1, 0.3]
        .iter()
        .flat_map(|noise| [(noise, 1.0, 1.0, 0.2), (noise, 0.5, 2.0, 0.2), (noise, 1.0, 4.0, 0.5)])
    {
        let data = Data { label_noise: *noise, ..Data::isotropic(alpha, 1.0, rho) };
        let error = |step: i32| {
            let stage = Stage::logistic(features, 10f64.powf(0.1 * f64::from(step)));
            let solution = solve(&Lineage { data: data.clone(), stages: vec![stage] }).unwrap();
            solution.stages[0].eg
        };
        let errors: Vec<f64> = (-60..=30).map(error).collect();
        let slopes = errors.windows(2).map(|pair| pair[1] - pair[0]).filter(|slope| slope.abs() > 1e-11);
        let turns = slopes.map(f64::signum).collect::<Vec<_>>().windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!(turns <= 1, "θ = {noise}, η = {features}, α = {alpha}, ρ = {rho}: {turns}");
    }
}

#[test]
fn the_valley_of_a_ridge_and_a_bias_is_followed_and_no_place_on_its_side_is_certified() {
    // under a heavy ridge the weights fall as 1/λ and the best bias with them, so that the valley turns
    let mut lineage = Lineage::direct(&Mixture { alpha: 4.5, eta: 1.0, ..MIXTURE }, 0.265, 0.0);
    lineage.stages[0].bias = Some(-1.0);
    let over = |bounds| [(parameter("lambda"), None), (parameter("bias"), Some(bounds))];
    let eg = "eg".parse().unwrap();
    let heavy = Lineage { stages: vec![Stage { lambda: 1e3, ..lineage.stages[0] }], ..lineage.clone() };
    let least = optimise(&heavy, &[(parameter("bias"), Some((-1e-2, 0.0)))], eg, 1).unwrap().value;
    for bounds in [(-20.0, 5.0), (-10.0, 10.0), (-1.0, 0.0)] {
        let best = optimise(&lineage, &over(bounds), eg, 4).unwrap();
        assert!(best.value < least + RISE, "{bounds:?}: {} at {:?}, {least}", best.value, best.parameters);
        assert!(best.reason.is_some() || best.curvature[0] > -1e-6, "{bounds:?}: {:?}", best.curvature);
    }
}
