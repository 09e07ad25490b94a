//! Doubles of one vector register with the arithmetic of a number, and the exponential on them.
//!
//! Every lane is computed alike at every register width, and no function of the platform's mathematical library is
//! called. Products that are added are rounded once, as every machine can; in a page they are rounded twice, since
//! WebAssembly has no such instruction and imitating it costs tens of times as much. A lane so has the same bits on
//! every machine, and those of a page differ from them by rounding.

use std::ops::{Add, Div, Mul, Sub};

use pulp::{Simd, WithSimd, bytemuck};

/// The widest register, in doubles.
pub const MOST_LANES: usize = 8;

/// What `task` does with the widest registers there are.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub fn dispatch<T: WithSimd>(task: T) -> T::Output {
    pulp::Arch::new().dispatch(task)
}

/// What `task` does with the registers of a page, which are known beforehand: nothing else is compiled.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub fn dispatch<T: WithSimd>(task: T) -> T::Output {
    let simd = pulp::wasm::Simd128::try_new().expect("the module is compiled for them");
    Simd::vectorize(simd, task)
}

/// One register of doubles.
#[derive(Debug, Clone, Copy)]
pub struct Vector<S: Simd> {
    simd: S,
    lanes: S::f64s,
}

/// 2⁵² + 2⁵¹: a number added to it is rounded to an integer that stands in the low bits.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Below this an exponential is taken to be that of it, e^{−700}, which is still a normal number.
const LEAST_EXPONENT: f64 = -700.0;

/// 1/k! from k = 2 on: (eʳ − 1 − r)/r² to 4·10⁻¹⁸ at |r| ≤ ½ ln 2.
const EXPONENTIAL: [f64; 12] = [
    0.5,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5040.0,
    1.0 / 40320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];
/// Terms of the series of atanh s, s ≤ ⅓: the next is below rounding.
const LOGARITHM_TERMS: usize = 16;

impl<S: Simd> Vector<S> {
    /// The same number in every lane.
    #[inline(always)]
    pub fn splat(simd: S, value: f64) -> Self {
        Self { simd, lanes: simd.splat_f64s(value) }
    }

    /// `value(i)` in lane i.
    #[inline(always)]
    pub fn from_fn(simd: S, value: impl Fn(usize) -> f64) -> Self {
        let mut lanes = simd.splat_f64s(0.0);
        for (i, lane) in
            bytemuck::cast_slice_mut::<S::f64s, f64>(std::slice::from_mut(&mut lanes)).iter_mut().enumerate()
        {
            *lane = value(i);
        }
        Self { simd, lanes }
    }

    /// As many of the values from `first` on as there are lanes; `first` is a multiple of that.
    #[inline(always)]
    pub fn load(simd: S, values: &[f64; MOST_LANES], first: usize) -> Self {
        Self { simd, lanes: S::as_simd_f64s(values).0[first / S::F64_LANES] }
    }

    /// The lanes, followed by zeros.
    #[inline(always)]
    pub fn to_array(self) -> [f64; MOST_LANES] {
        let mut array = [0.0; MOST_LANES];
        array[..S::F64_LANES].copy_from_slice(bytemuck::cast_slice(std::slice::from_ref(&self.lanes)));
        array
    }

