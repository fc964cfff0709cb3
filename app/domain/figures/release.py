"""Releases: the audience that may see a figure, and from which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.access.audience import Audience


class HiddenReason(StrEnum):
    """Reason for not showing a figure that exists."""

    OF_PEOPLE = "figures_of_people"
    NOT_RELEASED = "not_released"

    @property
    def words(self) -> str:
        return "confidential" if self is HiddenReason.OF_PEOPLE else "not released yet"


@dataclass(frozen=True, slots=True)
class Approval:
    """Allows an audience to see figures from a day on."""

    audience: Audience
    from_on: date


def in_force(approvals: Sequence[Approval], today: date) -> int | None:
    """Index of the approval that counts today: of those already in effect, the last. They are oldest first.

    A later approval may narrow what an earlier one widened.
    """
    effective = (number for number, approval in enumerate(approvals) if approval.from_on <= today)
    return max(effective, default=None)


def released_to(base: Audience, approvals: Sequence[Approval], today: date) -> Audience:
    """The audience today: that of the approval in force, else `base`."""
    number = in_force(approvals, today)
    return base if number is None else approvals[number].audience


def hidden_reason(viewer: Audience | None, released: Audience, *, of_people: bool) -> HiddenReason | None:
    """Reason for hiding figures with this audience from a viewer; None where they are shown.

    `viewer` is the narrowest audience that the viewer belongs to: submitter for their own agency's figures, None
    without access to the partnership. `of_people`: the figures count people, and the viewer is outside the
    information-sharing agreement.
    """
    if viewer is Audience.SUBMITTER:
        return None
    if viewer is None or of_people:
        return HiddenReason.OF_PEOPLE
    return None if released.includes(viewer) else HiddenReason.NOT_RELEASED


def next_release(approvals: Sequence[Approval], today: date) -> Approval | None:
    """Next approval to take effect; superseded ones are skipped."""
    number = in_force(approvals, today)
    coming = approvals[0 if number is None else number + 1 :]
    return min(reversed(coming), key=lambda approval: approval.from_on, default=None)
