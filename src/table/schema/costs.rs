//! Tables of what runs cost. They repeat a measurement that is committed, so no run has a clock in its bytes.

use super::{Column, EXACT, Schema, integer, real, text};

const SECONDS: Column = Column { unit: "s", ..real("seconds", "", EXACT, "seconds of work on one thread") };
const FLOPS: Column = real("flops", "", EXACT, "additions and multiplications of X W and XᵀR");
const BYTES: Column = Column { unit: "B", ..real("bytes", "", EXACT, "bytes of X read") };

/// One row per profile and figure, and one per profile for the whole run.
pub const COSTS: Schema = Schema {
    name: "costs",
    version: 1,
    columns: &[
        text("profile", "profile of the run"),
        text("figure", "figure id; null for the whole run"),
        SECONDS,
        Column {
            unit: "s",
            ..real("theory_seconds", "", EXACT, "of these, of the theory of every curve; null for a figure")
        },
        Column {
            unit: "s",
            ..real(
                "wall_seconds",
                "",
                EXACT,
                "seconds by the clock on the wall; null where the run did not make every stage",
            )
        },
        Column { unit: "B", ..real("peak_bytes", "", EXACT, "highest resident memory") },
        FLOPS,
        BYTES,
        integer("threads", "", EXACT, "threads of the run"),
        text("machine", "the machine that was measured"),
        text("date", "when it was measured, UTC"),
    ],
};

/// One row per measured point of the scaling with N, M or the number of curves.
pub const SCALING: Schema = Schema {
    name: "scaling",
    version: 1,
    columns: &[
        text("series", "what grows: features, samples or curves"),
        integer("x", "", EXACT, "its value"),
        integer("n", "N", EXACT, "features"),
        integer("samples", "M", EXACT, "training samples"),
        integer("curves", "", EXACT, "students, each with a teacher of its own, on one data set"),
        SECONDS,
        FLOPS,
        BYTES,
        real("exponent", "", EXACT, "slope of log seconds against log x over the series"),
        Column { unit: "s", ..real("fitted", "", EXACT, "seconds by the power law of that slope") },
        text("machine", "the machine that was measured"),
        text("date", "when it was measured, UTC"),
    ],
};

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn a_measurement_repeats_to_the_digit() {
        for column in COSTS.columns.iter().chain(SCALING.columns) {
            let exact = if column.kind == Kind::Text { Some(0.0) } else { EXACT };
            assert_eq!(column.tolerance, exact, "{}", column.name);
        }
    }
}
