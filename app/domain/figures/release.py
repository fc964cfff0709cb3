"""Who may see a figure, and from when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.access.audience import Audience


class Withheld(StrEnum):
    """Why a figure that is there is not shown."""

    OF_PEOPLE = "figures_of_people"
    NOT_RELEASED = "not_released"

    @property
    def words(self) -> str:
        return "confidential" if self is Withheld.OF_PEOPLE else "not released yet"


@dataclass(frozen=True, slots=True)
class Approval:
    """That figures may be seen by an audience from a day on."""

    audience: Audience
    from_on: date


def in_force(approvals: Sequence[Approval], today: date) -> int | None:
    """Which of the approvals, oldest first, counts today: the last whose day has come.

    A later approval may narrow what an earlier one widened.
    """
    come = (number for number, approval in enumerate(approvals) if approval.from_on <= today)
    return max(come, default=None)


def released_to(base: Audience, approvals: Sequence[Approval], today: date) -> Audience:
    """The audience today: the one approved, or without an approval whose day has come, `base`."""
    number = in_force(approvals, today)
    return base if number is None else approvals[number].audience


def withheld(viewer: Audience | None, released: Audience, *, of_people: bool) -> Withheld | None:
    """Why figures released to an audience are not shown to somebody; None where they are.

    `viewer` is the narrowest audience they belong to, the submitter of what is their own agency's; None for who is
    nobody here. `of_people`: the figures count people, and they stand outside the information-sharing agreement.
    """
    if viewer is Audience.SUBMITTER:
        return None
    if viewer is None or of_people:
        return Withheld.OF_PEOPLE
    return None if released.includes(viewer) else Withheld.NOT_RELEASED


def next_release(approvals: Sequence[Approval], today: date) -> Approval | None:
    """The approval that will count next; one older than what is in force never will again."""
    number = in_force(approvals, today)
    coming = approvals[0 if number is None else number + 1 :]
    return min(reversed(coming), key=lambda approval: approval.from_on, default=None)
