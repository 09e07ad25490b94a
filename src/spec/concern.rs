//! Which thresholds concern what a figure draws.

use crate::model::Lineage;
use crate::model::lineage::Stage;

use super::{Figure, LineStyle, Subject, Threshold};

impl Figure {
    /// Whether a threshold, which is of isotropic data with clean labels at the figure's own η, Δ and ρ, may be told of
    /// it: all that is drawn has such labels and variances, and some curve is, from end to end, that of a student with a
    /// share η of the features, or of a teacher with all of them that learns labels.
    #[must_use]
    pub fn concerns(&self, threshold: Threshold) -> bool {
        let plain = |lineage: &Lineage| lineage.data.label_noise == 0.0 && lineage.data.spectrum.is_isotropic();
        let own = |lineage: &Lineage| lineage.data.delta == self.data.delta() && lineage.data.rho == self.data.rho();
        let learns = |stage: &Stage| match threshold {
            Threshold::Interpolation | Threshold::StudentSeparability => {
                stage.features < 1.0 && stage.features == self.data.eta()
            }
            Threshold::TeacherSeparability => stage.features == 1.0 && stage.targets.is_none(),
        };
        let concerned = |lineage: &Lineage| own(lineage) && lineage.stages.iter().any(learns);
        let drawn = self.ends();
        drawn.iter().flatten().all(plain) && drawn.iter().any(|ends| ends.iter().all(concerned))
    }

    /// The lineages of the drawn curves, each at its first and its last x.
    fn ends(&self) -> Vec<[Lineage; 2]> {
        let drawn = self.curves.iter().filter(|curve| curve.style != LineStyle::Hidden);
        let ends = drawn.filter_map(|curve| {
            let places = self.theory_x(curve, &[]);
            let at = |x: f64| match self.point(curve, x).ok()?.subject {
                Subject::Lineage(lineage) => Some(lineage),
                Subject::Bound(_) => None,
            };
            Some([at(*places.first()?)?, at(*places.last()?)?])
        });
        ends.collect()
    }
}
