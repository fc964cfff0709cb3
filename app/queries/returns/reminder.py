"""Which reminders of a partnership's returns should be out today, to whom, and in what words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from app.config import LONDON
from app.domain.message import Words
from app.domain.period import Period
from app.domain.returns import reminder_words
from app.domain.returns.reminder import WEEK, ReminderKind, is_awaited, reminder_due
from app.domain.returns.reminder_words import Matter
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.plan.partnership import Partnership
from app.queries.figures import period_progress
from app.queries.returns import agency_return, recipient, reporting_period
from app.queries.returns.agency_return import Return


@dataclass(frozen=True, slots=True)
class Reminded:
    """One return that is awaited, and the reminder of it that stands today, to each who gets it."""

    found: Return
    outgoing: Sequence[Outgoing]


def reminders_due(
    session: Session, partnership: Partnership, today: date, site: str, of: OutboxMessage | None = None
) -> list[Reminded]:
    """Of every awaited return whose quarter is not closed; `of` narrows to the agency a message is about.

    A person gets one message for an agency at a time: of its newest return, and it names the older ones. `site` is
    where the pages are.
    """
    id_ = partnership.id
    closed = period_progress.closes_by_quarter(session, id_)
    quarters = [
        each for each in reporting_period.list_quarters(session, id_, today) if each.first not in closed
    ]
    agencies = agency_return.partners(session, id_)
    if of is not None:
        agencies = [each for each in agencies if each.id == of.agency_id]
    returns = [
        found
        for found in agency_return.list_returns(session, partnership, agencies, quarters, today)
        if is_awaited(found.status)
    ]
    desk = _Desk(session, partnership, returns, today, site)
    newest_first = [Reminded(found, desk.outgoing(found)) for found in reversed(returns)]
    return newest_first[::-1]


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
            if message.kind == ReminderKind.ON_REQUEST
            else message.kind in list(ReminderKind) and message.once not in once
        )
    ]


def waiting(session: Session, partnership_id: int) -> Sequence[OutboxMessage]:
    query = select(OutboxMessage).where(
        OutboxMessage.partnership_id == partnership_id, OutboxMessage.state == "waiting"
    )
    return session.exec(query.order_by(col(OutboxMessage.id))).all()


def unwritten(
    session: Session, partnership_id: int, reminded: Iterable[Reminded], today: date
) -> list[Reminded]:
    """Of each return, what is not in the outbox yet.

    The weekly reminder leaves out who was written to within the week: they have just been told of all that is owed.
    """
    lately = _lately(session, partnership_id, today)
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
        Reminded(
            each.found,
            [
                outgoing
                for outgoing in each.outgoing
                if outgoing.once not in written
                and not (
                    outgoing.kind == ReminderKind.OVERDUE and (outgoing.agency_id, outgoing.to) in lately
                )
            ],
        )
        for each in reminded
    ]
    return [each for each in made if each.outgoing]


def _lately(session: Session, partnership_id: int, today: date) -> set[tuple[int | None, str]]:
    """Agency and address of every reminder of the week, but for those taken back."""
    week_ago = datetime.combine(today - WEEK + timedelta(days=1), time.min, LONDON)
    query = select(OutboxMessage.agency_id, OutboxMessage.to).where(
        OutboxMessage.partnership_id == partnership_id,
        col(OutboxMessage.kind).startswith("reminder"),
        OutboxMessage.state != "dropped",
        OutboxMessage.recorded_at >= week_ago,
    )
    return set(session.exec(query).all())


def asked(
    partnership: Partnership, found: Return, people: Iterable[recipient.Recipient], today: date, site: str
) -> list[Outgoing]:
    """The reminder that staff ask for, to each of an agency's people; one a day."""
    words = _words(matter(partnership, found, site), found, (), today, site)
    key = once(partnership, found, ReminderKind.ON_REQUEST, str(today))
    return [_to(each, found, ReminderKind.ON_REQUEST, key, words) for each in people]


def matter(partnership: Partnership, found: Return, site: str) -> Matter:
    """What a message about a return says of it."""
    return Matter(
        partnership.name,
        found.agency.name,
        found.quarter,
        found.status.due_on,
        f"{site}/returns/{found.id}",
    )


def once(partnership: Partnership, found: Return, *rest: str) -> str:
    """What a message about a return is written for only once."""
    return "/".join([str(partnership.id), str(found.quarter), str(found.agency.id), *rest])


class _Desk:
    """Where reminders are written, the newest return's first: whoever was told of that is told of no older one."""

    def __init__(
        self, session: Session, partnership: Partnership, returns: Sequence[Return], today: date, site: str
    ) -> None:
        self._session, self._partnership, self._today, self._site = session, partnership, today, site
        self._due = [found for found in returns if reminder_due(found.status, today) is not None]
        self._told: set[tuple[int | None, int]] = set()
        """Agency and person."""

    def outgoing(self, found: Return) -> list[Outgoing]:
        """To the agency's people; where it has none, to the officers, once."""
        reminder = reminder_due(found.status, self._today)
        if reminder is None:
            return []
        about = matter(self._partnership, found, self._site)
        people = self._speakers(found)
        if people:
            words = _words(about, found, self._older(found, people), self._today, self._site)
            kind, day = reminder.kind, str(reminder.day)
        else:
            people = recipient.officers(self._session, self._partnership.id)
            words = reminder_words.nobody_to_remind(about, f"{self._site}/people", self._today)
            kind, day = ReminderKind.NOBODY, ""
        untold = [each for each in people if (found.agency.id, each.person_id) not in self._told]
        self._told.update((found.agency.id, each.person_id) for each in people)
        key = once(self._partnership, found, kind, day)
        return [_to(each, found, kind, key, words) for each in untold]

    def _older(self, found: Return, people: Sequence[recipient.Recipient]) -> list[Matter]:
        """Those that the same people can open."""
        mine = (each for each in self._due if each.agency.id == found.agency.id)
        older = (each for each in mine if each.quarter.first < found.quarter.first)
        return [
            matter(self._partnership, each, self._site) for each in older if self._speakers(each) == people
        ]

    def _speakers(self, found: Return) -> list[recipient.Recipient]:
        return recipient.speakers(self._session, self._partnership.id, found)


def _to(
    person: recipient.Recipient,
    found: Return,
    kind: str,
    key: str,
    words: Words,
) -> Outgoing:
    """`key` tells the message from any other to the same person."""
    return Outgoing(
        kind=kind,
        once=f"{key}/{person.person_id}",
        person_id=person.person_id,
        to=person.email,
        words=words,
        agency_id=found.agency.id,
        first_month=found.quarter.first,
    )


def _words(about: Matter, found: Return, older: Sequence[Matter], today: date, site: str) -> Words:
    owed: dict[str, list[Period]] = {}
    titles: dict[str, tuple[str, date]] = {}
    for each in found.owed:
        if each.figure.received_at is None:
            owed.setdefault(each.figure.indicator, []).append(each.figure.period)
            titles.setdefault(each.figure.indicator, (each.indicator.title, each.figure.due_on))
    lines = [reminder_words.Owed(titles[code][0], periods, titles[code][1]) for code, periods in owed.items()]
    return reminder_words.reminder(about, lines, older, f"{site}/returns", today)
