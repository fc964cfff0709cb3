"""Writes mail to people whose password others guess at: at most once a day, and not while the guesser waits.

A worker does it: a request that wrote mail only for addresses with an account would take longer for them.
"""

from datetime import datetime

from app.commands.access import outbox
from app.commands.change import Change
from app.config import LONDON
from app.domain.access.sign_in_notice import sign_in_notice
from app.models.access.outbox import Outgoing
from app.queries.access.sign_in_notice import KIND, find_people_to_notify, notice_key


def write_notices(change: Change, *, clock: datetime, site: str) -> bool:
    """Writes the notices that are due; returns whether there were any. `clock` is real time."""
    day = clock.astimezone(LONDON).date()
    people = find_people_to_notify(change.session, clock)
    for person in people:
        words = sign_in_notice(day, f"{site}/account/password")
        outgoing = Outgoing(KIND, notice_key(person.id, day), person.id, person.email, words)
        outbox.enqueue(change.within(person.partnership_id), [outgoing], "person", str(person.id))
    return bool(people)
