//! One pass over the data matrix for up to eight columns at once: the only loop that costs time.
//!
//! ```text
//! f = X W  →  r_ic = map_c(i, f_ic)  →  G = Xᵀ R
//! ```
//!
//! Rows are taken in blocks that stay in cache between the two products, so X is read from memory once
//! a pass whatever the number of columns. The order of every sum is fixed and is the same for each
//! number of columns: f_i is eight interleaved partial sums over j (j mod 8), folded by halves; G_j
//! runs over i. Every product is a fused multiply-add. A column's bits therefore depend neither on the
//! columns that share its pass, nor on the vector width of the machine, nor on threads.

mod tile;

use pulp::{Arch, Simd, WithSimd};

pub(super) use tile::{Chunk, LANES, Rows};
use tile::{backward_tile, forward_tile};

/// The most columns one pass serves.
pub(super) const MOST_COLUMNS: usize = 8;
/// Rows of a block: at N = 4000 their f32 entries take 200 KB, a fifth of a core's second-level cache.
const BLOCK_ROWS: usize = 12;
/// Chunks of a panel times its columns: its weights take 16 KB, half of the first-level cache.
const PANEL: usize = 256;

/// Runs `C` columns over the `order` of rows, adding to `sums` what these contribute to G.
///
/// `weights` and `sums` hold chunk k of column c at `[k][c]`. `map` is called once for each column
/// and block with the column, the block's rows and the products f, which it replaces by r. A row left
/// out has the effect on G of a row whose factor is 0, to the bit. Returns how many rows went into G,
/// which is none of a block whose factors are all 0.
pub(super) fn pass<const C: usize, F: FnMut(usize, &[u32], &mut [f64])>(
    rows: Rows<'_>,
    order: &[u32],
    weights: &[[Chunk; C]],
    sums: &mut [[Chunk; C]],
    map: F,
) -> usize {
    Arch::new().dispatch(Pass { rows, order, weights, sums, map })
}

struct Pass<'a, const C: usize, F> {
    rows: Rows<'a>,
    order: &'a [u32],
    weights: &'a [[Chunk; C]],
    sums: &'a mut [[Chunk; C]],
    map: F,
}

impl<const C: usize, F: FnMut(usize, &[u32], &mut [f64])> WithSimd for Pass<'_, C, F> {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        // what fills the registers: 24 of 32 of eight doubles hold sums, 8 to 12 of 16 of four. The more rows a tile has,
        // the more of X is on its way from memory at once
        match (S::F64_LANES, C) {
            (8, 1) => self.run::<S, 1, 12, 1, 12>(simd),
            (8, 2) => self.run::<S, 1, 12, 2, 8>(simd),
            (8, _) => self.run::<S, 1, 6, 4, 4>(simd),
            (4, 1) => self.run::<S, 2, 6, 1, 4>(simd),
            (4, _) => self.run::<S, 2, 3, 2, 2>(simd),
            (2, _) => self.run::<S, 4, 1, C, 1>(simd),
            _ => self.run::<S, 8, 1, C, 1>(simd),
        }
    }
}

impl<const C: usize, F: FnMut(usize, &[u32], &mut [f64])> Pass<'_, C, F> {
    /// The pass with chunks of `H` registers, tiles of `W` columns, with `R` rows forward and `J` chunks backward.
    #[inline(always)]
    fn run<S: Simd, const H: usize, const R: usize, const W: usize, const J: usize>(self, simd: S) -> usize {
        let Self { rows, order, weights, sums, mut map } = self;
        let mut summed = 0;
        for block in order.chunks(BLOCK_ROWS) {
            let count = block.len();
            let mut partial = [[[0.0; LANES]; C]; BLOCK_ROWS];
            forward::<S, H, R, W, C>(simd, rows, block, &mut partial[..count], weights);
            let mut factors = [[0.0; C]; BLOCK_ROWS];
            for c in 0..C {
                let mut values = [0.0; BLOCK_ROWS];
                for (value, partial) in values.iter_mut().zip(&partial[..count]) {
                    *value = fold(&partial[c]);
                }
                map(c, block, &mut values[..count]);
                for (factor, value) in factors.iter_mut().zip(values) {
                    factor[c] = value;
                }
            }
            if factors.as_flattened().iter().any(|factor| *factor != 0.0) {
                backward::<S, H, J, W, C>(simd, rows, block, &factors[..count], sums);
                summed += count;
            }
        }
        summed
    }
}

