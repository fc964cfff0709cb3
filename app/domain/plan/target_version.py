"""A target over time: each version is in force from a period on, until a later version's."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.period import Period
from app.domain.plan.target_shape import Applies, Milestones, Target


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """One version of a target. `since` is the first period it is for; None, any. `number` identifies it."""

    target: Target
    applies: Applies = Applies.EACH_YEAR
    milestones: Milestones = ()
    since: Period | None = None
    number: int = 1

    def is_for(self, period: Period) -> bool:
        """Whether the period ends in or after its first."""
        return self.since is None or self.since.first <= period.last


def in_force(versions: Sequence[TargetVersion], period: Period) -> TargetVersion | None:
    """The version for `period`, of versions newest first; before the first takes effect, that one.

    Figures of earlier periods are not judged by a version for later ones.
    """
    return next((each for each in versions if each.is_for(period)), versions[-1] if versions else None)
