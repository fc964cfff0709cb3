"""Who may see a figure, and from when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """From the narrowest to the widest; each includes those before it."""

    SUBMITTER = "submitter"
    PARTNERSHIP = "partnership"
    BOARD = "board"
    PUBLIC = "public"

    def includes(self, viewer: "Audience") -> bool:
        """Whether what is released to this audience may be seen by who belongs to `viewer`."""
        return _WIDTH[viewer] <= _WIDTH[self]


_WIDTH = {audience: width for width, audience in enumerate(Audience)}


@dataclass(frozen=True, slots=True)
class Approval:
    """That figures may be seen by an audience from a day on."""

    audience: Audience
    from_on: date


def released_to(base: Audience, approvals: Iterable[Approval], today: date) -> Audience:
    """The audience today: of the approvals, oldest first, the last whose day has come; without one, `base`.

    A later approval may narrow what an earlier one widened.
    """
    audience = base
    for approval in approvals:
        if approval.from_on <= today:
            audience = approval.audience
    return audience
