use redistill::model::*;
use redistill::theory::*;

#[test]
fn all() {
    let text = std::fs::read_to_string("../shared/reference_points.csv").unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    for line in lines {
        let f: Vec<&str> = line.split(',').collect();
        let get = |n: &str| f[header.iter().position(|h| *h == n).unwrap()].parse::<f64>().ok();
        let eps = get("epsilon").unwrap_or(0.0);
        let student = || Student { lambda: get("lambda").unwrap(), chi: get("chi").unwrap(), temperature: get("T").unwrap() };
        let learner = match f[1] {
            "teacher" => Learner::Teacher { lambda: get("lambda_t").unwrap(), epsilon: eps },
            "direct" => Learner::Direct { lambda: get("lambda").unwrap(), epsilon: eps },
            "distilled" => Learner::Distilled { teacher: TeacherKind::Logistic { lambda: get("lambda_t").unwrap(), epsilon: eps }, student: student() },
            "kd_hebbian" => Learner::Distilled { teacher: TeacherKind::Hebbian, student: student() },
            _ => Learner::Distilled { teacher: TeacherKind::BayesOptimalProxy { variance: ProxyVariance::Derived }, student: student() },
        };
        let mixture = Mixture { alpha: get("alpha").unwrap(), eta: get("eta").unwrap_or(1.0), delta: get("delta").unwrap(), rho: get("rho").unwrap() };
        let t = std::time::Instant::now();
        let sol = solve(&Setting { mixture, learner }).unwrap();
        let el = t.elapsed().as_secs_f64() * 1e3;
        let mut worst = (0.0f64, "");
        let mut chk = |n: &'static str, v: Option<f64>| {
            if let (Some(r), Some(v)) = (get(n), v) {
                let d = (v - r).abs() / r.abs().max(1e-9);
                if d > worst.0 || d.is_nan() { worst = (d, n) }
            }
        };
        chk("m_t", sol.teacher.map(|o| o.m)); chk("q_t", sol.teacher.map(|o| o.q)); chk("b_t", sol.teacher.map(|o| o.b)); chk("V_t", sol.teacher.map(|o| o.v)); chk("eg_t", sol.teacher_error);
        chk("m", sol.student.map(|o| o.m)); chk("q", sol.student.map(|o| o.q)); chk("b", sol.student.map(|o| o.b)); chk("V", sol.student.map(|o| o.v)); chk("eg", sol.student_error);
        chk("S", sol.cross.map(|o| o.0.s)); chk("ce", sol.observables.map(|o| o.cross_entropy)); chk("mse_out", sol.observables.map(|o| o.output_mse)); chk("mse_pre", sol.observables.map(|o| o.preactivation_mse));
        println!("{} {:<10} {:>8.2} ms it {} res {:.1e} quad {:.1e} conv {} worst {:.1e} {}", f[0], f[1], el, sol.certificate.iterations, sol.certificate.residual, sol.certificate.quadrature_error, sol.certificate.converged, worst.0, worst.1);
    }
}
