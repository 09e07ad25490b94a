//! The machine a run is on, as far as the system tells.

use std::collections::BTreeMap;
use std::{env, fs, thread};

use serde::Serialize;

/// Operating system, processor and memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Platform {
    /// Operating system, e.g. `linux`.
    pub os: &'static str,
    /// Instruction set, e.g. `x86_64`.
    pub arch: &'static str,
    /// The processor's own name.
    pub cpu: Option<String>,
    /// Threads that can run at once.
    pub cores: Option<usize>,
    /// Memory in bytes.
    pub memory_bytes: Option<u64>,
}

impl Platform {
    /// Of this machine.
    #[must_use]
    pub fn current() -> Self {
        Self {
            os: env::consts::OS,
            arch: env::consts::ARCH,
            cpu: fields("/proc/cpuinfo").remove("model name"),
            cores: thread::available_parallelism().ok().map(usize::from),
            memory_bytes: fields("/proc/meminfo").get("MemTotal").and_then(|value| kibibytes(value)),
        }
    }
}

/// Highest resident memory of this process so far in bytes, where the system tells.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    fields("/proc/self/status").get("VmHWM").and_then(|value| kibibytes(value))
}

/// The first value of each `name : value` line, nothing where the file does not exist.
fn fields(path: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut fields = BTreeMap::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
        fields.entry(name.trim().to_owned()).or_insert_with(|| value.trim().to_owned());
    }
    fields
}

fn kibibytes(value: &str) -> Option<u64> {
    value.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|count| count * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_kibibytes() {
        assert_eq!(kibibytes("  20 kB"), Some(20_480));
        assert_eq!(kibibytes("20 pages"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_has_a_peak_of_more_than_a_mebibyte() {
        assert!(peak_memory().unwrap() > 1 << 20);
    }
}
