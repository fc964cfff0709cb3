"""Which reminders of a partnership's returns should be out today, to whom, and in what words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.domain import reminder_words
from app.domain.period import Period
from app.domain.reminder import ReminderKind, is_awaited, reminder_due
from app.domain.reminder_words import Matter
from app.models.outbox import OutboxMessage, Outgoing
from app.models.partnership import Partnership
from app.queries import agency_return, quarter_step, recipient, reported_quarter
from app.queries.agency_return import Return


@dataclass(frozen=True, slots=True)
class Reminded:
    """One return that is awaited, and the reminder of it that stands today, to each who gets it."""

    found: Return
    outgoing: Sequence[Outgoing]


def standing(
    session: Session, partnership: Partnership, today: date, site: str, of: OutboxMessage | None = None
) -> list[Reminded]:
    """Of every awaited return whose quarter is not closed; `of` narrows to the one a message is about.

    `site` is where the pages are.
    """
    id_ = partnership.id or 0
    closed = quarter_step.closes(session, id_)
    quarters = [each for each in reported_quarter.quarters(session, id_, today) if each.first not in closed]
    agencies = agency_return.partners(session, id_)
    if of is not None:
        quarters = [each for each in quarters if each.first == of.first_month]
        agencies = [each for each in agencies if each.id == of.agency_id]
    returns = [
        found
        for found in agency_return.listed(session, partnership, agencies, quarters, today)
        if is_awaited(found.standing)
    ]
    newest = {found.agency.id: found.quarter for found in returns if reminder_due(found.standing, today)}
    return [
        Reminded(
            found,
            _outgoing(session, partnership, found, today, site, newest.get(found.agency.id) == found.quarter),
        )
        for found in returns
    ]


def stale(waiting: Iterable[OutboxMessage], reminded: Iterable[Reminded]) -> list[OutboxMessage]:
    """The messages that no longer have to go out: the return came in, a newer reminder is there, they left."""
    awaited: set[tuple[int | None, int | None]] = set()
    once: set[str] = set()
    for each in reminded:
        awaited.add((each.found.quarter.first, each.found.agency.id))
        once.update(outgoing.once for outgoing in each.outgoing)
    return [
        message
        for message in waiting
        if (
            (message.first_month, message.agency_id) not in awaited
            if message.kind == ReminderKind.ASKED
            else message.kind in list(ReminderKind) and message.once not in once
        )
    ]


def waiting(session: Session, partnership_id: int) -> Sequence[OutboxMessage]:
    query = select(OutboxMessage).where(
        OutboxMessage.partnership_id == partnership_id, OutboxMessage.state == "waiting"
    )
    return session.exec(query.order_by(col(OutboxMessage.id))).all()


def unwritten(session: Session, reminded: Iterable[Reminded]) -> list[Reminded]:
    """Of each return, what is not in the outbox yet."""
    written = set(
        session.exec(
            select(OutboxMessage.once).where(
                col(OutboxMessage.once).in_(
                    [outgoing.once for each in reminded for outgoing in each.outgoing]
                )
            )
        )
    )
    made = [
        Reminded(each.found, [outgoing for outgoing in each.outgoing if outgoing.once not in written])
        for each in reminded
    ]
    return [each for each in made if each.outgoing]


def asked(
    partnership: Partnership, found: Return, people: Iterable[recipient.Recipient], today: date, site: str
) -> list[Outgoing]:
    """The reminder that staff ask for, to each of an agency's people; one a day."""
    words = _words(partnership, found, today, site)
    return [_to(each, partnership, found, ReminderKind.ASKED, str(today), words) for each in people]


def matter(partnership: Partnership, found: Return, site: str) -> Matter:
    """What a message about a return says of it."""
    return Matter(
        partnership.name,
        found.agency.name,
        found.quarter,
        found.standing.due_on,
        f"{site}/returns/{found.id}",
    )


def once(partnership: Partnership, found: Return, *rest: str) -> str:
    """What a message about a return is written for only once."""
    return "/".join([str(partnership.id), str(found.quarter), str(found.agency.id), *rest])


def _outgoing(
    session: Session, partnership: Partnership, found: Return, today: date, site: str, is_newest: bool
) -> list[Outgoing]:
    """To the agency's people; where it has none, to the officers, once and of its newest return alone."""
    reminder = reminder_due(found.standing, today)
    if reminder is None:
        return []
    id_ = partnership.id or 0
    people = recipient.speakers(session, id_, found)
    if people:
        words = _words(partnership, found, today, site)
        return [_to(each, partnership, found, reminder.kind, str(reminder.day), words) for each in people]
    if not is_newest:
        return []
    words = reminder_words.nobody_to_remind(matter(partnership, found, site), f"{site}/people", today)
    return [
        _to(each, partnership, found, ReminderKind.NOBODY, "", words)
        for each in recipient.officers(session, id_)
    ]


def _to(
    person: recipient.Recipient,
    partnership: Partnership,
    found: Return,
    kind: str,
    day: str,
    words: reminder_words.Words,
) -> Outgoing:
    return Outgoing(
        kind=kind,
        once=once(partnership, found, kind, day, str(person.person_id)),
        person_id=person.person_id,
        to=person.email,
        words=words,
        agency_id=found.agency.id,
        first_month=found.quarter.first,
    )


def _words(partnership: Partnership, found: Return, today: date, site: str) -> reminder_words.Words:
    owed: dict[str, list[Period]] = {}
    titles: dict[str, tuple[str, date]] = {}
    for each in found.owed:
        if each.item.received_at is None:
            owed.setdefault(each.item.indicator, []).append(each.item.period)
            titles.setdefault(each.item.indicator, (each.indicator.title, each.item.due_on))
    lines = [reminder_words.Owed(titles[code][0], periods, titles[code][1]) for code, periods in owed.items()]
    return reminder_words.reminder(matter(partnership, found, site), lines, today)
