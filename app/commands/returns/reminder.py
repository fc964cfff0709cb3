"""Writes reminders that are due or requested, and drops those that nobody needs any more."""

from datetime import date

from sqlmodel import Session

from app.commands.access import outbox
from app.commands.change import Change
from app.domain.errors import Conflict
from app.domain.returns.return_steps import REMIND, reminded_today
from app.models.access.outbox import OutboxMessage
from app.models.plan.partnership import Partnership
from app.queries.returns import recipient, reminder
from app.queries.returns.agency_return import Return
from app.queries.returns.return_facts import return_facts, unreminded

NOT_NEEDED = "Nobody was waiting for it any more."


def is_something_due(session: Session, partnership: Partnership, today: date, site: str) -> bool:
    """Whether `update_reminders` would change anything. Read before taking the write lock for it."""
    reminded = reminder.reminders_due(session, partnership, today, site)
    waiting = reminder.waiting(session, partnership.id)
    return bool(
        reminder.unwritten(session, partnership.id, reminded, today) or reminder.stale(waiting, reminded)
    )


def update_reminders(change: Change, site: str) -> bool:
    """Writes the reminders that are due, each once, and drops those that are stale.

    False if there was nothing to do, as when another worker was quicker.
    """
    session, partnership, today = change.session, change.partnership, change.today
    reminded = reminder.reminders_due(session, partnership, today, site)
    stale = reminder.stale(reminder.waiting(session, partnership.id), reminded)
    unwritten = reminder.unwritten(session, partnership.id, reminded, today)
    for message in stale:
        outbox.drop(change, message, NOT_NEEDED)
    for each in unwritten:
        outbox.enqueue(change, each.outgoing, "return", each.agency_return.id)
    return bool(stale or unwritten)


def is_needed(session: Session, message: OutboxMessage, today: date, site: str) -> bool:
    """Whether a waiting message should still be sent. Read just before sending it."""
    partnership = session.get_one(Partnership, message.partnership_id)
    reminded = reminder.reminders_due(session, partnership, today, site, of=message)
    return not reminder.stale([message], reminded)


def remind_now(change: Change, agency_return: Return, site: str) -> list[OutboxMessage]:
    """Writes reminders to the agency's people at the request of staff, at most one a day to each."""
    session, partnership, today = change.session, change.partnership, change.today
    REMIND.require(return_facts(session, partnership.id, agency_return, today), change.access)
    people = recipient.senders(session, partnership.id, agency_return)
    unwritten = unreminded(session, partnership.id, agency_return, people, today)
    outgoing = reminder.requested_reminder(partnership, agency_return, unwritten, today, site)
    messages = outbox.enqueue(change, outgoing, "return", agency_return.id)
    if not messages:
        # Somebody's address was changed since.
        raise Conflict(*reminded_today(agency_return.agency.name))
    return messages
