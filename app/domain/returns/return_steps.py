"""Steps of a return, and the rules that refuse them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.access.authority import Access, Scope
from app.domain.period import Period
from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.reminder import is_awaited
from app.domain.returns.return_status import ReturnStatus
from app.domain.workflow import Refusal, Step


@dataclass(frozen=True, slots=True)
class Source:
    """Senders of one of its figures: the responsible agency, and the codes of its suppliers."""

    responsible_agency_id: int | None
    suppliers: Collection[str]


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    agency_id: int
    agency_name: str
    quarter: Period
    figures: Sequence[OwedFigure]
    sources: Sequence[Source]
    """Sources of the figures, in their order."""
    status: ReturnStatus
    is_signed_off: bool
    """Whether it was, and nothing has changed since. `is_checked` likewise."""
    is_checked: bool
    is_closed: bool
    """Whether its quarter is."""
    people: int
    """Number of people who could be reminded of it, while it is awaited."""
    unreminded: int
    """Number of them who have not been reminded today."""
    today: date

    def may_act_for_agency(self, access: Access) -> bool:
        return acts_for_agency(self.agency_id, (source.suppliers for source in self.sources), access)

    @property
    def missing(self) -> int:
        return self.status.counts.expected - self.status.counts.received


def acts_for_agency(agency_id: int, suppliers: Iterable[Collection[str]], access: Access) -> bool:
    """Whether somebody acts for a return's agency: its own people, or a supplier of every figure of the return.

    `suppliers` are each figure's.
    """
    own = access.agency_id is not None and access.agency_id == agency_id
    return own or all(access.agency_code in each for each in suppliers)


def _sent_by_others(facts: ReturnFacts, access: Access) -> Refusal | None:
    """It is another agency's to send."""
    sends = any(access.posts_for(each.responsible_agency_id, each.suppliers) for each in facts.sources)
    if sends and (access.is_staff or facts.may_act_for_agency(access)):
        return None
    return "not_yours", f"{facts.agency_name} sends this return."


def _of_another_agency(facts: ReturnFacts, access: Access) -> Refusal | None:
    """Only its own agency can say so."""
    if facts.may_act_for_agency(access):
        return None
    return "not_yours", f"{facts.agency_name} speaks for this return."


def _complete(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Everything is in already."""
    if facts.missing:
        return None
    return "nothing_missing", "Everything this return asks for is in already."


def _incomplete(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Figures are missing."""
    if not facts.missing:
        return None
    figures = "1 figure is" if facts.missing == 1 else f"{facts.missing} figures are"
    return "not_complete", f"{figures} not in yet: send them, or why there are none, first."


def _closed(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """The quarter is closed."""
    if not facts.is_closed:
        return None
    return "period_closed", f"{facts.quarter.short_label} is closed. Reopen it first."


def _not_ended(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """No period of what is missing has ended."""
    missing = [figure.period for figure in facts.figures if figure.received_at is None]
    if not missing or any(period.has_ended(facts.today) for period in missing):
        return None
    return "period_not_ended", f"{min(missing).label} has not ended yet: nobody knows that there is nothing."


def _signed_off(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """It was signed off, and nothing has changed since."""
    if not facts.is_signed_off:
        return None
    return "already_signed_off", "It is signed off already, and nothing has changed since."


def _not_queried(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """No query is open."""
    if any(query.is_open for query in facts.status.queries):
        return None
    return "not_queried", "No query about this return is open, so there is nothing to answer."


def _nothing_asked(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Every query has ended."""
    if any(query.ended_at is None for query in facts.status.queries):
        return None
    return "nothing_asked", "No query about this return is left, so there is nothing to end."


def _nothing_sent(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Nothing has been sent."""
    if facts.status.counts.received:
        return None
    return "nothing_sent", "Nothing has been sent yet, so there is nothing to query."


def _already_checked(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """It is checked, and nothing has changed since."""
    if not facts.is_checked:
        return None
    return "already_checked", "It is checked already, and nothing has changed since."


def _not_awaited(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Nothing is awaited: all is in, explained, not due to exist yet, or its quarter is closed."""
    if is_awaited(facts.status) and not facts.is_closed:
        return None
    return "nothing_awaited", "Nothing is awaited of this return, so there is nothing to remind of."


def _nobody(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Nobody sends figures for the agency."""
    if facts.people:
        return None
    text = f"Nobody sends figures for {facts.agency_name}. Invite a contributor for it first."
    return "nobody_to_remind", text


def _reminded(facts: ReturnFacts, _access: Access) -> Refusal | None:
    """Everybody was reminded today."""
    return None if facts.unreminded else reminded_today(facts.agency_name)


def reminded_today(agency: str) -> Refusal:
    return "reminded_today", f"Everybody at {agency} was reminded of it today."


SEND = Step("send", Scope.POST_FIGURES, (_sent_by_others,))
NIL = Step("nil", Scope.POST_FIGURES, (_sent_by_others, _complete, _closed, _not_ended))
LATE = Step("late", Scope.POST_FIGURES, (_sent_by_others, _complete))
SIGN_OFF = Step("sign_off", Scope.POST_FIGURES, (_of_another_agency, _incomplete, _signed_off))
ANSWER = Step("answer", Scope.POST_FIGURES, (_of_another_agency, _not_queried))
QUERY = Step("query", Scope.CHECK_RETURNS, (_nothing_sent,))
END_QUERY = Step("end_query", Scope.CHECK_RETURNS, (_nothing_asked,))
CHECK = Step("check", Scope.CHECK_RETURNS, (_incomplete, _already_checked))
REMIND = Step("remind", Scope.CHECK_RETURNS, (_not_awaited, _nobody, _reminded))
STEPS = (SEND, NIL, LATE, SIGN_OFF, ANSWER, QUERY, CHECK, REMIND)
