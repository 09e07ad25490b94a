//! The paper's learners through the recursion of lineages and through the solvers of their own: agreement and time.
//!
//! `cargo run --release -p redistill-core --example side_by_side`

use std::time::Instant;

use redistill_core::model::{Learner, Lineage, Mixture, ProxyVariance, Setting, Student, TeacherKind};
use redistill_core::theory;
use redistill_core::theory::lineage;

fn main() {
    let mut rows = Vec::new();
    for alpha in [0.5, 1.5, 3.0, 6.0] {
        for lambda in [1e-5, 1e-3, 0.1] {
            let mixture = Mixture { alpha, eta: 0.5, delta: 1.0, rho: 0.2 };
            let student = Student { lambda, chi: 1.0, temperature: 1.0 };
            let logistic = TeacherKind::Logistic { lambda: 0.1, epsilon: 0.0 };
            let proxy = TeacherKind::BayesOptimalProxy { variance: ProxyVariance::Derived };
            let distilled = |teacher| Learner::Distilled { teacher, student };
            rows.push((Learner::Direct { lambda, epsilon: 0.0 }, Lineage::direct(&mixture, lambda, 0.0), mixture));
            rows.push((distilled(logistic), Lineage::distilled(&mixture, 0.1, 0.0, lambda, 1.0, 1.0), mixture));
            rows.push((distilled(proxy), Lineage::kd_bayes(&mixture, lambda, 1.0, 1.0), mixture));
            rows.push((distilled(TeacherKind::Hebbian), Lineage::kd_hebbian(&mixture, lambda, 1.0, 1.0), mixture));
        }
    }
    let mut totals = [0.0; 2];
    for (learner, lineage, mixture) in rows {
        let time = |f: &dyn Fn()| {
            (0..5)
                .map(|_| {
                    let start = Instant::now();
                    f();
                    start.elapsed().as_secs_f64() * 1e3
                })
                .fold(f64::INFINITY, f64::min)
        };
        let setting = Setting { mixture, learner };
        let own = theory::solve(&setting).expect("a valid setting");
        let new = lineage::solve(&lineage).expect("a valid lineage");
        let [old_time, new_time] = [time(&|| drop(theory::solve(&setting))), time(&|| drop(lineage::solve(&lineage)))];
        totals[0] += old_time;
        totals[1] += new_time;
        let last = new.last().expect("a stage");
        let student = own.student.expect("a student");
        let apart = [(student.m, last.m), (student.q, last.q), (student.b, last.b), (student.v, last.v)]
            .into_iter()
            .map(|(a, b)| ((a - b) / a).abs())
            .fold(0.0, f64::max);
        println!(
            "{:24} α {:3} λ {:.0e}: apart {apart:.1e} (told {:.1e}, sweeps {}), {old_time:.2} ms before, {new_time:.2} ms now",
            learner.kind(),
            mixture.alpha,
            lineage.stages[lineage.stages.len() - 1].lambda,
            new.error(),
            new.sweeps
        );
    }
    println!("in all {:.1} ms before, {:.1} ms now", totals[0], totals[1]);
}
