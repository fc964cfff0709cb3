"""Records the events of a return: lateness, nil returns, sign-off, checks, queries and answers. None is deleted."""

from app.commands.change import Change
from app.commands.figures.figure import Manner, submit_figures
from app.domain.errors import RuleBroken
from app.domain.figures.promise import BAD_PROMISE, EXPECTED_PROMISE, is_too_far_ahead
from app.domain.returns.return_event import EventKind
from app.domain.returns.return_steps import ANSWER, CHECK, END_QUERY, LATE, NIL, QUERY, SIGN_OFF, ReturnFacts
from app.domain.workflow import Step
from app.models.figures.figure import FigureIn
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.plan.partnership import Partnership
from app.models.returns.agency_return import (
    DraftIn,
    LateIn,
    NilIn,
    QueryEndIn,
    RemarkIn,
    ReturnDraft,
    ReturnEvent,
)
from app.queries.returns.agency_return import Return
from app.queries.returns.return_draft import draft_of
from app.queries.returns.return_facts import return_facts
from app.queries.returns.return_item import ReturnItem


def explain_lateness(change: Change, agency_return: Return, lateness: LateIn) -> None:
    """Records why a return is late and the promised day. Refused if nothing is missing or the day is past."""
    _require(LATE, change, agency_return)
    if lateness.promised_on < change.today or is_too_far_ahead(lateness.promised_on, change.today):
        raise RuleBroken("promised_on", BAD_PROMISE, EXPECTED_PROMISE)
    event = _new_event(change, agency_return, EventKind.LATE, lateness.reason)
    event.promised_on = lateness.promised_on
    _append(change, agency_return, event)


def make_nil_return(change: Change, agency_return: Return, nil_return: NilIn) -> ReceiptOut:
    """Sends 0 for missing counts of events, and the reason given for the other missing figures.

    Figures already sent stay; months that have not ended are still owed. If the receipt is a rejection, nothing is
    stored.
    """
    _require(NIL, change, agency_return)
    partnership = change.partnership
    missing = [each for each in agency_return.owed if each.figure.received_at is None]
    ended = [each for each in missing if each.figure.period.has_ended(change.today)]
    rows = [
        SentRow(number, _nil_figure(each, partnership, nil_return)) for number, each in enumerate(ended, 1)
    ]
    receipt = submit_figures(change, rows, Manner("nil_return"))
    if receipt["id"] is not None:
        event = _new_event(change, agency_return, EventKind.NIL, nil_return.note)
        event.submission_id = int(receipt["id"])
        _append(change, agency_return, event)
    return receipt


def _nil_figure(owed: ReturnItem, partnership: Partnership, nil_return: NilIn) -> FigureIn:
    return FigureIn.model_validate(
        {
            "indicator": owed.indicator.code,
            "period": str(owed.figure.period),
            "area": partnership.area_code,
            "status": "final",
            "note": nil_return.note,
            "reason": "Nil return.",
            **({"value": 0} if owed.counts_events else {"missing": nil_return.missing}),
        }
    )


def sign_off(change: Change, agency_return: Return, note: str) -> None:
    """Records that the agency signed the return off; refused while a figure is missing."""
    _require(SIGN_OFF, change, agency_return)
    _append(change, agency_return, _new_event(change, agency_return, EventKind.SIGNED_OFF, note))


def check_return(change: Change, agency_return: Return, note: str) -> None:
    """Records that staff compared the return with the series. It is no acceptance on the agency's behalf."""
    _require(CHECK, change, agency_return)
    _append(change, agency_return, _new_event(change, agency_return, EventKind.CHECKED, note))


def query_return(change: Change, agency_return: Return, remark: RemarkIn) -> ReturnEvent:
    """Records a query by staff about the figures of the return."""
    _require(QUERY, change, agency_return)
    return _append_remark(change, agency_return, EventKind.QUERY, remark)


def answer_query(change: Change, agency_return: Return, remark: RemarkIn) -> ReturnEvent:
    """Records the agency's answer to a query."""
    _require(ANSWER, change, agency_return)
    return _append_remark(change, agency_return, EventKind.ANSWER, remark)


def end_query(change: Change, agency_return: Return, remark: QueryEndIn) -> ReturnEvent:
    """Records that staff have what they asked for. Queries about other indicators go on."""
    _require(END_QUERY, change, agency_return)
    return _append_remark(change, agency_return, EventKind.QUERY_ENDED, remark)


def _append_remark(
    change: Change, agency_return: Return, kind: EventKind, remark: RemarkIn | QueryEndIn
) -> ReturnEvent:
    codes = {each.figure.indicator for each in agency_return.owed}
    unknown = next((code for code in remark.indicators if code not in codes), None)
    if unknown is not None:
        raise RuleBroken("indicators", "not_in_return", f"“{unknown}” is not part of this return.")
    event = _new_event(change, agency_return, kind, remark.text)
    event.indicators = list(dict.fromkeys(remark.indicators))
    return _append(change, agency_return, event)


def save_draft(change: Change, agency_return: Return, form: DraftIn) -> ReturnDraft:
    """Stores the form as far as it is filled in. A draft is no figure yet, so it adds no audit event."""
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
    draft.rows = [dict(row) for row in form.rows]
    draft.version += 1
    draft.saved_at, draft.saved_by = change.now, change.actor.name
    return change.add(draft)


def _new_event(change: Change, agency_return: Return, kind: EventKind, text: str) -> ReturnEvent:
    return ReturnEvent(
        partnership_id=change.partnership.id,
        agency_id=agency_return.agency.id,
        first_month=agency_return.quarter.first,
        kind=kind.value,
        text=text,
        indicators=[],
    )


def _append(change: Change, agency_return: Return, event: ReturnEvent) -> ReturnEvent:
    """Stores an event of the return, and an audit event of it."""
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
