"""Audiences of figures, from the agency that sends them to everybody."""

from enum import StrEnum


class Audience(StrEnum):
    """Audiences from the narrowest to the widest; each includes those before it."""

    SUBMITTER = "submitter"
    PARTNERSHIP = "partnership"
    BOARD = "board"
    PUBLIC = "public"

    def includes(self, viewer: "Audience") -> bool:
        """Whether members of `viewer` may see figures released to this audience."""
        return _WIDTH[viewer] <= _WIDTH[self]

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Audience.SUBMITTER: "the agency that sends it",
    Audience.PARTNERSHIP: "the partnership",
    Audience.BOARD: "the Board",
    Audience.PUBLIC: "everybody",
}
_WIDTH = {audience: width for width, audience in enumerate(Audience)}
