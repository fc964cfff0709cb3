"""A grant: its states and kinds, in their words for people."""

from enum import StrEnum


class GrantState(StrEnum):
    """Changed only by a step that somebody takes. Whether acceptance is overdue is worked out beside it."""

    PROPOSED = "proposed"
    """Written by an officer and not awarded yet: it counts in no sum."""
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LIVE = "live"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    DECLINED = "declined"
    TERMINATED = "terminated"
    CLOSING = "closing"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    """Taken back before it was awarded."""

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def counts(self) -> bool:
        """Whether its approved amount is committed."""
        return self not in _COUNT_NOWHERE


_COUNT_NOWHERE = frozenset(
    {GrantState.PROPOSED, GrantState.LAPSED, GrantState.DECLINED, GrantState.WITHDRAWN}
)
_LABELS = {
    GrantState.PROPOSED: "proposed",
    GrantState.OFFERED: "offered",
    GrantState.ACCEPTED: "accepted",
    GrantState.LIVE: "running",
    GrantState.SUSPENDED: "paused",
    GrantState.LAPSED: "lapsed",
    GrantState.DECLINED: "declined by the recipient",
    GrantState.TERMINATED: "ended early",
    GrantState.CLOSING: "being closed",
    GrantState.CLOSED: "closed",
    GrantState.WITHDRAWN: "withdrawn",
}
PAYABLE = (GrantState.ACCEPTED, GrantState.LIVE, GrantState.TERMINATED, GrantState.CLOSING)
"""States in which money may still go out: what is owed at an end is paid before the close."""


class Instrument(StrEnum):
    GRANT = "grant"
    CONTRACT = "contract"
    AGREEMENT = "agreement"

    @property
    def label(self) -> str:
        return "Agreement between public bodies" if self is Instrument.AGREEMENT else self.value.capitalize()


class GrantKind(StrEnum):
    SERVICE = "service"
    PILOT = "pilot"
    CAPITAL = "capital"
