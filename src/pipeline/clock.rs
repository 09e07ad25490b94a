//! The only place that reads a clock: times go to receipts, the manifest and the crate's metadata, and into the
//! committed measurement when the user asks for one.

use std::env;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Measures wall time between laps.
#[derive(Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start or the last lap.
    pub fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let seconds = now.duration_since(self.0).as_secs_f64();
        self.0 = now;
        seconds
    }
}

/// Now as `2026-01-31T12:00:00+00:00`; the environment's `SOURCE_DATE_EPOCH` stands in for now where it is set.
#[must_use]
pub fn timestamp() -> String {
    let declared = env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    utc(declared.unwrap_or_else(now))
}

/// Seconds since 1970 as a date and time in UTC (proleptic Gregorian calendar, years counted from March).
fn utc(seconds: u64) -> String {
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn dates_at_the_calendars_corners() {
        assert_eq!(utc(0), "1970-01-01T00:00:00+00:00");
        assert_eq!(utc(951_782_399), "2000-02-28T23:59:59+00:00");
        assert_eq!(utc(951_782_400), "2000-02-29T00:00:00+00:00");
        assert_eq!(utc(1_735_689_599), "2024-12-31T23:59:59+00:00");
        assert_eq!(utc(4_107_542_400), "2100-03-01T00:00:00+00:00");
    }
}
