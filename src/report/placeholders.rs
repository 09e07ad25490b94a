//! `{{ name }}` in a text becomes the number of that name; a name nobody defined stops the report.

use super::ReportError;
use super::numbers::Numbers;

/// Replaces every placeholder of a text. `place` is the file and the line on which the text begins, for errors;
/// `figure` is the one whose numbers need no prefix.
///
/// # Errors
/// [`ReportError::UnknownNumber`] or [`ReportError::OpenPlaceholder`], with file and line.
pub(super) fn fill(
    text: &str,
    place: (&str, usize),
    figure: Option<&str>,
    numbers: &Numbers,
) -> Result<String, ReportError> {
    let (file, first) = place;
    let mut filled = String::with_capacity(text.len());
    for (index, line) in text.lines().enumerate() {
        let number = first + index;
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("{{") {
            let open = || ReportError::OpenPlaceholder { file: file.to_owned(), line: number };
            let (name, after) = after.split_once("}}").ok_or_else(open)?;
            let name = name.trim();
            let value = numbers.get(figure, name).ok_or_else(|| ReportError::UnknownNumber {
                file: file.to_owned(),
                line: number,
                name: name.to_owned(),
                near: numbers.near(figure, name),
            })?;
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        filled.push('\n');
    }
    Ok(filled)
}
