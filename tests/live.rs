//! The module that the report's page runs, in an interpreter, against the theory compiled for this machine.
//!
//! It fails when their numbers part, so a module older than a change of the theory cannot stay (live/build.sh makes
//! it anew), and not when a comment changes.

use std::path::Path;
use std::thread;

use redistill_live::{ANSWERS, PARAMETERS, PER_STAGE, Question, told};
use wasmi::{Engine, Extern, Instance, Linker, Memory, Module, Store};

/// What a page may differ by from a machine: it rounds products before they are added (see `numerics::Vector`).
const ROUNDING: f64 = 2e-11;
/// The most that the module may weigh in a page, which carries it compressed.
const MOST_BYTES: u64 = 190_000;

/// The module at work.
struct Page {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Page {
    fn open() -> Self {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("live/redistill.wasm")).unwrap();
        let engine = Engine::default();
        let module = Module::new(&engine, &bytes[..]).unwrap();
        assert_eq!(module.imports().count(), 0, "it needs nothing: no clock, no file, no random number");
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module).unwrap();
        let memory = instance.get_export(&store, "memory").and_then(Extern::into_memory).unwrap();
        Self { store, instance, memory }
    }

    fn place(&mut self, name: &str) -> usize {
        let function = self.instance.get_typed_func::<(), i32>(&self.store, name).unwrap();
        usize::try_from(function.call(&mut self.store, ()).unwrap()).unwrap()
    }

    fn write(&mut self, parameters: &[f64; PARAMETERS]) {
        let place = self.place("parameters");
        let bytes: Vec<u8> = parameters.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.memory.write(&mut self.store, place, &bytes).unwrap();
    }

    fn read(&mut self) -> [f64; ANSWERS] {
        let place = self.place("answer");
        let mut bytes = [0; 8 * ANSWERS];
        self.memory.read(&self.store, place, &mut bytes).unwrap();
        std::array::from_fn(|i| f64::from_le_bytes(bytes[8 * i..8 * i + 8].try_into().unwrap()))
    }

    /// Code, numbers and reason.
    fn solve(&mut self, parameters: &[f64; PARAMETERS], slot: i32) -> (i32, [f64; ANSWERS], String) {
        self.write(parameters);
        let solve = self.instance.get_typed_func::<i32, i32>(&self.store, "solve").unwrap();
        let code = solve.call(&mut self.store, slot).unwrap();
        let (at, length) = (self.place("reason"), self.place("reason_length"));
        let mut reason = vec![0; length];
        self.memory.read(&self.store, at, &mut reason).unwrap();
        (code, self.read(), String::from_utf8(reason).unwrap())
    }
}

fn native(parameters: &[f64; PARAMETERS]) -> (i32, [f64; ANSWERS], String) {
    told(&redistill::theory::lineage::solve(&Question::read(parameters).lineage()))
}

/// Figure 5 at α, with what differs from it.
fn question(alpha: f64, change: impl Fn(&mut [f64; PARAMETERS])) -> [f64; PARAMETERS] {
    let mut parameters = [1.0, alpha, 1.0, 0.2, 0.0, 0.0, 1.0, 0.0, 1e-1, 0.0, 0.5, 0.0, 1e-5, 0.0, 1.0, 1.0];
    change(&mut parameters);
    parameters
}

/// Forty points: both curves of Fig. 5 through their thresholds, and every kind of loss, target and data.
fn questions() -> Vec<[f64; PARAMETERS]> {
    let mut all = Vec::new();
    for alpha in [0.2, 0.4, 0.5, 0.6, 0.9, 1.2, 1.6, 2.1, 3.0, 5.5] {
        all.push(question(alpha, |_| {}));
        all.push(question(alpha, |p| (p[8], p[12]) = (1e-2, 1e-3)));
    }
    for alpha in [0.3, 1.75, 4.0] {
        all.push(question(alpha, |p| p[8] = 1e-5));
        // a teacher alone, with logistic and with square loss
        all.push(question(alpha, |p| p[0] = 0.0));
        all.push(question(alpha, |p| (p[0], p[7]) = (0.0, 1.0)));
        // square losses in one stage and in both
        all.push(question(alpha, |p| (p[7], p[11], p[12]) = (1.0, 1.0, 1e-2)));
        all.push(question(alpha, |p| (p[11], p[12]) = (1.0, 1e-2)));
    }
    // hard labels, a mix, smoothing and noise, temperature, fresh samples
    all.push(question(1.5, |p| (p[12], p[13], p[15]) = (1e-2, 1.0, 0.0)));
    all.push(question(1.5, |p| (p[12], p[14]) = (1e-2, 0.4)));
    all.push(question(1.5, |p| (p[4], p[9], p[12]) = (0.1, 0.05, 1e-2)));
    all.push(question(1.5, |p| (p[12], p[15]) = (1e-2, 4.0)));
    all.push(question(1.5, |p| (p[5], p[12]) = (0.8, 1e-2)));
    assert_eq!(all.len(), 40);
    all
}

