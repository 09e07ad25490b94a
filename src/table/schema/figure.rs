//! Tables of a figure: theory, trials, what agrees, what is claimed.

use crate::model::lineage::ObservableKind as Kind;

use super::{Column, EXACT, PHYSICS, Schema, columns, integer, of_teacher, own, parameter, real, text};

const FIGURE: Column = text("figure", "figure id");
const CURVE: Column = text("curve", "curve id");
const KIND: Column = text("kind", "kind of learner");
const X: Column = real("x", "x", EXACT, "the swept parameter");
/// Where a row stands on a figure.
const PLACE: [Column; 4] = [FIGURE, CURVE, KIND, X];
/// The parameters that tables have a column for.
pub const PARAMETERS: [Column; 10] = [
    parameter("alpha", EXACT),
    parameter("eta", EXACT),
    parameter("delta", EXACT),
    parameter("rho", EXACT),
    parameter("label_noise", EXACT),
    parameter("teacher_lambda", PHYSICS),
    parameter("epsilon", EXACT),
    parameter("lambda", PHYSICS),
    parameter("chi", EXACT),
    parameter("temperature", EXACT),
];
const TEACHER: [Column; 3] = [of_teacher(Kind::CentreOverlap), of_teacher(Kind::Norm), of_teacher(Kind::Bias)];
const EG_T: Column = of_teacher(Kind::TestError);
const LEARNED: [Column; 4] = [own(Kind::CentreOverlap), own(Kind::Norm), own(Kind::Bias), own(Kind::SourceOverlap)];
const EG: Column = own(Kind::TestError);
/// Mean square errors fall over ten decades below interpolation, and are certified to a relative accuracy there too.
const SMALL: f64 = 1e-8;
const IMITATION: [Column; 3] = [
    own(Kind::CrossEntropy),
    Column { floor: SMALL, ..own(Kind::OutputMse) },
    Column { floor: SMALL, ..own(Kind::PreactivationMse) },
];
const STATUS: Column = text("status", "converged, or why there is no value");
const ITERATIONS: Column = integer("iterations", "", None, "iterations taken");
const N: Column = integer("n", "N", EXACT, "features");
const REPLICATE: Column = integer("replicate", "", EXACT, "which independent data set");

/// One row a point: the replica theory.
pub const THEORY: Schema = Schema {
    name: "theory",
    version: 2,
    columns: columns![
        PLACE,
        PARAMETERS,
        TEACHER,
        [of_teacher(Kind::Susceptibility), EG_T],
        LEARNED,
        [own(Kind::Susceptibility), EG],
        IMITATION,
        [
            real("dS", "δS", PHYSICS, "response of the overlap with the teacher"),
            real("m_hat_t", "m̃̂", PHYSICS, "conjugate of m̃"),
            real("q_hat_t", "q̃̂", PHYSICS, "conjugate of q̃"),
            real("dq_hat_t", "δq̃̂", PHYSICS, "conjugate of δq̃"),
            real("m_hat", "m̂", PHYSICS, "conjugate of m"),
            real("q_hat", "q̂", PHYSICS, "conjugate of q"),
            real("dq_hat", "δq̂", PHYSICS, "conjugate of δq"),
            real("S_hat", "Ŝ", PHYSICS, "conjugate of S"),
            real("dS_hat", "δŜ", PHYSICS, "conjugate of δS"),
            STATUS,
            ITERATIONS,
            real("error", "", None, "bound on the relative error of the order parameters and of the test error"),
            text("reason", "why a point did not converge; null where it did"),
        ],
    ],
};

/// One row a trial: one fit on one finite data set.
pub const EXPERIMENT: Schema = Schema {
    name: "experiment",
    version: 2,
    columns: columns![
        PLACE,
        PARAMETERS,
        [
            REPLICATE,
            text("seed", "seed of the data set, hexadecimal"),
            N,
            integer("samples", "M", EXACT, "training samples"),
        ],
        TEACHER,
        [EG_T],
        LEARNED,
        [EG],
        IMITATION,
        [
            STATUS,
            ITERATIONS,
            real("gradient_norm", "", None, "relative norm of the loss gradient at the returned weights"),
        ],
    ],
};

