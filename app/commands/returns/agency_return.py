"""What people say and do about a return: each is kept for ever, and none of them is a box to tick."""

from datetime import date, datetime

from sqlmodel import Session

from app.commands import audit
from app.commands.figures.figure import submit_figures
from app.db import seq
from app.domain.access.authority import Actor
from app.domain.errors import RuleBroken
from app.domain.returns.return_steps import ANSWER, CHECK, LATE, NIL, QUERY, SIGN_OFF, ReturnFacts
from app.domain.returns.returns import EventKind
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

MOST_DAYS_AHEAD = 730


def note_event(
    session: Session,
    partnership: Partnership,
    found: Return,
    kind: EventKind,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    promised_on: date | None = None,
    indicators: list[str] | None = None,
    submission_id: int | None = None,
) -> ReturnEvent:
    """Appends it to the conversation, and to the record."""
    event = ReturnEvent(
        partnership_id=partnership.id,
        agency_id=found.agency.id,
        first_month=found.quarter.first,
        kind=kind.value,
        text=text,
        promised_on=promised_on,
        indicators=indicators or [],
        submission_id=submission_id,
        recorded_at=now,
        recorded_by=actor.name,
        seq=seq(session),
    )
    session.add(event)
    data = {"kind": kind.value, "text": text, "promised_on": promised_on, "indicators": indicators or []}
    audit.record(
        session,
        actor,
        f"return {kind.value.replace('_', ' ')}",
        ("return", found.id),
        data,
        at=now,
        partnership_id=partnership.id,
    )
    return event


def explain_lateness(
    session: Session,
    partnership: Partnership,
    found: Return,
    said: LateIn,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """A reason and a promised day. Refused where nothing is missing, or for a day that is past."""
    _require(LATE, session, partnership, found, actor, today)
    if not 0 <= (said.promised_on - today).days <= MOST_DAYS_AHEAD:
        raise RuleBroken(
            "promised_on", "bad_promise", "Expected a day from today on, within the next two years."
        )
    note_event(
        session,
        partnership,
        found,
        EventKind.LATE,
        actor=actor,
        now=now,
        text=said.reason,
        promised_on=said.promised_on,
    )


def make_nil_return(
    session: Session,
    partnership: Partnership,
    found: Return,
    said: NilIn,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> ReceiptOut:
    """0 for counts of events and the missing reason for the rest, of whatever is not in yet.

    What was sent stays; months that have not ended are still owed. The receipt may be a rejection, as for any
    submission: then nothing is kept.
    """
    _require(NIL, session, partnership, found, actor, today)
    missing = [each for each in found.owed if each.item.received_at is None]
    ended = [each for each in missing if each.item.period.has_ended(today)]
    rows = [SentRow(number, _nil_figure(each, partnership, said)) for number, each in enumerate(ended, 1)]
    receipt = submit_figures(
        session,
        rows,
        partnership=partnership,
        actor=actor,
        today=today,
        now=now,
        atomic=True,
        via="nil_return",
    )
    if receipt["id"] is not None:
        note_event(
            session,
            partnership,
            found,
            EventKind.NIL,
            actor=actor,
            now=now,
            text=said.note,
            submission_id=int(receipt["id"]),
        )
    return receipt


def _nil_figure(owed: Owed, partnership: Partnership, said: NilIn) -> FigureIn:
    indicator = owed.indicator
    return FigureIn.model_validate(
        {
            "indicator": indicator.code,
            "period": str(owed.item.period),
            "area": partnership.area_code,
            "status": "final",
            "note": said.note,
            "reason": "Nil return.",
            **({"value": 0} if owed.counts_events else {"missing": said.missing}),
        }
    )


def sign_off(
    session: Session,
    partnership: Partnership,
    found: Return,
    note: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """The agency stands by what it sent; refused while something is missing."""
    _require(SIGN_OFF, session, partnership, found, actor, today)
    note_event(session, partnership, found, EventKind.SIGNED_OFF, actor=actor, now=now, text=note)


def check_return(
    session: Session,
    partnership: Partnership,
    found: Return,
    note: str,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> None:
    """Staff have looked at it beside the series. They check a figure; they do not accept it for the agency."""
    _require(CHECK, session, partnership, found, actor, today)
    note_event(session, partnership, found, EventKind.CHECKED, actor=actor, now=now, text=note)


def query_return(
    session: Session,
    partnership: Partnership,
    found: Return,
    said: RemarkIn,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> ReturnEvent:
    """Staff ask about what was sent."""
    _require(QUERY, session, partnership, found, actor, today)
    return _remark(session, partnership, found, EventKind.QUERY, said, actor=actor, now=now)


def answer_query(
    session: Session,
    partnership: Partnership,
    found: Return,
    said: RemarkIn,
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> ReturnEvent:
    """The agency answers what staff asked."""
    _require(ANSWER, session, partnership, found, actor, today)
    return _remark(session, partnership, found, EventKind.ANSWER, said, actor=actor, now=now)


def _remark(
    session: Session,
    partnership: Partnership,
    found: Return,
    kind: EventKind,
    said: RemarkIn,
    *,
    actor: Actor,
    now: datetime,
) -> ReturnEvent:
    known = {each.item.indicator for each in found.owed}
    unknown = next((code for code in said.indicators if code not in known), None)
    if unknown is not None:
        raise RuleBroken("indicators", "not_in_return", f"“{unknown}” is not part of this return.")
    return note_event(
        session,
        partnership,
        found,
        kind,
        actor=actor,
        now=now,
        text=said.text,
        indicators=list(dict.fromkeys(said.indicators)),
    )


def save_draft(
    session: Session, partnership: Partnership, found: Return, sent: DraftIn, *, actor: Actor, now: datetime
) -> ReturnDraft:
    """The form as far as it is filled in. A draft is nobody's figure yet, so the record does not tell of it."""
    draft = draft_of(session, partnership, found)
    if draft is None:
        draft = ReturnDraft(
            partnership_id=partnership.id,
            agency_id=found.agency.id,
            first_month=found.quarter.first,
            version=0,
            saved_at=now,
            saved_by=actor.name,
            seq=0,
        )
    draft.rows = [dict(row) for row in sent.rows]
    draft.version += 1
    draft.saved_at, draft.saved_by, draft.seq = now, actor.name, seq(session)
    session.add(draft)
    session.flush()
    return draft


def _require(
    step: Step[ReturnFacts],
    session: Session,
    partnership: Partnership,
    found: Return,
    actor: Actor,
    today: date,
) -> None:
    id_ = partnership.id
    step.require(return_facts(session, id_, found, today), actor.standing_in(id_))
