"""Writes mail about a query to the agency's people. It names the indicators, not the query's text.

The text may contain figures, which are never sent by mail.
"""

from app.commands.access import outbox
from app.commands.change import Change
from app.domain.returns import reminder_words
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.returns.agency_return import ReturnEvent
from app.queries.returns import recipient, reminder
from app.queries.returns.agency_return import Return

KIND = "queried"


def tell_agency(change: Change, agency_return: Return, event: ReturnEvent, site: str) -> list[OutboxMessage]:
    """Writes one message to each of the agency's people. `event` is the stored query."""
    partnership = change.partnership
    titles = {each.indicator.code: each.indicator.title for each in agency_return.owed}
    words = reminder_words.query(
        reminder.matter(partnership, agency_return, site), [titles[code] for code in event.indicators]
    )
    outgoing = [
        Outgoing(
            kind=KIND,
            once=reminder.message_key(partnership, agency_return, KIND, str(event.id), str(each.person_id)),
            person_id=each.person_id,
            to=each.email,
            words=words,
            agency_id=agency_return.agency.id,
            first_month=agency_return.quarter.first,
        )
        for each in recipient.senders(change.session, partnership.id, agency_return)
    ]
    return outbox.enqueue(change, outgoing, "return", agency_return.id)
