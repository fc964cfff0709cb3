"""Finds the reminders of a partnership's returns that are due today, with recipients and words."""

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
from app.queries.figures.period_progress import closes_by_quarter
from app.queries.returns import recipient
from app.queries.returns.agency_return import Return, list_returns, partners
from app.queries.returns.reporting_period import list_quarters


@dataclass(frozen=True, slots=True)
class ReturnReminder:
    """An awaited return, and today's reminder of it to each recipient."""

    agency_return: Return
    outgoing: Sequence[Outgoing]


def reminders_due(
    session: Session, partnership: Partnership, today: date, site: str, of: OutboxMessage | None = None
) -> list[ReturnReminder]:
    """Reminders of every awaited return whose quarter is not closed; `of` limits them to a message's agency.

    A person gets one message for an agency at a time: of its newest return, and it names the older ones. `site` is
    the address of the pages.
    """
    id_ = partnership.id
    closes = closes_by_quarter(session, id_)
    quarters = [each for each in list_quarters(session, id_, today) if each.first not in closes]
    agencies = partners(session, id_)
    if of is not None:
        agencies = [each for each in agencies if each.id == of.agency_id]
    awaited = [
        each
        for each in list_returns(session, partnership, agencies, quarters, today)
        if is_awaited(each.status)
    ]
    writer = _ReminderWriter(session, partnership, awaited, today, site)
    newest_first = [ReturnReminder(each, writer.outgoing(each)) for each in reversed(awaited)]
    return newest_first[::-1]


def stale(waiting: Iterable[OutboxMessage], reminders: Iterable[ReturnReminder]) -> list[OutboxMessage]:
    """Waiting messages not to be sent: the return is in, a newer reminder replaces it, or the recipient has left."""
    awaited: set[tuple[int | None, int | None]] = set()
    once: set[str] = set()
    for each in reminders:
        awaited.add((each.agency_return.quarter.first, each.agency_return.agency.id))
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
    session: Session, partnership_id: int, reminders: Iterable[ReturnReminder], today: date
) -> list[ReturnReminder]:
    """Reminders without those that are in the outbox.

    The weekly reminder skips recipients of any reminder within the week, as that named everything owed.
    """
    recent = _reminded_this_week(session, partnership_id, today)
    written = set(
        session.exec(
            select(OutboxMessage.once).where(
                col(OutboxMessage.once).in_(
                    [outgoing.once for each in reminders for outgoing in each.outgoing]
                )
            )
        )
    )
    new_reminders = [
        ReturnReminder(
            each.agency_return,
            [
                outgoing
                for outgoing in each.outgoing
                if outgoing.once not in written
                and not (
                    outgoing.kind == ReminderKind.OVERDUE and (outgoing.agency_id, outgoing.to) in recent
                )
            ],
        )
        for each in reminders
    ]
    return [each for each in new_reminders if each.outgoing]


def _reminded_this_week(session: Session, partnership_id: int, today: date) -> set[tuple[int | None, str]]:
    """Agency and address of every reminder of the last week, without dropped ones."""
    week_ago = datetime.combine(today - WEEK + timedelta(days=1), time.min, LONDON)
    query = select(OutboxMessage.agency_id, OutboxMessage.to).where(
        OutboxMessage.partnership_id == partnership_id,
        col(OutboxMessage.kind).startswith("reminder"),
        OutboxMessage.state != "dropped",
        OutboxMessage.recorded_at >= week_ago,
    )
    return set(session.exec(query).all())


def requested_reminder(
    partnership: Partnership,
    agency_return: Return,
    people: Iterable[recipient.Recipient],
    today: date,
    site: str,
) -> list[Outgoing]:
    """The reminder that staff request, to each of an agency's people; once a day."""
    words = _reminder_words(matter(partnership, agency_return, site), agency_return, (), today, site)
    key = message_key(partnership, agency_return, ReminderKind.ON_REQUEST, str(today))
    return [_message_to(each, agency_return, ReminderKind.ON_REQUEST, key, words) for each in people]


