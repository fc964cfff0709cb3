"""A target over time: each version is in force from a period on, until a later version's."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.period import Period
from app.domain.plan.target_shape import Applies, Milestones, Target


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """`since` is the first period it is for; None, any. `number` tells one version of a target from another."""

    target: Target
    applies: Applies = Applies.EACH_YEAR
    milestones: Milestones = ()
    since: Period | None = None
    number: int = 1

    def is_for(self, period: Period) -> bool:
        """Whether the period ends in or after its first."""
        return self.since is None or self.since.first <= period.last


def in_force(versions: Sequence[TargetVersion], period: Period) -> TargetVersion | None:
    """Of versions, the newest first, the one for `period`; before any is, the first that will be.

    A version for years to come waits for them: what has been is not judged by it.
    """
    return next((each for each in versions if each.is_for(period)), versions[-1] if versions else None)
