"""Steps of a quarter on its way to its close, and the rules that refuse them."""

from dataclasses import dataclass
from datetime import date

from app.domain.access.authority import Access, Scope
from app.domain.day import day_words
from app.domain.period import Period
from app.domain.workflow import Refusal, Step


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """Facts of a quarter. `was_cut_off_on` and `was_closed_on` are of a cut-off and a close not undone since."""

    quarter: Period
    was_cut_off_on: date | None
    was_closed_on: date | None
    is_reopened: bool
    today: date


def _closed(facts: QuarterFacts, _access: Access) -> Refusal | None:
    """The quarter is closed."""
    if facts.was_closed_on is None:
        return None
    text = f"{facts.quarter.short_label} was closed on {day_words(facts.was_closed_on)}. Reopen it first."
    return "period_closed", text


def _not_closed(facts: QuarterFacts, _access: Access) -> Refusal | None:
    """The quarter is not closed."""
    if facts.was_closed_on is not None:
        return None
    return "not_closed", f"{facts.quarter.short_label} is not closed."


def _not_ended(facts: QuarterFacts, _access: Access) -> Refusal | None:
    """The quarter has not ended."""
    if facts.quarter.has_ended(facts.today):
        return None
    return "period_not_ended", f"{facts.quarter.label} has not ended yet."


def _frozen(facts: QuarterFacts, access: Access) -> Refusal | None:
    """The quarter is cut off, and was not reopened since."""
    return None if facts.is_reopened else _cut_off(facts, access)


def _cut_off(facts: QuarterFacts, _access: Access) -> Refusal | None:
    """The quarter is cut off."""
    if facts.was_cut_off_on is None:
        return None
    text = f"{facts.quarter.short_label} was cut off on {day_words(facts.was_cut_off_on)}."
    return "already_cut_off", text


def _not_cut_off(facts: QuarterFacts, _access: Access) -> Refusal | None:
    """The quarter is not cut off."""
    if facts.was_cut_off_on is not None:
        return None
    return "not_cut_off", "Cut it off first: the close stands on what was frozen then."


PLAN = Step("plan", Scope.CHECK_RETURNS, (_closed, _cut_off))
CUT_OFF = Step("cut_off", Scope.CLOSE_PERIODS, (_closed, _not_ended, _frozen))
CLOSE = Step("close", Scope.CLOSE_PERIODS, (_closed, _not_ended, _not_cut_off))
REOPEN = Step("reopen", Scope.CLOSE_PERIODS, (_not_closed,))
STEPS = (PLAN, CUT_OFF, CLOSE, REOPEN)
