//! Tiles of a pass that stay in registers: some rows or chunks by some columns.

use pulp::Simd;

/// Numbers in a chunk: the width of one vector register of doubles, and the unit of padding of a row.
pub(in crate::experiment) const LANES: usize = 8;

/// One chunk of consecutive features.
pub(in crate::experiment) type Chunk = [f64; LANES];

/// The rows of a data matrix, as far as a pass needs them.
#[derive(Clone, Copy)]
pub(in crate::experiment) struct Rows<'a> {
    /// Row-major entries, `stride` apart; entries beyond the features in use may hold any finite number.
    pub entries: &'a [f32],
    /// Distance between rows.
    pub stride: usize,
    /// Chunks of a row that take part, ⌈features/8⌉.
    pub chunks: usize,
}

impl<'a> Rows<'a> {
    #[inline(always)]
    pub(super) fn row(&self, i: u32) -> &'a [[f32; LANES]] {
        &self.entries[i as usize * self.stride..][..self.chunks * LANES].as_chunks().0[..self.chunks]
    }
}

#[inline(always)]
fn load<S: Simd, const H: usize>(simd: S, chunk: &Chunk) -> [S::f64s; H] {
    let mut registers = [simd.splat_f64s(0.0); H];
    registers.copy_from_slice(S::as_simd_f64s(chunk).0);
    registers
}

#[inline(always)]
fn store<S: Simd, const H: usize>(registers: [S::f64s; H], chunk: &mut Chunk) {
    S::as_mut_simd_f64s(chunk).0.copy_from_slice(&registers);
}

#[inline(always)]
fn widen<S: Simd, const H: usize>(simd: S, entries: &[f32; LANES]) -> [S::f64s; H] {
    load::<S, H>(simd, &entries.map(f64::from))
}

/// Adds the products of a panel to the partial sums of `W` columns from `first`. Arrays are filled in loops, because
/// closures that fill them are not always inlined.
#[inline(always)]
pub(super) fn forward_tile<S: Simd, const H: usize, const R: usize, const W: usize, const C: usize>(
    simd: S,
    x: [&[[f32; LANES]]; R],
    partial: &mut [[Chunk; C]; R],
    weights: &[[Chunk; C]],
    first: usize,
) {
    let zero = simd.splat_f64s(0.0);
    let mut sums = [[[zero; H]; W]; R];
    for r in 0..R {
        for c in 0..W {
            sums[r][c] = load::<S, H>(simd, &partial[r][first + c]);
        }
    }
    let mut rows = x;
    for row in &mut rows {
        *row = &row[..weights.len()];
    }
    for (k, weights) in weights.iter().enumerate() {
        let mut x = [[zero; H]; R];
        for r in 0..R {
            x[r] = widen::<S, H>(simd, &rows[r][k]);
        }
        for c in 0..W {
            let w = load::<S, H>(simd, &weights[first + c]);
            for r in 0..R {
                for h in 0..H {
                    sums[r][c][h] = simd.mul_add_f64s(x[r][h], w[h], sums[r][c][h]);
                }
            }
        }
    }
    for r in 0..R {
        for c in 0..W {
            store::<S, H>(sums[r][c], &mut partial[r][first + c]);
        }
    }
}

/// Adds what the rows of a block contribute to `J` chunks from `start` of `W` columns from `first`.
#[inline(always)]
pub(super) fn backward_tile<S: Simd, const H: usize, const J: usize, const W: usize, const C: usize>(
    simd: S,
    rows: Rows<'_>,
    block: &[u32],
    start: usize,
    factors: &[[f64; C]],
    tile: &mut [[Chunk; C]; J],
    first: usize,
) {
    let zero = simd.splat_f64s(0.0);
    let mut sums = [[[zero; H]; W]; J];
    for j in 0..J {
        for c in 0..W {
            sums[j][c] = load::<S, H>(simd, &tile[j][first + c]);
        }
    }
    for (i, factors) in block.iter().zip(factors) {
        let row = &rows.row(*i)[start..][..J];
        let mut x = [[zero; H]; J];
        for j in 0..J {
            x[j] = widen::<S, H>(simd, &row[j]);
        }
        for c in 0..W {
            let factor = simd.splat_f64s(factors[first + c]);
            for j in 0..J {
                for h in 0..H {
                    sums[j][c][h] = simd.mul_add_f64s(x[j][h], factor, sums[j][c][h]);
                }
            }
        }
    }
    for j in 0..J {
        for c in 0..W {
            store::<S, H>(sums[j][c], &mut tile[j][first + c]);
        }
    }
}
