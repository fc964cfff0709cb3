"""Tells people by mail that others guess at their password: at most once a day, and not while the guesser waits.

A worker does it, since a request that wrote mail for a known address alone would take longer for it.
"""

from datetime import datetime

from app.commands.access import outbox
from app.commands.change import Change
from app.config import LONDON
from app.domain.access.sign_in_notice import sign_in_notice
from app.models.access.outbox import Outgoing
from app.queries.access.sign_in_notice import KIND, find_people_to_notify, notice_key


def write_notices(change: Change, *, clock: datetime, site: str) -> bool:
    """Whether any were left to write. `clock` is real time."""
    day = clock.astimezone(LONDON).date()
    people = find_people_to_notify(change.session, clock)
    for row in people:
        words = sign_in_notice(day, f"{site}/account/password")
        outgoing = Outgoing(KIND, notice_key(row.id, day), row.id, row.email, words)
        outbox.enqueue(change.within(row.partnership_id), [outgoing], "person", str(row.id))
    return bool(people)