/// One row per experiment point and observable: simulation against theory.
pub const AGREEMENT: Schema = Schema {
    name: "agreement",
    version: 1,
    columns: columns![
        PLACE,
        PARAMETERS,
        [
            N,
            integer("replicates", "R", EXACT, "converged trials behind the mean"),
            text("observable", "which column of the experiment table"),
            real("mean", "", PHYSICS, "mean over replicates"),
            real("standard_error", "", PHYSICS, "standard error of the mean; null below two replicates"),
            real("theory", "", PHYSICS, "the theory at the same point"),
            real("t", "t", Some(1e-2), "(mean − theory)/standard error"),
            real(
                "z",
                "z",
                Some(1e-2),
                "t as the normal deviate of equal probability, Student's law with R − 1 degrees"
            ),
        ],
    ],
};

/// One row per vertex of a printed curve: theory against print.
pub const PUBLISHED: Schema = Schema {
    name: "published",
    version: 2,
    columns: &[
        FIGURE,
        CURVE,
        text("column", "which column of the theory table the panel shows"),
        integer("segment", "", EXACT, "stroke of the pen; null for a dot"),
        X,
        real("published", "", EXACT, "reading of the printed curve"),
        real("theory", "", PHYSICS, "the theory at the same x"),
        real("difference", "", PHYSICS, "theory − published"),
        real("reading_error", "", EXACT, "error of the reading"),
        real("x_error", "", EXACT, "error of reading x"),
        real("slope", "", None, "local slope of the theory curve, in the scales of the panel"),
        real("allowance", "", None, "reading_error + |slope| · x_error"),
        real("in_readings", "", None, "|difference|/allowance"),
        text("within", "yes or no: |difference| ≤ allowance"),
        text("bound", "yes for a bound in closed form, no for what learns"),
    ],
};

/// One row per printed simulation point: theory against print.
pub const PRINTED_POINTS: Schema = Schema {
    name: "printed_points",
    version: 2,
    columns: &[
        FIGURE,
        CURVE,
        text("column", "which column of the theory table the panel shows"),
        X,
        real("printed", "", EXACT, "reading of the printed point"),
        real(
            "bar",
            "",
            EXACT,
            "half its bar, which behaves like a standard deviation over 10 samples; null where none could be read",
        ),
        real("reading_error", "", EXACT, "error of the reading"),
        real("theory", "", PHYSICS, "the theory at the same x"),
        real("difference", "", PHYSICS, "printed − theory"),
        real("z", "z", Some(1e-2), "difference over bar/√10, a t of ten, as the normal deviate of equal probability"),
    ],
};

/// One row per measured value: theory against measurement.
pub const MEASURED: Schema = Schema {
    name: "measured",
    version: 1,
    columns: &[
        FIGURE,
        CURVE,
        X,
        real("measured", "", EXACT, "the measured test error"),
        real("standard_error", "", EXACT, "its standard error"),
        real("theory", "", PHYSICS, "the theory at the same x"),
        real("difference", "", PHYSICS, "(measured − theory)/theory"),
        real("z", "z", Some(1e-2), "(measured − theory)/standard error"),
    ],
};

/// One row per check and voice.
pub const CLAIMS: Schema = Schema {
    name: "claims",
    version: 3,
    columns: &[
        FIGURE,
        text("check", "id of the check"),
        text("claim", "which claim or erratum of the ledger it decides"),
        text("voice", "theory, simulation or print"),
        text("verdict", "holds, fails or cannot tell"),
        real("value", "", PHYSICS, "the number"),
        real("low", "", PHYSICS, "lower end of the interval it stands for"),
        real("high", "", PHYSICS, "upper end of the interval it stands for"),
        real("resolution", "", PHYSICS, "half the interval"),
        real("expected", "", PHYSICS, "what theory says of a simulated number, at the points that were simulated"),
        Column { tolerance: None, ..text("bound", "what it is held against, in words") },
        X,
        N,
        integer("data_sets", "R", EXACT, "data sets behind a simulated number"),
        real("needed", "", Some(1e-2), "data sets of this size that would let the simulation decide"),
        integer("deviating", "", EXACT, "simulated points of the check that leave theory unexplained by finite size"),
        Column { tolerance: None, ..text("quantity", "the number in words") },
    ],
};

