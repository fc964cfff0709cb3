"""What people say and do about a return: each is kept for ever, and none of them is a box to tick."""

from app.commands.change import Change
from app.commands.figures.figure import Manner, submit_figures
from app.domain.errors import RuleBroken
from app.domain.figures.promise import BAD_PROMISE, EXPECTED_PROMISE, is_too_far_ahead
from app.domain.returns.return_status import EventKind
from app.domain.returns.return_steps import ANSWER, CHECK, LATE, NIL, QUERY, SIGN_OFF, ReturnFacts
from app.domain.workflow import Step
from app.models.figures.figure import FigureIn
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.plan.partnership import Partnership
from app.models.returns.agency_return import DraftIn, LateIn, NilIn, RemarkIn, ReturnDraft, ReturnEvent
from app.queries.returns.agency_return import Return
from app.queries.returns.owed_figure import Owed
from app.queries.returns.return_draft import draft_of
from app.queries.returns.return_facts import return_facts


def explain_lateness(change: Change, agency_return: Return, sent: LateIn) -> None:
    """A reason and a promised day. Refused where nothing is missing, or for a day that is past."""
    _require(LATE, change, agency_return)
    if sent.promised_on < change.today or is_too_far_ahead(sent.promised_on, change.today):
        raise RuleBroken("promised_on", BAD_PROMISE, EXPECTED_PROMISE)
    event = _event(change, agency_return, EventKind.LATE, sent.reason)
    event.promised_on = sent.promised_on
    _append(change, agency_return, event)


def make_nil_return(change: Change, agency_return: Return, sent: NilIn) -> ReceiptOut:
    """0 for counts of events and the missing reason for the rest, of whatever is not in yet.

    What was sent stays; months that have not ended are still owed. The receipt may be a rejection, as for any
    submission: then nothing is kept.
    """
    _require(NIL, change, agency_return)
    partnership = change.partnership
    missing = [each for each in agency_return.owed if each.item.received_at is None]
    ended = [each for each in missing if each.item.period.has_ended(change.today)]
    rows = [SentRow(number, _nil_figure(each, partnership, sent)) for number, each in enumerate(ended, 1)]
    receipt = submit_figures(change, rows, Manner("nil_return"))
    if receipt["id"] is not None:
        event = _event(change, agency_return, EventKind.NIL, sent.note)
        event.submission_id = int(receipt["id"])
        _append(change, agency_return, event)
    return receipt


def _nil_figure(owed: Owed, partnership: Partnership, sent: NilIn) -> FigureIn:
    return FigureIn.model_validate(
        {
            "indicator": owed.indicator.code,
            "period": str(owed.item.period),
            "area": partnership.area_code,
            "status": "final",
            "note": sent.note,
            "reason": "Nil return.",
            **({"value": 0} if owed.counts_events else {"missing": sent.missing}),
        }
    )


def sign_off(change: Change, agency_return: Return, note: str) -> None:
    """The agency stands by what it sent; refused while something is missing."""
    _require(SIGN_OFF, change, agency_return)
    _append(change, agency_return, _event(change, agency_return, EventKind.SIGNED_OFF, note))


def check_return(change: Change, agency_return: Return, note: str) -> None:
    """Staff have looked at it beside the series. They check a figure; they do not accept it for the agency."""
    _require(CHECK, change, agency_return)
    _append(change, agency_return, _event(change, agency_return, EventKind.CHECKED, note))


def query_return(change: Change, agency_return: Return, sent: RemarkIn) -> ReturnEvent:
    """Staff ask about what was sent."""
    _require(QUERY, change, agency_return)
    return _remark(change, agency_return, EventKind.QUERY, sent)


def answer_query(change: Change, agency_return: Return, sent: RemarkIn) -> ReturnEvent:
    """The agency answers what staff asked."""
    _require(ANSWER, change, agency_return)
    return _remark(change, agency_return, EventKind.ANSWER, sent)


def _remark(change: Change, agency_return: Return, kind: EventKind, sent: RemarkIn) -> ReturnEvent:
    codes = {each.item.indicator for each in agency_return.owed}
    unknown = next((code for code in sent.indicators if code not in codes), None)
    if unknown is not None:
        raise RuleBroken("indicators", "not_in_return", f"“{unknown}” is not part of this return.")
    event = _event(change, agency_return, kind, sent.text)
    event.indicators = list(dict.fromkeys(sent.indicators))
    return _append(change, agency_return, event)


def save_draft(change: Change, agency_return: Return, sent: DraftIn) -> ReturnDraft:
    """The form as far as it is filled in. A draft is nobody's figure yet, so the record does not tell of it."""
    draft = draft_of(change.session, change.partnership, agency_return)
    if draft is None:
        draft = ReturnDraft(
            partnership_id=change.partnership.id,
            agency_id=agency_return.agency.id,
            first_month=agency_return.quarter.first,
            version=0,
            saved_at=change.now,
            saved_by=change.actor.name,
        )
    draft.rows = [dict(row) for row in sent.rows]
    draft.version += 1
    draft.saved_at, draft.saved_by = change.now, change.actor.name
    return change.add(draft)


def _event(change: Change, agency_return: Return, kind: EventKind, text: str) -> ReturnEvent:
    return ReturnEvent(
        partnership_id=change.partnership.id,
        agency_id=agency_return.agency.id,
        first_month=agency_return.quarter.first,
        kind=kind.value,
        text=text,
        indicators=[],
    )


def _append(change: Change, agency_return: Return, event: ReturnEvent) -> ReturnEvent:
    """Appends it to the conversation, and to the record."""
    change.add(event)
    change.record(
        f"return {event.kind.replace('_', ' ')}",
        "return",
        agency_return.id,
        kind=event.kind,
        text=event.text,
        promised_on=event.promised_on,
        indicators=event.indicators,
    )
    return event


def _require(step: Step[ReturnFacts], change: Change, agency_return: Return) -> None:
    facts = return_facts(change.session, change.partnership.id, agency_return, change.today)
    step.require(facts, change.access)
