//! Files as text: read with an error that says where, and told of in messages that no terminal obeys.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::SpecError;
use super::locate::line_at;

/// Largest file that a project may hold, in bytes; a hundred times the largest of ours.
const LARGEST: u64 = 16 << 20;
/// Characters of a foreign text that a message repeats.
const CLIP: usize = 80;

/// The text of a file.
///
/// # Errors
/// It is not there, not a file, too large, or not UTF-8; the message says which, and on which line.
pub fn read_text(path: &Path) -> Result<String, SpecError> {
    let refuse = |reason: String| SpecError::Unreadable { path: path.to_owned(), reason };
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse("no such file".to_owned()),
        _ => refuse(error.to_string()),
    };
    // a pipe in place of a file would be waited for without end
    let about = std::fs::metadata(path).map_err(told)?;
    if !about.is_file() {
        return Err(refuse("not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(told)?;
    if bytes.len() as u64 > LARGEST {
        return Err(refuse(format!("larger than {} MiB; valid: a text of {LARGEST} bytes at most", LARGEST >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..place];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        refuse(format!("line {line}: byte {:#04x} is not UTF-8; valid: a text in UTF-8", error.as_bytes()[place]))
    })
}

/// What a TOML parser says, with the line and its beginning.
#[must_use]
pub fn toml_error(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| line_at(text, span.start));
    let message = plain(&error.message().replace('\n', " "));
    let place = line.map_or(String::new(), |line| match text.lines().nth(line - 1).unwrap_or("").trim() {
        // what is missing in the file stands on no line
        _ if message.starts_with("missing field") && line == 1 => String::new(),
        "" => format!("line {line}: "),
        source => format!("line {line} (`{}`): ", clip(source, CLIP)),
    });
    format!("{place}{}", clip(&message, 10 * CLIP))
}

/// What stands for a type of the program in its parser's messages.
const TYPES: [(&str, &str); 9] = [
    ("expected a map", "valid: a table"),
    ("expected usize", "valid: an integer ≥ 0"),
    ("expected u64", "valid: an integer ≥ 0"),
    ("expected u32", "valid: an integer ≥ 0"),
    ("expected f64", "valid: a number"),
    ("expected a string", "valid: a text in quotes"),
    ("expected a boolean", "valid: true or false"),
    ("expected a sequence", "valid: a list"),
    ("expected an array of length ", "valid: a list of "),
];

/// A message of the parser without the names of its types.
fn plain(message: &str) -> String {
    let told = TYPES
        .iter()
        .fold(message.to_owned(), |told, (word, meaning)| told.replace(&format!(", {word}"), &format!("; {meaning}")));
    match told.strip_prefix("invalid length ").and_then(|rest| rest.split_once("; ")) {
        Some((length, valid)) => format!("a list of {length}; {valid}"),
        None => told,
    }
}

/// The first `most` characters of a text, and `…` where there are more.
#[must_use]
pub fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first character that a terminal or a page would obey instead of showing it: control characters, and those
/// that turn the direction of writing. Line ends and tabs are allowed where `lines` is.
#[must_use]
pub fn unprintable(text: &str, lines: bool) -> Option<char> {
    let space = |c: char| lines && matches!(c, '\n' | '\r' | '\t');
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().find(|&c| (c.is_control() && !space(c)) || turns(c))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn messages_hold_no_type_of_the_program() {
        assert_eq!(plain("invalid length 1, expected an array of length 2"), "a list of 1; valid: a list of 2");
        let type_error = "invalid type: string \"five\", expected usize";
        assert_eq!(plain(type_error), "invalid type: string \"five\"; valid: an integer ≥ 0");
    }
}
