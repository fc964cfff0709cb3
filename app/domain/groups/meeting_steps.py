"""Steps of a meeting: it was held, was cancelled, was inquorate; and the correction of a wrong step."""

from dataclasses import dataclass
from datetime import date

from app.domain.access.authority import Access, Scope
from app.domain.day import day_words
from app.domain.groups.meeting import MeetingKind, MeetingState
from app.domain.groups.quorum import Quorum
from app.domain.workflow import Refusal, Step


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    kind: MeetingKind
    state: MeetingState
    day: date
    today: date
    quorum: Quorum
    decisions: int
    """Made at it."""
    ratified: int
    """Decisions that it ratified."""


def _cancelled(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """The meeting was cancelled."""
    if facts.state is not MeetingState.CANCELLED:
        return None
    return "meeting_cancelled", "The meeting was cancelled. If that was a slip, take the step back first."


def _already_held(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """The meeting was held."""
    if facts.state is not MeetingState.HELD:
        return None
    return "already_held", "The meeting is recorded as held. If that was a slip, take the step back first."


def _inquorate(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """The meeting was inquorate."""
    if facts.state is not MeetingState.INQUORATE:
        return None
    text = "The meeting is recorded as inquorate. If that was a slip, take the step back first."
    return "already_inquorate", text


def _to_come(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """Its day has not come."""
    if facts.day <= facts.today:
        return None
    text = f"The meeting is on {day_words(facts.day)}, which has not come. Change its day if it met earlier."
    return "not_held_yet", text


def _too_few(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """Fewer members than the quorum are recorded as having come."""
    if facts.kind is MeetingKind.CIRCULATED or facts.quorum.is_met is not False:
        return None
    return "not_quorate", f"{facts.quorum.sentence} Record it as inquorate, or put the attendance right."


def _enough(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """As many members as the quorum are recorded as having come."""
    if facts.quorum.is_met is not True:
        return None
    return "quorate", f"{facts.quorum.sentence} Record it as held, or put the attendance right."


def _circulated(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """It was circulated by e-mail."""
    if facts.kind is not MeetingKind.CIRCULATED:
        return None
    return "circulated", "Business circulated by e-mail has no attendance, so it cannot be inquorate."


def _planned(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """No step was taken."""
    if facts.state is not MeetingState.PLANNED:
        return None
    return "no_step_taken", "The meeting is planned: there is no step to take back."


def _decided(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """Decisions were made at it."""
    if not facts.decisions:
        return None
    count = "A decision was" if facts.decisions == 1 else f"{facts.decisions} decisions were"
    return "has_decisions", f"{count} made at this meeting, so it did take place."


def _ratified(facts: MeetingFacts, _access: Access) -> Refusal | None:
    """Decisions were ratified at it."""
    if not facts.ratified:
        return None
    count = "A decision was" if facts.ratified == 1 else f"{facts.ratified} decisions were"
    return "has_ratified", f"{count} ratified at this meeting, which only a meeting that was held can do."


HOLD = Step("hold", Scope.WRITE_PLAN, (_cancelled, _already_held, _inquorate, _to_come, _too_few))
CANCEL = Step("cancel", Scope.WRITE_PLAN, (_cancelled, _already_held, _inquorate, _decided, _ratified))
INQUORATE = Step(
    "inquorate", Scope.WRITE_PLAN, (_cancelled, _inquorate, _circulated, _to_come, _enough, _ratified)
)
TAKE_BACK = Step("take_back", Scope.WRITE_PLAN, (_planned, _decided, _ratified))
STEPS = (HOLD, CANCEL, INQUORATE, TAKE_BACK)