/// Folds eight partial sums by halves.
#[inline(always)]
pub(super) fn fold(partial: &Chunk) -> f64 {
    let [a, b, c, d, e, f, g, h] = *partial;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[inline(always)]
fn forward<S: Simd, const H: usize, const R: usize, const W: usize, const C: usize>(
    simd: S,
    rows: Rows<'_>,
    block: &[u32],
    partial: &mut [[Chunk; C]],
    weights: &[[Chunk; C]],
) {
    for (panel, weights) in weights.chunks(PANEL / C).enumerate() {
        let start = panel * (PANEL / C);
        let (tiles, rest) = partial.as_chunks_mut::<R>();
        let tiled = tiles.len() * R;
        for (t, tile) in tiles.iter_mut().enumerate() {
            let x = std::array::from_fn(|r| &rows.row(block[R * t + r])[start..]);
            for first in (0..C).step_by(W) {
                forward_tile::<S, H, R, W, C>(simd, x, tile, weights, first);
            }
        }
        for (t, row) in rest.iter_mut().enumerate() {
            let x = [&rows.row(block[tiled + t])[start..]];
            for first in (0..C).step_by(W) {
                forward_tile::<S, H, 1, W, C>(simd, x, std::array::from_mut(row), weights, first);
            }
        }
    }
}

#[inline(always)]
fn backward<S: Simd, const H: usize, const J: usize, const W: usize, const C: usize>(
    simd: S,
    rows: Rows<'_>,
    block: &[u32],
    factors: &[[f64; C]],
    sums: &mut [[Chunk; C]],
) {
    let (tiles, rest) = sums.as_chunks_mut::<J>();
    let tiled = tiles.len() * J;
    for (t, tile) in tiles.iter_mut().enumerate() {
        for first in (0..C).step_by(W) {
            backward_tile::<S, H, J, W, C>(simd, rows, block, J * t, factors, tile, first);
        }
    }
    for (t, chunk) in rest.iter_mut().enumerate() {
        for first in (0..C).step_by(W) {
            backward_tile::<S, H, 1, W, C>(simd, rows, block, tiled + t, factors, std::array::from_mut(chunk), first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKS: usize = 37;
    const ROWS: usize = 41;

    fn entries() -> Vec<f32> {
        (0..ROWS * CHUNKS * LANES).map(|i| ((i * i % 1009) as f32).sin()).collect()
    }

    fn weight(j: usize, c: usize) -> f64 {
        ((j * (c + 3)) as f64).cos()
    }

    /// G of column `c` when it is one of `C`, with r = f³ + i.
    fn column<const C: usize>(column: usize, vectors: impl Fn(Pass<'_, C, Map<'_, C>>) -> usize) -> Vec<f64> {
        let entries = entries();
        let rows = Rows { entries: &entries, stride: CHUNKS * LANES, chunks: CHUNKS };
        let order: Vec<u32> = (0..ROWS as u32).collect();
        let weights: Vec<[Chunk; C]> = (0..CHUNKS)
            .map(|k| std::array::from_fn(|c| std::array::from_fn(|l| weight(LANES * k + l, (c + column) % C))))
            .collect();
        let mut sums = vec![[[0.0; LANES]; C]; CHUNKS];
        let map: Map<'_, C> = &mut |_, rows, values| {
            for (i, value) in rows.iter().zip(values) {
                *value = *value * *value * *value + f64::from(*i);
            }
        };
        assert_eq!(vectors(Pass { rows, order: &order, weights: &weights, sums: &mut sums, map }), ROWS);
        sums.iter().flat_map(|packed| packed[(C - column) % C]).collect()
    }

    type Map<'a, const C: usize> = &'a mut dyn FnMut(usize, &[u32], &mut [f64]);

    fn dispatched<const C: usize>(pass: Pass<'_, C, Map<'_, C>>) -> usize {
        Arch::new().dispatch(pass)
    }

    #[test]
    fn the_products_are_those_of_matrices() {
        let x = entries();
        let row = |i: usize| x[i * CHUNKS * LANES..][..CHUNKS * LANES].iter().map(|x| f64::from(*x));
        let mut expected = vec![0.0; CHUNKS * LANES];
        for i in 0..ROWS {
            let f: f64 = row(i).enumerate().map(|(j, x)| x * weight(j, 0)).sum();
            expected.iter_mut().zip(row(i)).for_each(|(sum, x)| *sum += x * (f * f * f + i as f64));
        }
        let size = expected.iter().fold(0.0, |size: f64, g| size.max(g.abs()));
        for (found, expected) in column::<1>(0, dispatched).iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-13 * size, "{found} {expected}");
        }
    }

    #[test]
    fn bits_depend_neither_on_neighbours_nor_on_the_vector_width() {
        let alone = column::<1>(0, dispatched);
        assert_eq!(alone, column::<2>(0, dispatched));
        assert_eq!(alone, column::<4>(3, dispatched));
        assert_eq!(alone, column::<8>(0, dispatched));
        assert_eq!(alone, column::<8>(5, dispatched));
        assert_eq!(alone, column::<1>(0, |pass| pass.run::<_, 8, 1, 1, 1>(pulp::Scalar)));
        assert_eq!(alone, column::<8>(2, |pass| pass.run::<_, 8, 2, 4, 1>(pulp::Scalar)));
        // the four lanes that many a machine has, whatever this one does
        #[cfg(target_arch = "x86_64")]
        if let Some(four) = pulp::x86::V3::try_new() {
            assert_eq!(alone, column::<1>(0, |pass| Simd::vectorize(four, pass)));
            assert_eq!(alone, column::<2>(1, |pass| Simd::vectorize(four, pass)));
            assert_eq!(alone, column::<8>(3, |pass| Simd::vectorize(four, pass)));
        }
    }
}
