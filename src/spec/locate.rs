//! Where in a TOML file a key stands.

use toml::de::{DeTable, DeValue};

/// The line, from 1, of a key such as ``curve[1] (`kd`).data.rho``; of the nearest table around it where
/// the key itself is not written.
#[must_use]
pub fn line_of(text: &str, key: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut start = None;
    let mut value = &DeValue::Table(table.into_inner());
    for part in parts(key) {
        let found = match (value, part.parse::<usize>()) {
            (DeValue::Array(items), Ok(index)) => items.get(index).map(|item| (item.span().start, item.get_ref())),
            (DeValue::Table(table), _) => {
                table.iter().find(|(name, _)| name.get_ref() == part.as_str()).map(|(name, value)| {
                    // a table of its own begins at its header, an inline one where it is written
                    (name.span().start, value.get_ref())
                })
            }
            _ => None,
        };
        let Some((at, inner)) = found else { break };
        start = Some(at);
        value = inner;
    }
    start.map(|start| line_at(text, start))
}

/// A key as a reader counts, from 1: ``curve 2 (`kd`), data.rho`` for ``curve[1] (`kd`).data.rho``.
#[must_use]
pub fn key_in_words(key: &str) -> String {
    let mut words = String::new();
    let mut rest = key;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((Ok(index), behind)) = after.split_once(']').map(|(index, behind)| (index.parse::<usize>(), behind))
        else {
            break;
        };
        words.push_str(&format!("{before} {}", index + 1));
        // the id beside it, in which a dot parts nothing
        let end = if behind.starts_with(" (`") { behind.find("`)").map_or(behind.len(), |at| at + 2) } else { 0 };
        words.push_str(&behind[..end]);
        rest = &behind[end..];
        if let Some(inner) = rest.strip_prefix('.') {
            words.push_str(", ");
            rest = inner;
        }
    }
    words + rest
}

/// The line, from 1, of a place in a text.
pub(super) fn line_at(text: &str, place: usize) -> usize {
    1 + text[..place.min(text.len())].matches('\n').count()
}

/// `curve`, `1`, `data`, `rho`; what stands in parentheses beside an index is for the reader.
fn parts(key: &str) -> Vec<String> {
    let mut bare = String::new();
    let mut rest = key;
    while let Some((before, after)) = rest.split_once(" (`") {
        bare.push_str(before);
        rest = after.split_once("`)").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    bare.split(['.', '[', ']']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_tables_inline_tables_and_lists_of_tables() {
        let text = "id = \"a\"\n[data]\nrho = 2\n\n[[curve]]\nid = \"a\"\n[[curve]]\nid = \"b\"\ndata = { rho = -1 }\n";
        let line = |key: &str| line_of(text, key);
        assert_eq!(line("id"), Some(1));
        assert_eq!(line("data.rho"), Some(3));
        assert_eq!(line("curve[1] (`b`).data.rho"), Some(9));
        assert_eq!(line("curve[0] (`a.b`).id"), Some(6));
    }

    #[test]
    fn a_reader_counts_from_one() {
        for (key, words) in [
            ("data.rho", "data.rho"),
            ("stage[1].lambda", "stage 2, lambda"),
            ("curve[1] (`b`).data.rho", "curve 2 (`b`), data.rho"),
            ("curve[0] (`a.b[c`).stage[2].targets.from", "curve 1 (`a.b[c`), stage 3, targets.from"),
            ("panel[0].x.finer[1].range", "panel 1, x.finer 2, range"),
            ("curve[0] (`a`)", "curve 1 (`a`)"),
        ] {
            assert_eq!(key_in_words(key), words);
        }
    }

    #[test]
    fn a_key_that_is_not_written_is_where_its_table_is() {
        let text = "id = \"a\"\n\n[x]\nrange = [0, 1]\n";
        assert_eq!(line_of(text, "x.axis"), Some(3));
        assert_eq!(line_of(text, "panel"), None);
    }
}
