"""What decides which steps may be taken with a return, gathered once."""

from datetime import date, datetime, time

from sqlmodel import Session, col, or_, select

from app.config import LONDON
from app.domain.returns.reminder import ReminderKind, is_awaited
from app.domain.returns.return_status import EventKind, ReturnState
from app.domain.returns.return_steps import ReturnFacts, Source
from app.models.access.outbox import OutboxMessage
from app.queries.figures.period_progress import get_progress
from app.queries.returns import recipient
from app.queries.returns.agency_return import Return, latest_event
from app.queries.returns.recipient import Recipient


def return_facts(session: Session, partnership_id: int, found: Return, today: date) -> ReturnFacts:
    is_closed = get_progress(session, partnership_id, found.quarter).closed is not None
    asks = is_awaited(found.status) and not is_closed
    people = recipient.speakers(session, partnership_id, found) if asks else []
    return ReturnFacts(
        agency_id=found.agency.id,
        agency_name=found.agency.name,
        quarter=found.quarter,
        items=[each.figure for each in found.owed],
        sources=[
            Source(each.indicator.responsible_agency_id, each.indicator.suppliers) for each in found.owed
        ],
        status=found.status,
        is_signed_off=_holds(found, EventKind.SIGNED_OFF),
        is_checked=found.status.state is ReturnState.CHECKED and _holds(found, EventKind.CHECKED),
        is_closed=is_closed,
        people=len(people),
        unreminded=len(unreminded(session, partnership_id, found, people, today)),
        today=today,
    )


def _holds(found: Return, kind: EventKind) -> bool:
    """Whether the newest event of a kind is of what is there now: no figure came after it, for whatever day."""
    event = latest_event(found, kind)
    return event is not None and all(each.sent_seq <= event.seq for each in found.owed)


def unreminded(
    session: Session, partnership_id: int, found: Return, people: list[Recipient], today: date
) -> list[Recipient]:
    """Of some people, those who were not reminded of a return today."""
    if not people:
        return []
    query = select(OutboxMessage.to).where(
        OutboxMessage.partnership_id == partnership_id,
        OutboxMessage.agency_id == found.agency.id,
        OutboxMessage.first_month == found.quarter.first,
        col(OutboxMessage.kind).startswith("reminder"),
        or_(col(OutboxMessage.state) != "dropped", col(OutboxMessage.kind) == ReminderKind.ON_REQUEST.value),
        OutboxMessage.recorded_at >= datetime.combine(today, time.min, LONDON),
    )
    reminded = set(session.exec(query))
    return [each for each in people if each.email not in reminded]
