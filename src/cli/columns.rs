//! Tables and sentences that stay within the width of the terminal.

use std::io::IsTerminal;

/// Columns on the terminal: what COLUMNS says, else what the terminal does; no bound where there is none.
pub(super) fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|columns| *columns > 0);
    let asked = || match std::io::stdout().is_terminal() {
        true => terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)),
        false => None,
    };
    told.or_else(asked).unwrap_or(usize::MAX)
}

/// A number of things in words: 1 stage, 2 stages.
pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// One column of a table.
pub(super) struct Column {
    pub cells: Vec<String>,
    /// Numbers stand flush right, words flush left.
    pub right: bool,
    /// Fewest characters it may be cut to; its widest cell where it may not.
    pub least: Option<usize>,
    /// The column that goes first when all are still too wide; one without a rank stays.
    pub rank: Option<usize>,
}

/// Space between two columns.
const GAP: usize = 2;

/// Characters that take a place of their own: a tilde or a hat stands above its letter.
pub(super) fn length(text: &str) -> usize {
    text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count()
}

/// A text filled up with spaces on the left.
pub(super) fn flush_right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(length(text))))
}

impl Column {
    /// A column of words, with its heading, which may be cut to `least` characters.
    pub fn words(heading: &str, cells: impl IntoIterator<Item = String>, least: Option<usize>) -> Self {
        Self { cells: [heading.to_owned()].into_iter().chain(cells).collect(), right: false, least, rank: None }
    }

    /// A column of numbers, with its heading and its rank among those that may be left out.
    pub fn numbers(heading: &str, cells: impl IntoIterator<Item = String>, rank: Option<usize>) -> Self {
        Self { cells: [heading.to_owned()].into_iter().chain(cells).collect(), right: true, least: None, rank }
    }

    fn width(&self) -> usize {
        self.cells.iter().map(|cell| length(cell)).max().unwrap_or(0)
    }
}

/// The table in lines of `width` characters at most: words are cut first, then columns left out by their rank.
pub(super) fn table(mut columns: Vec<Column>, width: usize) -> String {
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    let widths = loop {
        let mut widths: Vec<usize> = columns.iter().map(Column::width).collect();
        for (column, own) in columns.iter().zip(0..) {
            let over = total(&widths).saturating_sub(width);
            if let Some(least) = column.least {
                widths[own] = widths[own].saturating_sub(over).max(least.min(widths[own]));
            }
        }
        let last = columns.iter().enumerate().filter_map(|(place, column)| Some((column.rank?, place))).min();
        match last {
            Some((_, place)) if total(&widths) > width => drop(columns.remove(place)),
            _ => break widths,
        }
    };
    let mut text = String::new();
    for row in 0..columns.first().map_or(0, |column| column.cells.len()) {
        let cells = columns.iter().zip(&widths).map(|(column, &width)| {
            let cell = cut(&column.cells[row], width);
            let room = " ".repeat(width.saturating_sub(length(&cell)));
            if column.right { flush_right(&cell, width) } else { format!("{cell}{room}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        text.push('\n');
    }
    text
}

/// The beginning of a text, with `…` where there is more.
fn cut(text: &str, most: usize) -> String {
    match length(text) <= most {
        true => text.to_owned(),
        false => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// A text filled up with spaces on the right.
fn flush_left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(length(text))))
}

/// Rows of a name, a title and a sentence in lines of `width` characters at most: one below the other where they fit,
/// else one after the other.
pub(super) fn sentences(rows: Vec<[String; 3]>, width: usize) -> String {
    let widest = |column: usize| rows.iter().map(|row| length(&row[column])).max().unwrap_or(0);
    let (indent, title) = (widest(0) + GAP, widest(1));
    // the shortest of the sentences has to stand beside the widest title
    let room = rows.iter().map(|row| length(&row[2])).min().unwrap_or(0);
    let title = if indent + title + GAP + room <= width { title } else { 0 };
    let gap = " ".repeat(GAP);
    let line = |[name, words, sentence]: [String; 3]| {
        let head = flush_left(&name, indent - GAP) + &gap + &flush_left(&words, title) + &gap;
        wrapped(&format!("{head}{sentence}"), indent, width)
    };
    rows.into_iter().map(line).collect()
}

/// Signs that no line begins or ends beside.
const RELATIONS: [&str; 7] = ["=", "≥", "≤", "<", ">", "±", "×"];

/// The words of a text, with a relation and both its sides as one; an empty one for every space more.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut joined = false;
    for word in text.split(' ') {
        let relation = RELATIONS.contains(&word);
        match words.last_mut() {
            Some(last) if joined || (relation && !last.is_empty()) => last.extend([" ", word]),
            Some(_) | None => words.push(word.to_owned()),
        }
        joined = relation;
    }
    words
}

/// A sentence in lines of `width` characters at most, all but the first indented.
pub(super) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0;
    for word in &words(text) {
        let room = used + length(word) + usize::from(used > 0) <= width;
        match lines.last_mut() {
            Some(line) if room || used <= indent => {
                let space = if used > 0 && !line.trim().is_empty() { " " } else { "" };
                line.push_str(space);
                line.push_str(word);
                used = length(line);
            }
            _ => {
                lines.push(format!("{}{word}", " ".repeat(indent)));
                used = indent + length(word);
            }
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        let cells = |words: [&str; 2]| words.map(str::to_owned);
        vec![
            Column::words("id", cells(["fig01", "fig02"]), None),
            Column::words("title", cells(["a title that is long", "ε"]), Some(6)),
            Column::numbers("z", cells(["1.50", "-2.25"]), None),
            Column::numbers("points", cells(["10", "7"]), Some(0)),
        ]
    }

    #[test]
    fn words_are_cut_first_and_then_columns_left_out() {
        assert_eq!(table(columns(), usize::MAX).lines().nth(1), Some("fig01  a title that is long   1.50      10"));
        for width in 20..60 {
            assert!(table(columns(), width).lines().all(|line| length(line) <= width), "{width}");
        }
        assert_eq!(table(columns(), 30).lines().nth(1), Some("fig01  a title…   1.50      10"));
        assert_eq!(table(columns(), 21).lines().nth(1), Some("fig01  a titl…   1.50"));
    }

    #[test]
    fn rows_of_sentences_stand_below_each_other_where_they_fit() {
        let rows = || vec![["id", "title", "verdict"], ["b01", "a long title of its own", "holds only if α ≥ 2.3"]];
        let at = |width| sentences(rows().into_iter().map(|row| row.map(str::to_owned)).collect(), width);
        let wide = "id   title                    verdict\nb01  a long title of its own  holds only if α ≥ 2.3\n";
        assert_eq!(at(200), wide);
        assert_eq!(at(30), "id   title  verdict\nb01  a long title of its own\n     holds only if α ≥ 2.3\n");
        assert!((26..60).all(|width| at(width).lines().all(|line| length(line) <= width)));
    }

    #[test]
    fn sentences_break_between_words() {
        assert_eq!(wrapped("one two three four", 2, 9), "one two\n  three\n  four\n");
        assert_eq!(wrapped("unbreakable", 2, 4), "unbreakable\n");
        assert_eq!(wrapped("only at λ = 0.025 here", 2, 12), "only at\n  λ = 0.025\n  here\n");
    }
}
