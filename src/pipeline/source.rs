//! What the binary was built from: digests of the source by area, versions of dependencies, the compiler.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::digest::Digest;

include!(concat!(env!("OUT_DIR"), "/source.rs"));

/// The lockfile the binary was built with.
const LOCKFILE: &str = include_str!("../../Cargo.lock");

/// One digest for the code in `areas`, whatever their order.
///
/// An area is a folder of `src` (`report` includes its templates), one file of such a folder (`workflow/theory`), or `crate:NAME`, a dependency by its locked version.
///
/// # Panics
/// An area does not exist: a mistake in the program, which its first run shows.
#[must_use]
pub fn digest_of(areas: &[&str]) -> String {
    let mut digests: Vec<String> = areas.iter().map(|area| format!("{area}={}", area_digest(area))).collect();
    digests.sort();
    digests.dedup();
    Digest::of_sequence(digests.iter().map(String::as_bytes)).as_str().to_owned()
}

/// Digest of the lockfile.
#[must_use]
pub fn lockfile() -> Digest {
    Digest::of(LOCKFILE.replace('\r', "").as_bytes())
}

fn area_digest(area: &str) -> String {
    if let Some(name) = area.strip_prefix("crate:") {
        return locked(name).unwrap_or_else(|| panic!("{name} is not in Cargo.lock"));
    }
    let found = AREAS.iter().find(|(name, _)| *name == area);
    found.unwrap_or_else(|| panic!("src/{area} is no folder")).1.to_owned()
}

/// Versions and checksums of every package called `name` in the lockfile, which is read once: a layout of
/// thousands of stages asks for the same few.
fn locked(name: &str) -> Option<String> {
    static PACKAGES: LazyLock<BTreeMap<&str, Vec<String>>> = LazyLock::new(|| {
        let mut packages: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for package in LOCKFILE.split("[[package]]") {
            let header = package.lines().find_map(|line| line.trim_end().strip_prefix("name = \"")?.strip_suffix('"'));
            if let Some(name) = header {
                packages.entry(name).or_default().push(identity(package));
            }
        }
        packages
    });
    PACKAGES.get(name).map(|found| found.join(" "))
}

/// Version and checksum of one package's table.
fn identity(package: &str) -> String {
    let wanted = |line: &&str| line.starts_with("version = ") || line.starts_with("checksum = ");
    package.lines().filter(wanted).map(str::trim_end).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_a_folder_of_the_source() {
        assert!(AREAS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(AREAS.iter().any(|(area, _)| *area == "pipeline"));
        assert!(AREAS.iter().all(|(_, digest)| digest.len() == 64));
    }

    #[test]
    fn a_combination_has_no_order_but_depends_on_each_area() {
        assert_eq!(digest_of(&["model", "pipeline"]), digest_of(&["pipeline", "model"]));
        assert_ne!(digest_of(&["model", "pipeline"]), digest_of(&["model"]));
        assert_ne!(digest_of(&["model", "crate:libm"]), digest_of(&["model"]));
    }

    #[test]
    #[should_panic(expected = "src/astrology is no folder")]
    fn an_unknown_area_is_refused() {
        let _ = digest_of(&["astrology"]);
    }
}