#[test]
fn the_module_and_this_machine_agree_on_forty_points() {
    let questions = questions();
    let half = |part: &[[f64; PARAMETERS]]| {
        let mut page = Page::open();
        let mut worst = (0.0, String::new());
        for parameters in part {
            let ((code, found, reason), (expected_code, expected, _)) =
                (page.solve(parameters, -1), native(parameters));
            assert_eq!((code, expected_code), (0, 0), "{parameters:?}: {reason}");
            for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
                // sweeps may end one apart; an error is a difference of two answers
                let counted = i == 0 || (i - 1) % PER_STAGE == PER_STAGE - 1;
                let apart = if counted { (found - expected).abs() * 1e-9 } else { (found - expected).abs() };
                let apart = apart / expected.abs().max(1e-3);
                if apart > worst.0 {
                    worst = (apart, format!("{parameters:?}, number {i}: {found} for {expected}"));
                }
                assert_eq!(found.is_nan(), expected.is_nan(), "{parameters:?}, number {i}");
            }
        }
        worst
    };
    let (first, second) = questions.split_at(questions.len() / 2);
    let [first, second] = thread::scope(|scope| {
        let other = scope.spawn(|| half(second));
        [half(first), other.join().unwrap()]
    });
    let worst = if first.0 > second.0 { first } else { second };
    println!("largest relative difference {:.1e} at {}", worst.0, worst.1);
    assert!(worst.0 <= ROUNDING, "{}", worst.1);
}

#[test]
fn what_was_asked_before_changes_no_certified_number() {
    let mut page = Page::open();
    let fresh = page.solve(&question(0.6, |_| {}), -1).1;
    let mut sketch = page.solve(&question(0.6, |p| p[8] = 1e-3), 0).1;
    sketch = if sketch[5].is_nan() { sketch } else { page.solve(&question(0.6, |_| {}), 0).1 };
    let again = page.solve(&question(0.6, |_| {}), -1).1;
    assert_eq!(fresh.map(f64::to_bits), again.map(f64::to_bits));
    // a sketch is good for a drawing
    let eg = 1 + PER_STAGE + 4;
    assert!((sketch[eg] / fresh[eg] - 1.0).abs() < 1e-3, "{} {}", sketch[eg], fresh[eg]);
}

#[test]
fn a_value_out_of_range_is_refused_in_words() {
    let mut page = Page::open();
    let (code, numbers, reason) = page.solve(&question(-1.0, |_| {}), -1);
    assert!(code == 2 && numbers[1].is_nan() && reason.contains("alpha = -1"), "{code} {reason}");
    // and the next question is answered
    assert_eq!(page.solve(&question(1.0, |_| {}), -1).0, 0);
}

#[test]
fn bounds_and_thresholds_are_those_of_the_model() {
    use redistill::model::{Mixture, bayes, thresholds};
    let mut page = Page::open();
    let bounds = page.instance.get_typed_func::<i32, ()>(&page.store, "bounds").unwrap();
    let mut of = |parameters: [f64; PARAMETERS]| {
        page.write(&parameters);
        bounds.call(&mut page.store, 1).unwrap();
        page.read()
    };
    // samples of the student's own add to those of its teacher
    let [found, fresh] = [question(2.0, |_| {}), question(0.5, |p| p[5] = 1.5)].map(&mut of);
    assert_eq!(found.map(f64::to_bits), fresh.map(f64::to_bits));
    let student = Mixture { alpha: 2.0, eta: 0.5, delta: 1.0, rho: 0.2 };
    let all = student.all_features();
    let expected = [
        bayes::bound(&all),
        bayes::bound(&student),
        thresholds::separability(&all),
        thresholds::separability(&student),
        0.5,
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert!((found / expected - 1.0).abs() < ROUNDING, "{found} {expected}");
    }
}

#[test]
fn the_module_is_light_and_knows_no_machine() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("live/redistill.wasm");
    assert!(path.metadata().unwrap().len() <= MOST_BYTES);
    let bytes = std::fs::read(path).unwrap();
    // in halves, or this file would hold them
    for banned in [["/ho", "me/"], ["/ro", "ot/"], ["/tm", "p/"], ["/Us", "ers/"]].map(|halves| halves.concat()) {
        assert!(!bytes.windows(banned.len()).any(|window| window == banned.as_bytes()), "it holds {banned}");
    }
}