/// One row per check and node of a map.
pub const MAP: Schema = Schema {
    name: "map",
    version: 1,
    columns: &[
        FIGURE,
        text("check", "id of the check"),
        text("claim", "which claim of the ledger it speaks on"),
        real("first", "", EXACT, "value of the first direction"),
        real("second", "", EXACT, "value of the second direction"),
        real("third", "", EXACT, "value of the third direction"),
        text("verdict", "what theory says there: holds, fails or cannot tell"),
        real("value", "", PHYSICS, "the number"),
        real("low", "", PHYSICS, "lower end of the interval it stands for"),
        real("high", "", PHYSICS, "upper end of the interval it stands for"),
    ],
};

/// One row per claim or erratum: what the voices add up to.
pub const VERDICTS: Schema = Schema {
    name: "verdicts",
    version: 1,
    columns: &[
        text("kind", "claim or erratum"),
        text("id", "id in the ledger"),
        text("title", "a few words"),
        text("verdict", "the verdict"),
        text("class", "holds, limits, fails, contradicted or undecided"),
        text("theory", "what theory says"),
        text("simulation", "what the simulation says"),
        text("print", "what print says"),
        Column { tolerance: None, ..text("reason", "why the verdict is this one") },
    ],
};

/// One row per alternative of an erratum and printed curve it is held against.
pub const ALTERNATIVES: Schema = Schema {
    name: "alternatives",
    version: 1,
    columns: &[
        text("erratum", "id of the erratum"),
        text("alternative", "the setting in a few words"),
        text("role", "printed, explanation or rival"),
        FIGURE,
        CURVE,
        text("column", "the printed quantity"),
        integer("vertices", "", EXACT, "printed vertices it is held against"),
        real("largest", "", PHYSICS, "theory − print of the largest size over the vertices"),
        real("in_readings", "", Some(1e-3), "the largest |theory − print| over what the reading allows"),
        X,
        integer("points", "", EXACT, "printed simulation points with a bar"),
        real("points_z", "z", Some(1e-2), "z of the printed point that is farthest from it"),
        integer("simulated", "", EXACT, "our simulated points of the same setting"),
        real("simulated_z", "z", Some(1e-2), "z of our simulated point that is farthest from it"),
    ],
};

/// One row per figure: what its tables add up to.
pub const SUMMARY: Schema = Schema {
    name: "summary",
    version: 2,
    columns: &[
        FIGURE,
        text("title", "title of the figure"),
        integer("theory_points", "", EXACT, "theory points"),
        integer("theory_failed", "", EXACT, "theory points that did not converge"),
        integer("trials", "", EXACT, "trials of the curves that are shown"),
        integer("trials_failed", "", EXACT, "trials that did not converge"),
        integer("vertices", "", EXACT, "printed vertices of curves that are learned"),
        integer("outside", "", EXACT, "those outside their reading accuracy"),
        real(
            "published_difference",
            "",
            PHYSICS,
            "theory − published of the largest size, of learned curves on linear panels",
        ),
        real("published_readings", "", None, "|theory − published| in reading errors, the largest of learned curves"),
        integer("bounds", "", EXACT, "printed vertices of bounds in closed form"),
        integer("bounds_outside", "", EXACT, "those outside their reading accuracy"),
        integer("printed_points", "", EXACT, "printed simulation points"),
        real("printed_rms_z", "z", Some(1e-2), "root mean square z of the printed simulation points that have a bar"),
        real("worst_z", "z", Some(1e-2), "z of the largest size"),
        real("chi_squared", "χ²", Some(1e-2), "sum of z² over the observables that the panels show"),
        integer("z_points", "", EXACT, "number of z in χ²"),
    ],
};
