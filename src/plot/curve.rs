//! From points to drawable lines: gaps, clipping, and no more vertices than the eye resolves

/// A vertex in axis coordinates.
pub(super) type Vertex = (f64, f64);

/// The rectangle a curve may occupy, in axis coordinates, and its displayed size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
    /// Displayed width and height.
    pub(super) size: (f64, f64),
}

/// Largest displayed distance between a simplified line and the original, in pixels.
const TOLERANCE: f64 = 0.03;

impl Window {
    /// The pieces of a polyline inside the window: broken at missing values, clipped, simplified.
    pub(super) fn pieces(&self, vertices: &[Vertex]) -> Vec<Vec<Vertex>> {
        let mut pieces: Vec<Vec<Vertex>> = Vec::new();
        let mut connected = false;
        for pair in vertices.windows(2) {
            let Some((from, to)) = self.clip(pair[0], pair[1]) else {
                connected = false;
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if connected => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
            connected = to == pair[1];
        }
        pieces.iter().map(|piece| self.simplify(piece)).collect()
    }

    /// The part of a segment inside the window (Liang and Barsky); none if an end is missing.
    pub(super) fn clip(&self, from: Vertex, to: Vertex) -> Option<(Vertex, Vertex)> {
        if [from.0, from.1, to.0, to.1].iter().any(|value| !value.is_finite()) {
            return None;
        }
        let step = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (start, rate, (low, high)) in [(from.0, step.0, self.x), (from.1, step.1, self.y)] {
            if rate == 0.0 {
                if start < low || start > high {
                    return None;
                }
                continue;
            }
            let (one, other) = ((low - start) / rate, (high - start) / rate);
            enter = enter.max(one.min(other));
            leave = leave.min(one.max(other));
        }
        let at = |t: f64| if t == 1.0 { to } else { (from.0 + t * step.0, from.1 + t * step.1) };
        (enter <= leave).then(|| (at(enter), at(leave)))
    }

    /// Ramer, Douglas and Peucker: drops vertices that move the line by less than [`TOLERANCE`].
    fn simplify(&self, piece: &[Vertex]) -> Vec<Vertex> {
        let mut keep = vec![false; piece.len()];
        let last = piece.len() - 1;
        (keep[0], keep[last]) = (true, true);
        let mut open = vec![(0, last)];
        while let Some((start, end)) = open.pop() {
            let farthest = (start + 1..end)
                .map(|at| (self.distance(piece[at], piece[start], piece[end]), at))
                .max_by(|one, other| one.0.total_cmp(&other.0));
            if let Some((distance, at)) = farthest
                && distance > TOLERANCE
            {
                keep[at] = true;
                open.extend([(start, at), (at, end)]);
            }
        }
        piece.iter().zip(keep).filter_map(|(&vertex, kept)| kept.then_some(vertex)).collect()
    }

    /// Displayed distance of a vertex from a segment.
    pub(super) fn distance(&self, vertex: Vertex, from: Vertex, to: Vertex) -> f64 {
        let pixels = |offset: Vertex| {
            (offset.0 / (self.x.1 - self.x.0) * self.size.0, offset.1 / (self.y.1 - self.y.0) * self.size.1)
        };
        let along = pixels((to.0 - from.0, to.1 - from.1));
        let offset = pixels((vertex.0 - from.0, vertex.1 - from.1));
        let length = along.0 * along.0 + along.1 * along.1;
        let share =
            if length > 0.0 { ((offset.0 * along.0 + offset.1 * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
        libm::hypot(offset.0 - share * along.0, offset.1 - share * along.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { x: (0.0, 10.0), y: (0.0, 1.0), size: (400.0, 280.0) };

    #[test]
    fn missing_values_break_the_line() {
        let y = [0.1, 0.5, f64::NAN, 0.2, 0.9, f64::INFINITY, 0.4];
        let line: Vec<Vertex> = y.iter().enumerate().map(|(x, &y)| (x as f64, y)).collect();
        assert_eq!(WINDOW.pieces(&line), [vec![(0.0, 0.1), (1.0, 0.5)], vec![(3.0, 0.2), (4.0, 0.9)]]);
    }

    #[test]
    fn lines_stop_at_the_border_and_return_where_they_cross_it() {
        let spike = [(0.0, 0.5), (2.0, 2.5), (4.0, 0.5), (12.0, 0.5)];
        let expected = [vec![(0.0, 0.5), (0.5, 1.0)], vec![(3.5, 1.0), (4.0, 0.5), (10.0, 0.5)]];
        assert_eq!(WINDOW.pieces(&spike), expected);
        assert!(WINDOW.pieces(&[(1.0, 2.0), (9.0, 3.0)]).is_empty());
        assert_eq!(WINDOW.pieces(&[(5.0, -1.0), (5.0, 3.0)]), [vec![(5.0, 0.0), (5.0, 1.0)]]);
    }

    #[test]
    fn simplification_moves_no_vertex_by_a_visible_distance_and_keeps_cusps() {
        let cusp = |x: f64| 0.3 + 0.6 * libm::exp(-(x - 5.0).abs());
        let line: Vec<Vertex> = (0..=1000).map(|k| 0.01 * f64::from(k)).map(|x| (x, cusp(x))).collect();
        let pieces = WINDOW.pieces(&line);
        assert_eq!(pieces.len(), 1);
        assert!(pieces[0].len() < line.len() / 4, "{}", pieces[0].len());
        assert!(pieces[0].contains(&(5.0, cusp(5.0))));
        for &vertex in &line {
            let nearest = pieces[0].windows(2).map(|pair| WINDOW.distance(vertex, pair[0], pair[1]));
            assert!(nearest.fold(f64::INFINITY, f64::min) <= TOLERANCE);
        }
    }
}
