//! What a figure, a curve, a panel, a check, a number or a claim may be called.
//!
//! Ids become names of files, of stages, of anchors in a page and words of other programs' files. All of that is safe
//! because it is decided here, when a file is loaded, and nowhere else.

/// Longest id, so that every file name made of one is short enough for every file system.
pub const LONGEST: usize = 64;

/// Words that a figure may not be called: stages, files and anchors of the report have these names already.
const RESERVED: [&str; 22] = [
    "all",
    "aux",
    "claims",
    "con",
    "cost",
    "costs",
    "data",
    "errata",
    "experiment",
    "figure",
    "figures",
    "main",
    "nul",
    "prn",
    "report",
    "scaling",
    "summary",
    "table",
    "theme",
    "theory",
    "trials",
    "verdict",
];

/// Anchors of the report begin with these words and a hyphen.
const ANCHORS: [&str; 4] = ["claim", "cost", "erratum", "theory"];

/// Ids of a check that a card of the report uses itself: `fig05-title` is its heading.
const OF_CARDS: [&str; 2] = ["title", "text"];

/// Checks the id of a figure: `[a-z][a-z0-9_-]{0,63}`, and no word that names something of ours. It is the name of a folder and
/// begins the names of its outputs, so capitals would collide where a file system does not tell them apart, and a dot
/// would with `fig05.theory`.
///
/// # Errors
/// What would be valid.
pub fn figure_id(word: &str) -> Result<(), String> {
    let letter = |c: char| c.is_ascii_lowercase();
    let shape = shaped(word, letter, |c| letter(c) || c.is_ascii_digit() || matches!(c, '_' | '-'));
    if !shape {
        let most = LONGEST;
        return Err(format!("a letter a-z, then letters a-z, digits, `_` and `-`, {most} characters at most"));
    }
    let anchor = word.split_once('-').is_some_and(|(first, _)| ANCHORS.contains(&first));
    if anchor || RESERVED.contains(&word) {
        let (words, prefixes) = (RESERVED.join(", "), ANCHORS.join("-, "));
        return Err(format!("a name that is not {words}, and does not begin with {prefixes}-: these are taken"));
    }
    Ok(())
}

/// Checks the id of a curve, a panel, a check, a number, a claim or an erratum: `[A-Za-z0-9][A-Za-z0-9_.-]{0,63}`.
/// Capitals and dots are in use (`T10`, `chi0.6`); none of these names a file.
///
/// # Errors
/// What would be valid.
pub fn id(word: &str) -> Result<(), String> {
    let shape = shaped(word, |c| c.is_ascii_alphanumeric(), |c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    if !shape {
        let most = LONGEST;
        return Err(format!("a letter or digit, then letters, digits, `_`, `.` and `-`, {most} characters at most"));
    }
    if OF_CARDS.contains(&word) {
        return Err(format!("a name that is not {}: these are taken", OF_CARDS.join(" or ")));
    }
    Ok(())
}

fn shaped(word: &str, first: impl Fn(char) -> bool, rest: impl Fn(char) -> bool) -> bool {
    word.len() <= LONGEST && word.chars().next().is_some_and(first) && word.chars().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_shell_a_file_system_or_a_page_reads_otherwise_is_a_name() {
        let long = "a".repeat(LONGEST + 1);
        for word in ["", "a b", "-rf", "*", "figé", "../a", "a/b", "a\"", "a\u{1b}[0m", "{x}", "$x", &long] {
            assert!(figure_id(word).is_err() && id(word).is_err(), "{word}");
        }
        for word in ["scaling", "report", "claim-1", "Fig01", "fig.01", "1fig", "nul"] {
            assert!(figure_id(word).is_err(), "{word}");
        }
        for word in ["fig01", "figure-5", "a", &long[1..]] {
            assert_eq!(figure_id(word), Ok(()));
        }
        for word in ["T10", "chi0.6", "kd_lt1e-5", "10"] {
            assert_eq!(id(word), Ok(()));
        }
    }
}
