"""Reminders: written when they are due or asked for, taken back when they are not needed any more."""

from datetime import date, datetime

from sqlmodel import Session

from app.commands.access import outbox
from app.domain.access.authority import Actor
from app.domain.errors import Conflict
from app.domain.returns.return_steps import REMIND, reminded_today
from app.models.access.outbox import OutboxMessage
from app.models.plan.partnership import Partnership
from app.queries.returns import recipient, reminder
from app.queries.returns.agency_return import Return
from app.queries.returns.return_facts import return_facts, unreminded

NOT_NEEDED = "Nobody was waiting for it any more."


def is_something_due(session: Session, partnership: Partnership, today: date, site: str) -> bool:
    """Whether `bring_up_to_date` would change anything: asked before the ledger is taken for it."""
    reminded = reminder.standing(session, partnership, today, site)
    waiting = reminder.waiting(session, partnership.id)
    return bool(
        reminder.unwritten(session, partnership.id, reminded, today) or reminder.stale(waiting, reminded)
    )


def bring_up_to_date(
    session: Session, partnership: Partnership, *, today: date, now: datetime, site: str
) -> bool:
    """Writes the reminders that are due, each once whoever runs this, and takes back those overtaken.

    False where another worker was quicker, and nothing is left to do.
    """
    id_ = partnership.id
    reminded = reminder.standing(session, partnership, today, site)
    stale = reminder.stale(reminder.waiting(session, id_), reminded)
    unwritten = reminder.unwritten(session, id_, reminded, today)
    for message in stale:
        outbox.drop(session, message, NOT_NEEDED, now=now)
    for each in unwritten:
        outbox.enqueue(
            session, id_, each.outgoing, subject=("return", each.found.id), actor=outbox.WORKER, now=now
        )
    return bool(stale or unwritten)


def is_needed(session: Session, message: OutboxMessage, today: date, site: str) -> bool:
    """Whether a message that waits should still go out: asked just before it does."""
    partnership = session.get_one(Partnership, message.partnership_id)
    reminded = reminder.standing(session, partnership, today, site, of=message)
    return not reminder.stale([message], reminded)


def remind_now(
    session: Session,
    partnership: Partnership,
    found: Return,
    *,
    actor: Actor,
    today: date,
    now: datetime,
    site: str,
) -> list[OutboxMessage]:
    """To the agency's people, at the wish of staff; to each at most once a day."""
    REMIND.require(return_facts(session, partnership.id, found, today), actor.standing_in(partnership.id))
    id_ = partnership.id
    people = recipient.speakers(session, id_, found)
    outgoing = reminder.asked(partnership, found, unreminded(session, id_, found, people, today), today, site)
    written = outbox.enqueue(session, id_, outgoing, subject=("return", found.id), actor=actor, now=now)
    if not written:
        # Somebody's address was changed since.
        raise Conflict(*reminded_today(found.agency.name))
    return written
