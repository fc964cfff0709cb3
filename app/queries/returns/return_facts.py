"""Gathers the facts that decide which steps a return allows."""

from datetime import date, datetime, time

from sqlmodel import Session, col, or_, select

from app.config import LONDON
from app.domain.returns.reminder import ReminderKind, is_awaited
from app.domain.returns.return_event import EventKind
from app.domain.returns.return_status import ReturnState
from app.domain.returns.return_steps import ReturnFacts, Source
from app.models.access.outbox import OutboxMessage
from app.queries.figures.period_progress import get_progress
from app.queries.returns import recipient
from app.queries.returns.agency_return import Return, latest_event
from app.queries.returns.recipient import Recipient


def return_facts(session: Session, partnership_id: int, agency_return: Return, today: date) -> ReturnFacts:
    is_closed = get_progress(session, partnership_id, agency_return.quarter).closed is not None
    asks = is_awaited(agency_return.status) and not is_closed
    people = recipient.senders(session, partnership_id, agency_return) if asks else []
    return ReturnFacts(
        agency_id=agency_return.agency.id,
        agency_name=agency_return.agency.name,
        quarter=agency_return.quarter,
        figures=[each.figure for each in agency_return.owed],
        sources=[
            Source(each.indicator.responsible_agency_id, each.indicator.suppliers)
            for each in agency_return.owed
        ],
        status=agency_return.status,
        is_signed_off=_holds(agency_return, EventKind.SIGNED_OFF),
        is_checked=agency_return.status.state is ReturnState.CHECKED
        and _holds(agency_return, EventKind.CHECKED),
        is_closed=is_closed,
        people=len(people),
        unreminded=len(unreminded(session, partnership_id, agency_return, people, today)),
        today=today,
    )


def _holds(agency_return: Return, kind: EventKind) -> bool:
    """Whether the newest event of a kind is later than every figure, by time and by ledger number."""
    event = latest_event(agency_return, kind)
    return event is not None and all(each.sent_seq <= event.seq for each in agency_return.owed)


def unreminded(
    session: Session, partnership_id: int, agency_return: Return, people: list[Recipient], today: date
) -> list[Recipient]:
    """People without a reminder of a return today."""
    if not people:
        return []
    query = select(OutboxMessage.to).where(
        OutboxMessage.partnership_id == partnership_id,
        OutboxMessage.agency_id == agency_return.agency.id,
        OutboxMessage.first_month == agency_return.quarter.first,
        col(OutboxMessage.kind).startswith("reminder"),
        or_(col(OutboxMessage.state) != "dropped", col(OutboxMessage.kind) == ReminderKind.ON_REQUEST.value),
        OutboxMessage.recorded_at >= datetime.combine(today, time.min, LONDON),
    )
    reminded = set(session.exec(query))
    return [each for each in people if each.email not in reminded]
