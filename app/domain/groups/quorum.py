"""Quorum: whether enough members attended."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.groups.attendance import AttendanceStatus


@dataclass(frozen=True, slots=True)
class Quorum:
    """Members who attended, and members needed. Each post counts for itself; a deputy counts as the post."""

    needed: int | None
    """None where the group has set none."""
    attended: int
    not_recorded: int

    @property
    def is_met(self) -> bool | None:
        """None where it cannot be told: no quorum is set, or those not recorded decide it."""
        if self.needed is None:
            return None
        if self.attended >= self.needed:
            return True
        return None if self.attended + self.not_recorded >= self.needed else False

    @property
    def sentence(self) -> str:
        if self.needed is None:
            return "No quorum is set."
        rest = f", {self.not_recorded} not recorded" if self.not_recorded else ""
        return f"{self.attended} came{rest}; the quorum is {self.needed}."


def quorum(needed: int | None, statuses: Iterable[AttendanceStatus]) -> Quorum:
    """Counts the statuses of all who were expected."""
    expected = list(statuses)
    attended = sum(status.is_attended for status in expected)
    return Quorum(needed, attended, expected.count(AttendanceStatus.NOT_RECORDED))
