//! How the checks of a claim add up in each voice, and how the voices add up to a verdict.

use std::collections::BTreeMap;

use super::voices::{Verdict, Voice};

/// What one voice says of a whole claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Every check holds.
    Holds,
    /// Checks under these conditions hold, the unrestricted ones do not.
    HoldsOnlyWhen(Vec<String>),
    /// Some check fails, and no restricted one saves it.
    Fails,
    /// No check fails, but not all could be told, or there are none.
    CannotTell,
}

/// The verdict on a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// All voices that can tell say that it holds.
    Holds,
    /// They say so under these conditions only.
    HoldsOnlyWhen(Vec<String>),
    /// They say that it fails.
    Fails,
    /// No voice can tell, or they differ and the simulation is too small to count.
    Undecided,
    /// The simulation, large enough to count, contradicts theory.
    Contradicted,
}

/// One check, as one voice hears it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard<'a> {
    /// Who speaks.
    pub voice: Voice,
    /// What it says.
    pub verdict: Verdict,
    /// The restriction of the check.
    pub condition: Option<&'a str>,
}

impl Judgement {
    /// Its words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Holds => "holds".to_owned(),
            Self::HoldsOnlyWhen(conditions) => format!("holds only when {}", conditions.join(" and ")),
            Self::Fails => "fails".to_owned(),
            Self::CannotTell => "cannot tell".to_owned(),
        }
    }

    /// Adds up the checks that one voice heard. An unrestricted failure is fatal unless restricted checks exist and all
    /// of them hold; checks of other voices do not count.
    #[must_use]
    pub fn of(voice: Voice, checks: &[Heard<'_>]) -> Self {
        let own: Vec<&Heard<'_>> = checks.iter().filter(|check| check.voice == voice).collect();
        let any = |restricted: bool, verdict: Verdict| {
            own.iter().any(|check| check.condition.is_some() == restricted && check.verdict == verdict)
        };
        let restricted = own.iter().any(|check| check.condition.is_some());
        if any(true, Verdict::Fails) || (any(false, Verdict::Fails) && !restricted) {
            return Self::Fails;
        }
        if own.is_empty() || any(false, Verdict::CannotTell) || any(true, Verdict::CannotTell) {
            return Self::CannotTell;
        }
        if !any(false, Verdict::Fails) {
            return Self::Holds;
        }
        let mut conditions: Vec<String> = Vec::new();
        for condition in own.iter().filter_map(|check| check.condition) {
            if !conditions.iter().any(|known| known == condition) {
                conditions.push(condition.to_owned());
            }
        }
        Self::HoldsOnlyWhen(conditions)
    }
}

