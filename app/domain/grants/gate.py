"""Gates: what stands between somebody and the next payment, computed from facts of the payment's own grant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.grants.money import pounds_words


class GateKind(StrEnum):
    RETURN_ACCEPTED = "return_accepted"
    REPORT_RECEIVED = "report_received"
    UNDERSPEND_WITHIN = "underspend_within"
    UNSPENT_WITHIN = "unspent_within"
    APPROVED_BY_GROUP = "approved_by_group"
    CONDITION_MET = "condition_met"


class GateState(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    WAIVED = "waived"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    GateState.MET: "done",
    GateState.NOT_MET: "still needed",
    GateState.WAIVED: "paid without",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate as stored. `subject` is a period for returns and reports, else words of what is needed."""

    kind: GateKind
    subject: str = ""
    limit: int | None = None
    """In pence, for the two that compare an amount."""
    waived_because: str = ""
    is_met: bool = False
    """Whether somebody recorded it as met, for those that no sum decides."""


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Facts of a payment's own grant, and of what is below it."""

    unspent: int | None = None
    """Still with the recipient; None while its spending is not known."""
    underspend: int | None = None
    """Of all grants below a grant to an accountable body; None where none is below it."""
    without_forecast: tuple[str, ...] = ()
    returns: Mapping[str, str] = field(default_factory=dict)
    """State of the monitoring return by period."""


@dataclass(frozen=True, slots=True)
class GateStatus:
    gate: Gate
    state: GateState
    words: str
    """What is done, or the one thing to do, or why it was waived."""

    @property
    def holds(self) -> bool:
        return self.state is GateState.NOT_MET


def gate_status(gate: Gate, facts: GateFacts) -> GateStatus:
    """State of a gate, with the one thing to do where it is not met. A waiver counts whatever the facts are."""
    if gate.waived_because:
        return GateStatus(gate, GateState.WAIVED, f"Paid without, because: {gate.waived_because}")
    is_met, words = _CHECKS[gate.kind](gate, facts)
    return GateStatus(gate, GateState.MET if is_met else GateState.NOT_MET, words)


def waits_for(statuses: Iterable[GateStatus]) -> list[GateStatus]:
    """The gates that hold a payment."""
    return [status for status in statuses if status.holds]


Check = tuple[bool, str]
SENT = ("submitted", "accepted", "restated")


def _return_accepted(gate: Gate, facts: GateFacts) -> Check:
    state = facts.returns.get(gate.subject)
    if state == "accepted" or gate.is_met:
        return True, f"The report for {gate.subject} is accepted."
    if state in SENT:
        return False, f"The report for {gate.subject} was sent; it has to be accepted."
    return False, f"Send the report for {gate.subject}."


def _report_received(gate: Gate, facts: GateFacts) -> Check:
    if facts.returns.get(gate.subject) in SENT or gate.is_met:
        return True, f"The report for {gate.subject} is here."
    return False, f"Send the report for {gate.subject}."


def _unspent_within(gate: Gate, facts: GateFacts) -> Check:
    limit = gate.limit or 0
    if facts.unspent is None:
        return False, f"Report what was spent: at most {pounds_words(limit)} may be unspent."
    if facts.unspent <= limit:
        return True, f"{_amount(facts.unspent)} is unspent, of {pounds_words(limit)} at most."
    return False, (
        f"{pounds_words(facts.unspent)} is unspent, and at most {pounds_words(limit)} may be: "
        "report what was spent since, or ask to change the plan of payments."
    )


def _underspend_within(gate: Gate, facts: GateFacts) -> Check:
    limit = gate.limit or 0
    beside = f" Without a forecast: {', '.join(facts.without_forecast)}." if facts.without_forecast else ""
    if facts.underspend is None:
        return False, f"Report a forecast: an underspend of at most {pounds_words(limit)} may be expected."
    if facts.underspend <= limit:
        return True, f"An underspend of {_amount(facts.underspend)} is expected, within the limit.{beside}"
    over = pounds_words(facts.underspend - limit)
    return False, (
        f"An underspend of {pounds_words(facts.underspend)} is expected, {over} over the limit: "
        f"decide what to do with it.{beside}"
    )


def _approved_by_group(gate: Gate, _facts: GateFacts) -> Check:
    what = gate.subject or "the group"
    return gate.is_met, f"{'Approved' if gate.is_met else 'To be approved'} by {what}."


def _condition_met(gate: Gate, _facts: GateFacts) -> Check:
    what = gate.subject or "the condition"
    return gate.is_met, f"Met: {what}" if gate.is_met else f"Still needed: {what}"


def _amount(pence: int) -> str:
    return pounds_words(max(0, pence))


_CHECKS = {
    GateKind.RETURN_ACCEPTED: _return_accepted,
    GateKind.REPORT_RECEIVED: _report_received,
    GateKind.UNSPENT_WITHIN: _unspent_within,
    GateKind.UNDERSPEND_WITHIN: _underspend_within,
    GateKind.APPROVED_BY_GROUP: _approved_by_group,
    GateKind.CONDITION_MET: _condition_met,
}
