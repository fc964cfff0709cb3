"""A query told to the agency's people by mail: that there is one and what it is about, not what it says.

Its words may hold figures, which do not travel by mail.
"""

from datetime import datetime

from sqlmodel import Session

from app.commands.access import outbox
from app.domain.access.authority import Actor
from app.domain.returns import reminder_words
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.plan.partnership import Partnership
from app.models.returns.agency_return import ReturnEvent
from app.queries.returns import recipient, reminder
from app.queries.returns.agency_return import Return

KIND = "queried"


def tell_agency(
    session: Session,
    partnership: Partnership,
    found: Return,
    event: ReturnEvent,
    *,
    actor: Actor,
    now: datetime,
    site: str,
) -> list[OutboxMessage]:
    """To each of the agency's people, once. `event` is the query, as kept."""
    titles = {each.indicator.code: each.indicator.title for each in found.owed}
    words = reminder_words.query(
        reminder.matter(partnership, found, site), [titles[code] for code in event.indicators]
    )
    outgoing = [
        Outgoing(
            kind=KIND,
            once=reminder.once(partnership, found, KIND, str(event.id), str(each.person_id)),
            person_id=each.person_id,
            to=each.email,
            words=words,
            agency_id=found.agency.id,
            first_month=found.quarter.first,
        )
        for each in recipient.speakers(session, partnership.id, found)
    ]
    return outbox.enqueue(
        session, partnership.id, outgoing, subject=("return", found.id), actor=actor, now=now
    )