    /// `f` of each lane.
    #[inline(always)]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let lanes = self.to_array();
        Self::from_fn(self.simd, |i| f(lanes[i]))
    }

    /// The same number in every lane of a register like this one.
    #[inline(always)]
    pub fn constant(self, value: f64) -> Self {
        Self::splat(self.simd, value)
    }

    /// self·factor + term, rounded once; in a page rounded twice.
    ///
    /// Rounding twice everywhere would give a page the bits of a machine, but the theory of a curve then takes
    /// 16 % longer on a machine.
    #[inline(always)]
    pub fn mul_add(self, factor: Self, term: Self) -> Self {
        if cfg!(target_arch = "wasm32") {
            return self * factor + term;
        }
        Self { lanes: self.simd.mul_add_f64s(self.lanes, factor.lanes, term.lanes), ..self }
    }

    /// |self|.
    #[inline(always)]
    pub fn abs(self) -> Self {
        Self { lanes: self.simd.abs_f64s(self.lanes), ..self }
    }

    /// √self.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self { lanes: self.simd.sqrt_f64s(self.lanes), ..self }
    }

    /// The larger of the two, lane by lane.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self { lanes: self.simd.max_f64s(self.lanes, other.lanes), ..self }
    }

    /// The smaller of the two, lane by lane.
    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        Self { lanes: self.simd.min_f64s(self.lanes, other.lanes), ..self }
    }

    /// `yes` in the lanes where self > bound, `no` elsewhere.
    #[inline(always)]
    pub fn select_above(self, bound: Self, yes: Self, no: Self) -> Self {
        let mask = self.simd.greater_than_f64s(self.lanes, bound.lanes);
        Self { lanes: self.simd.select_f64s(mask, yes.lanes, no.lanes), ..self }
    }

    /// The largest lane.
    #[inline(always)]
    pub fn largest(self) -> f64 {
        self.simd.reduce_max_f64s(self.lanes)
    }

    /// The smallest lane.
    #[inline(always)]
    pub fn smallest(self) -> f64 {
        self.simd.reduce_min_f64s(self.lanes)
    }

    /// (2ⁿ, eʳ − 1) with self = n ln 2 + r, |r| ≤ ½ ln 2.
    #[inline(always)]
    fn reduced_exponential(self) -> (Self, Self) {
        let x = self.max(self.constant(LEAST_EXPONENT));
        let shifted = x.mul_add(self.constant(std::f64::consts::LOG2_E), self.constant(ROUNDING));
        let n = shifted - self.constant(ROUNDING);
        let r = n.mul_add(self.constant(-LN_2_LOW), n.mul_add(self.constant(-LN_2_HIGH), x));
        let mut power = shifted.lanes;
        for bits in bytemuck::cast_slice_mut::<S::f64s, u64>(std::slice::from_mut(&mut power)) {
            *bits = (*bits << 52).wrapping_add(1.0f64.to_bits());
        }
        // Estrin's scheme: the chain of dependent products is a third of Horner's
        let r2 = r * r;
        let r4 = r2 * r2;
        let sum = r.four_terms(r2, 8).mul_add(r4, r.four_terms(r2, 4)).mul_add(r4, r.four_terms(r2, 0));
        (Self { lanes: power, ..self }, sum.mul_add(r2, r))
    }

    /// Σ c_{from+k} self^k, k < 4, of the series of the exponential.
    #[inline(always)]
    fn four_terms(self, square: Self, from: usize) -> Self {
        let c = &EXPONENTIAL[from..from + 4];
        let low = self.constant(c[1]).mul_add(self, self.constant(c[0]));
        let high = self.constant(c[3]).mul_add(self, self.constant(c[2]));
        high.mul_add(square, low)
    }

    /// e^self, for self ≤ 0.
    #[inline(always)]
    pub fn exp(self) -> Self {
        let (power, rest) = self.reduced_exponential();
        power.mul_add(rest, power)
    }

    /// (e^self, 1 − e^self), both to rounding, for self ≤ 0.
    #[inline(always)]
    pub fn exp_and_complement(self) -> (Self, Self) {
        let (power, rest) = self.reduced_exponential();
        let one = self.constant(1.0);
        (power.mul_add(rest, power), (self.constant(0.0) - power).mul_add(rest, one - power))
    }

    /// log(1 + self), for 0 ≤ self ≤ 1, as 2 atanh(self/(2 + self)).
    #[inline(always)]
    pub fn ln_1p(self) -> Self {
        let s = self / (self + self.constant(2.0));
        let square = s * s;
        let mut sum = self.constant(0.0);
        for k in (0..LOGARITHM_TERMS).rev() {
            sum = sum.mul_add(square, self.constant(2.0 / (2 * k + 1) as f64));
        }
        s * sum
    }
}

macro_rules! operator {
    ($operator:ident, $method:ident, $lanewise:ident) => {
        impl<S: Simd> $operator for Vector<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self { lanes: self.simd.$lanewise(self.lanes, other.lanes), ..self }
            }
        }
    };
}
operator!(Add, add, add_f64s);
operator!(Sub, sub, sub_f64s);
operator!(Mul, mul, mul_f64s);
operator!(Div, div, div_f64s);

#[cfg(test)]
mod tests {
    use pulp::{Arch, WithSimd};

    use super::*;

    /// (eˣ, 1 − eˣ, log(1 + eˣ)).
    struct Functions(f64);

    impl WithSimd for Functions {
        type Output = [f64; 3];
        fn with_simd<S: Simd>(self, simd: S) -> [f64; 3] {
            let (exp, complement) = Vector::splat(simd, self.0).exp_and_complement();
            [exp, complement, exp.ln_1p()].map(Vector::largest)
        }
    }

    #[test]
    fn the_functions_are_those_of_the_library_to_two_units_in_the_last_place() {
        for k in 0..4000 {
            let x = -1e-9 * (1.0069f64).powi(k);
            let expected = [x.exp(), -x.exp_m1(), x.exp().ln_1p()];
            for (found, expected) in Arch::new().dispatch(Functions(x.max(-690.0))).into_iter().zip(expected) {
                assert!(x < -690.0 || (found / expected - 1.0).abs() <= 4.0 * f64::EPSILON, "{x}: {found} {expected}");
            }
        }
    }

    #[test]
    fn every_width_gives_the_same_bits() {
        for x in [-1e-7, -0.3, -4.7, -88.0] {
            assert_eq!(Arch::new().dispatch(Functions(x)), Functions(x).with_simd(pulp::Scalar::new()));
        }
    }
}
