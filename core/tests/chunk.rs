//! Chunks: numbers keep their bits, and an answer is given to its own question only.
#![cfg(feature = "chunk")]

use redistill_core::chunk::{self, Place, Solved, Sweep, Trained, Trials, Tuned, train};
use redistill_core::experiment::{Protocol, Sampling, lineage::run};
use redistill_core::model::{Lineage, Mixture};

fn lineage(alpha: f64, lambda: f64) -> Lineage {
    Lineage::distilled(&Mixture { alpha, eta: 0.5, delta: 1.0, rho: 0.2 }, 0.1, 0.0, lambda, 1.0, 1.0)
}

fn sweep(optimal: &[&str]) -> Sweep {
    let optimal: Vec<_> = optimal.iter().map(|name| name.parse().unwrap()).collect();
    let place = |x: f64| Place { x, lineage: lineage(x, 0.01), optimal: optimal.clone() };
    Sweep { places: [2.0, 2.5].map(place).into(), n: None }
}

fn trials(alpha: f64, replicates: (u32, u32)) -> Trials {
    let protocol = Protocol { n: 60, sampling: Sampling::Stratified, seed: 3 };
    Trials { lineage: lineage(alpha, 0.01), protocol, replicates, tuned: None }
}

#[test]
fn a_chunk_answers_its_own_question_only_and_keeps_every_bit() {
    let asked = sweep(&[]);
    let mut solved = asked.solve(|| false).unwrap().unwrap();
    // as a point may leave it that has no solution
    (solved[0].solution.stages[1].m, solved[0].solution.stages[1].error) = (f64::NAN, f64::INFINITY);
    let bytes = chunk::write(&asked, &solved).unwrap();
    let read: Vec<Solved> = chunk::read(&bytes, &asked).unwrap();
    let stages = |solved: &[Solved]| solved.iter().flat_map(|one| one.solution.stages.clone()).collect::<Vec<_>>();
    assert_eq!(format!("{:?}", stages(&read)), format!("{:?}", stages(&solved)));
    assert!(read[0].solution.stages[1].m.is_nan());

    let mut others = [asked.clone(), asked.clone(), asked.clone()];
    others[0].places[1].x = 2.5 + f64::EPSILON * 2.0;
    others[1].places[0].lineage.stages[0].lambda *= 1.0 + f64::EPSILON;
    others[2].n = Some(60);
    for other in others {
        let refused = chunk::read::<Vec<Solved>>(&bytes, &other).unwrap_err();
        assert_eq!(refused.to_string(), "the chunk answers another question");
    }
    assert!(chunk::read::<Vec<Solved>>(&bytes[..bytes.len() / 2], &asked).is_err());
}

#[test]
fn a_sweep_stops_when_it_is_told_to() {
    assert_eq!(sweep(&[]).solve(|| true).unwrap(), None);
}

#[test]
fn trials_are_those_of_each_lineage_alone_with_the_parameters_that_the_theory_tuned() {
    let theory = sweep(&["lambda"]);
    let solved = theory.solve(|| false).unwrap().unwrap();
    let best = solved[1].tuned.clone().unwrap();
    let bytes = chunk::write(&theory, &solved).unwrap();
    let plain = trials(2.5, (1, 3));
    let tuned = Trials { tuned: Some(Tuned { by: "theory".into(), x: 2.5 }), ..plain.clone() };
    let (outcomes, _) = train(&[(&plain, None), (&tuned, Some(bytes.clone()))], &|| false).unwrap().unwrap();
    for (Trained { tuned, trials }, lineage) in outcomes.iter().zip([&plain.lineage, &best]) {
        assert!(tuned.as_ref().is_none_or(|tuned| tuned == lineage));
        let alone = [1, 2].map(|replicate| run(lineage, replicate, &plain.protocol, &|| false).unwrap());
        assert_eq!(trials[..], alone);
    }
    assert_ne!(outcomes[0].trials, outcomes[1].trials);

    let elsewhere = Trials { tuned: Some(Tuned { by: "theory".into(), x: 2.2 }), ..plain.clone() };
    let refused = train(&[(&elsewhere, Some(bytes))], &|| false).unwrap_err().to_string();
    assert_eq!(refused, "theory has no optimum at x = 2.2");
}

#[test]
fn trials_that_do_not_share_their_data_are_not_trained_together() {
    let first = trials(2.5, (0, 1));
    for other in [trials(2.0, (0, 1)), trials(2.5, (1, 2))] {
        let refused = train(&[(&first, None), (&other, None)], &|| false).unwrap_err().to_string();
        assert!(refused.contains("ask for different data"), "{refused}");
    }
    assert_eq!(train(&[(&first, None)], &|| true).unwrap(), None);
}
