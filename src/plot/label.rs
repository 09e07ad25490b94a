//! Text elements, and the spreading of labels that would otherwise overlap

use super::error::PlotError;
use super::markup::Text;
use super::xml::number;

/// How a text is aligned at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A `text` element with its base line at (x, y), in displayed pixels.
pub(super) fn text(label: &Text, (x, y): (f64, f64), size: f64, anchor: Anchor) -> String {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let (x, y, size_text) = (number(x), number(y), number(size));
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size_text}\"{anchor}>{}</text>", label.tspans(size))
}

/// A centred `text` element that reads upwards.
pub(super) fn upward(label: &Text, (x, y): (f64, f64), size: f64) -> String {
    format!(
        "<text transform=\"translate({} {})rotate(-90)\" font-size=\"{}\" text-anchor=\"middle\">{}</text>",
        number(x),
        number(y),
        number(size),
        label.tspans(size)
    )
}

/// Estimated width of a label in the mini markup.
pub(super) fn width(label: &str, size: f64) -> Result<f64, PlotError> {
    Ok(Text::parse(label)?.width(size))
}

/// Moves centres as little as possible so that labels of the given extents neither overlap nor leave
/// `low`…`high` (the lower end wins if they cannot fit). Centres must be in increasing order.
///
/// ```text
/// u_i = p_i − Σ_{j≤i} d_j must not decrease: isotonic regression by pooling neighbours
/// ```
pub(super) fn spread(centres: &[f64], extents: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut offset = 0.0;
    let offsets: Vec<f64> = (0..centres.len())
        .map(|at| {
            if at > 0 {
                offset += 0.5 * (extents[at - 1] + extents[at]);
            }
            offset
        })
        .collect();
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (centre, offset) in centres.iter().zip(&offsets) {
        let (mut sum, mut count) = (centre - offset, 1);
        while let Some(&(before, size)) = pools.last()
            && before / size as f64 > sum / count as f64
        {
            (sum, count) = (sum + before, count + size);
            pools.pop();
        }
        pools.push((sum, count));
    }
    let half = |at: usize| 0.5 * extents.get(at).copied().unwrap_or(0.0);
    let last = centres.len().saturating_sub(1);
    let least = low + half(0);
    let most = (high - half(last) - offsets.last().copied().unwrap_or(0.0)).max(least);
    let levels = pools.iter().flat_map(|&(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    levels.zip(offsets.iter()).map(|(level, offset)| level.clamp(least, most) + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_fit_stay_and_close_ones_part_evenly() {
        assert_eq!(spread(&[10.0, 50.0], &[20.0, 20.0], 0.0, 100.0), [10.0, 50.0]);
        assert_eq!(spread(&[48.0, 52.0], &[20.0, 20.0], 0.0, 100.0), [40.0, 60.0]);
        assert_eq!(spread(&[], &[], 0.0, 1.0), [] as [f64; 0]);
    }

    #[test]
    fn labels_at_the_border_are_pushed_inside_without_overlap() {
        let placed = spread(&[1.0, 2.0, 99.0], &[20.0, 20.0, 20.0], 0.0, 100.0);
        assert_eq!(placed, [10.0, 30.0, 90.0]);
    }
}