impl Decision {
    /// Its words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Holds => "holds".to_owned(),
            Self::HoldsOnlyWhen(conditions) => format!("holds only when {}", conditions.join(" and ")),
            Self::Fails => "fails".to_owned(),
            Self::Undecided => "undecided".to_owned(),
            Self::Contradicted => "contradicted".to_owned(),
        }
    }

    /// Puts the voices together, and says why.
    ///
    /// `deviating` is the number of simulated points that leave theory without being explained by their finite size;
    /// `decisive` tells whether the simulation is large enough to contradict.
    #[must_use]
    pub fn of(voices: &BTreeMap<Voice, Judgement>, deviating: usize, decisive: bool) -> (Self, String) {
        let telling: Vec<(Voice, &Judgement)> = (voices.iter())
            .filter(|(_, judgement)| **judgement != Judgement::CannotTell)
            .map(|(voice, judgement)| (*voice, judgement))
            .collect();
        let against = || if decisive { Self::Contradicted } else { Self::Undecided };
        let size = if decisive { "" } else { ", at a size too small to contradict" };
        let Some((_, first)) = telling.first() else {
            return (Self::Undecided, "no voice can tell".to_owned());
        };
        if deviating > 0 {
            let points = if deviating == 1 { "point leaves" } else { "points leave" };
            return (
                against(),
                format!("{deviating} simulated {points} the theory, unexplained by the finite size{size}"),
            );
        }
        if telling.iter().any(|(_, judgement)| judgement != first) {
            let say = |(voice, judgement): &(Voice, &Judgement)| format!("{} {}", voice.word(), judgement.words());
            let reason = format!("the voices differ: {}", telling.iter().map(say).collect::<Vec<_>>().join(", "));
            let simulation = telling.iter().find(|(voice, _)| *voice == Voice::Simulation);
            let theory = telling.iter().find(|(voice, _)| *voice == Voice::Theory);
            return match (theory, simulation) {
                (Some((_, theory)), Some((_, simulation))) if theory != simulation => {
                    (against(), format!("{reason}{size}"))
                }
                _ => (Self::Undecided, reason),
            };
        }
        let names: Vec<&str> = telling.iter().map(|(voice, _)| voice.word()).collect();
        let reason = match &names[..] {
            [one] => format!("{one} alone can tell"),
            [one, two] => format!("{one} and {two} agree"),
            _ => "theory, simulation and print agree".to_owned(),
        };
        let decision = match first {
            Judgement::Holds => Self::Holds,
            Judgement::HoldsOnlyWhen(conditions) => Self::HoldsOnlyWhen(conditions.clone()),
            Judgement::Fails => Self::Fails,
            Judgement::CannotTell => Self::Undecided,
        };
        (decision, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{CannotTell, Fails, Holds};
    use super::*;

    fn check(verdict: Verdict, condition: Option<&str>) -> Heard<'_> {
        Heard { voice: Voice::Theory, verdict, condition }
    }

    #[test]
    fn a_restricted_check_saves_a_claim_only_when_it_holds() {
        let when = Some("α ≥ 2.5");
        let of = |checks: &[Heard<'_>]| Judgement::of(Voice::Theory, checks);
        assert_eq!(of(&[]), Judgement::CannotTell);
        assert_eq!(of(&[check(Holds, None), check(Holds, when)]), Judgement::Holds);
        assert_eq!(of(&[check(Holds, None), check(Fails, None)]), Judgement::Fails);
        assert_eq!(of(&[check(Fails, None), check(Holds, when)]), Judgement::HoldsOnlyWhen(vec!["α ≥ 2.5".into()]));
        assert_eq!(of(&[check(Fails, None), check(Fails, when)]), Judgement::Fails);
        assert_eq!(of(&[check(Holds, None), check(CannotTell, None)]), Judgement::CannotTell);
        assert_eq!(of(&[check(CannotTell, None), check(Fails, None)]), Judgement::Fails);
        assert_eq!(Judgement::of(Voice::Print, &[check(Holds, None)]), Judgement::CannotTell);
    }

    #[test]
    fn those_that_can_tell_must_agree_and_a_large_simulation_contradicts() {
        let voices = |says: [Judgement; 3]| Voice::ALL.into_iter().zip(says).collect::<BTreeMap<_, _>>();
        let of = |says: [Judgement; 3], deviating, decisive| Decision::of(&voices(says), deviating, decisive).0;
        use Judgement::{CannotTell as Mute, Fails as No, Holds as Yes};
        assert_eq!(of([Yes, Mute, Yes], 0, true), Decision::Holds);
        assert_eq!(of([Yes, No, Yes], 0, true), Decision::Contradicted);
        assert_eq!(of([Yes, No, Yes], 0, false), Decision::Undecided);
        assert_eq!(of([Yes, Yes, No], 0, true), Decision::Undecided);
        assert_eq!(of([No, No, Mute], 0, true), Decision::Fails);
        assert_eq!(of([Mute, Mute, Mute], 0, true), Decision::Undecided);
        assert_eq!(of([Yes, Yes, Yes], 2, true), Decision::Contradicted);
        assert_eq!(of([Yes, Yes, Yes], 2, false), Decision::Undecided);
    }
}