def matter(partnership: Partnership, agency_return: Return, site: str) -> Matter:
    """Facts of a return for the words of a message."""
    return Matter(
        partnership.name,
        agency_return.agency.name,
        agency_return.quarter,
        agency_return.status.next_due_on or agency_return.status.due_on,
        f"{site}/returns/{agency_return.id}",
    )


def message_key(partnership: Partnership, agency_return: Return, *rest: str) -> str:
    """Key of a message about a return; a key is written only once."""
    return "/".join([str(partnership.id), str(agency_return.quarter), str(agency_return.agency.id), *rest])


class _ReminderWriter:
    """Writes reminders, the newest return's first; recipients of that get none of older returns."""

    def __init__(
        self, session: Session, partnership: Partnership, awaited: Sequence[Return], today: date, site: str
    ) -> None:
        self._session, self._partnership, self._today, self._site = session, partnership, today, site
        self._due = [each for each in awaited if reminder_due(each.status, today) is not None]
        self._reminded: set[tuple[int | None, int]] = set()
        """Agency and person of each recipient so far."""

    def outgoing(self, agency_return: Return) -> list[Outgoing]:
        """Messages to the agency's people; without any, one to the officers."""
        reminder = reminder_due(agency_return.status, self._today)
        if reminder is None:
            return []
        about = matter(self._partnership, agency_return, self._site)
        people = self._senders(agency_return)
        if people:
            words = _reminder_words(
                about, agency_return, self._older(agency_return, people), self._today, self._site
            )
            kind, day = reminder.kind, str(reminder.day)
        else:
            people = recipient.officers(self._session, self._partnership.id)
            words = reminder_words.nobody_to_remind(about, f"{self._site}/people", self._today)
            kind, day = ReminderKind.NOBODY, ""
        recipients = [
            each for each in people if (agency_return.agency.id, each.person_id) not in self._reminded
        ]
        self._reminded.update((agency_return.agency.id, each.person_id) for each in people)
        key = message_key(self._partnership, agency_return, kind, day)
        return [_message_to(each, agency_return, kind, key, words) for each in recipients]

    def _older(self, agency_return: Return, people: Sequence[recipient.Recipient]) -> list[Matter]:
        """Older returns that the same people can open."""
        mine = (each for each in self._due if each.agency.id == agency_return.agency.id)
        older = (each for each in mine if each.quarter.first < agency_return.quarter.first)
        return [
            matter(self._partnership, each, self._site) for each in older if self._senders(each) == people
        ]

    def _senders(self, agency_return: Return) -> list[recipient.Recipient]:
        return recipient.senders(self._session, self._partnership.id, agency_return)


def _message_to(
    person: recipient.Recipient,
    agency_return: Return,
    kind: str,
    key: str,
    words: Words,
) -> Outgoing:
    """A message to a person; `key` is unique among messages to them."""
    return Outgoing(
        kind=kind,
        once=f"{key}/{person.person_id}",
        person_id=person.person_id,
        to=person.email,
        words=words,
        agency_id=agency_return.agency.id,
        first_month=agency_return.quarter.first,
    )


def _reminder_words(
    about: Matter, agency_return: Return, older: Sequence[Matter], today: date, site: str
) -> Words:
    owed: dict[str, list[Period]] = {}
    titles: dict[str, tuple[str, date]] = {}
    for each in agency_return.owed:
        if each.figure.received_at is None:
            owed.setdefault(each.figure.indicator, []).append(each.figure.period)
            titles.setdefault(each.figure.indicator, (each.indicator.title, each.figure.due_on))
    lines = [reminder_words.Owed(titles[code][0], periods, titles[code][1]) for code, periods in owed.items()]
    return reminder_words.reminder(about, lines, older, f"{site}/returns", today)
