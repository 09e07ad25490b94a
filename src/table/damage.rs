//! Files that are no tables: their reader may panic where it should refuse.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What reading gave, or why it gave nothing.
pub(super) fn survived<T, E: ToString>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::survived;

    #[test]
    fn a_reader_that_panics_has_read_nothing() {
        assert_eq!(survived(|| Ok::<_, String>(1)), Ok(1));
        assert_eq!(survived(|| Err::<(), _>("no")), Err("no".to_owned()));
        let lost: Result<(), String> = survived(|| -> Result<(), String> { panic!("index out of bounds") });
        assert_eq!(lost, Err("it is damaged".to_owned()));
    }
}
