"""Finds people whose passwords were guessed at today and who have not been notified."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session

from app.config import LONDON
from app.domain.access.sign_in_notice import NOTICE_THRESHOLD
from app.models.access.outbox import OutboxMessage
from app.models.access.person import Membership, Person, SignInGuess
from app.models.column import table

SIGN_IN_GUESS, MEMBERSHIP, PERSON = table(SignInGuess), table(Membership), table(Person)
KIND = "sign_in_guesses"


def notice_key(person_id: int, day: date) -> str:
    """Unique key of a notice: one a day to each person."""
    return f"{KIND}/{day}/{person_id}"


def find_people_to_notify(session: Session, clock: datetime) -> list[Row[Any]]:
    """People to notify: id, email and partnership_id (of their first partnership); `clock` is real time."""
    day = clock.astimezone(LONDON).date()
    people = _guessed_at(session, datetime.combine(day, time.min, LONDON))
    keys = {notice_key(row.id, day): row for row in people}
    outbox = table(OutboxMessage)
    notified = set(session.execute(select(outbox.c.once).where(outbox.c.once.in_(list(keys)))).scalars())
    return [row for key, row in keys.items() if key not in notified]


def _guessed_at(session: Session, since: datetime) -> Sequence[Row[Any]]:
    guessed_at = (
        select(SIGN_IN_GUESS.c.person_id)
        .where(
            SIGN_IN_GUESS.c.at >= since,
            SIGN_IN_GUESS.c.person_id.is_not(None),
            SIGN_IN_GUESS.c.forgiven.is_(False),
        )
        .group_by(SIGN_IN_GUESS.c.person_id)
        .having(func.count() >= NOTICE_THRESHOLD)
    )
    query = (
        select(PERSON.c.id, PERSON.c.email, func.min(MEMBERSHIP.c.partnership_id).label("partnership_id"))
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(PERSON.c.id.in_(guessed_at), PERSON.c.disabled_at.is_(None))
        .group_by(PERSON.c.id, PERSON.c.email)
        .order_by(PERSON.c.id)
    )
    return session.execute(query).all()
