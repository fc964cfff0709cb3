"""Background work: reminders, notices, mail and uploads; in the server's process or in one of its own.

Any number of workers may run over one database: each piece of work is claimed, or written once by its key.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Protocol

from sqlmodel import Session, select

from app.commands.access import outbox, sign_in_notice
from app.commands.change import Change
from app.commands.figures.upload_work import work_on_uploads
from app.commands.record import stored_file
from app.commands.returns import reminder
from app.config import Settings
from app.db import Database, forget
from app.mail import HeldUp, Letter, Mailer, NotNow, Refused, Unreachable, mailer
from app.models.access.outbox import OutboxMessage
from app.models.plan.partnership import Partnership
from app.queries.access.outbox import next_waiting
from app.queries.access.sign_in_notice import find_people_to_notify

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
"""Between looks for work from other processes; work from this process wakes the worker at once."""
MINUTE, HOUR = 60.0, 3600.0
REST_SECONDS = 30.0
"""Pause of a step after a failure."""
LONGEST_REST_SECONDS = 900.0
"""Of sending mail, whose pause doubles while the mail service has a fault."""
STOP_SECONDS = 10.0

Step = Callable[[Database, Settings], bool]
"""Does one piece of work, if there is any; returns whether there was."""


class Outcome(Protocol):
    """Records the outcome of sending a message."""

    def __call__(self, change: Change, message: OutboxMessage) -> None: ...


class Worker:
    def __init__(self, database: Database, settings: Settings, steps: Sequence[Step] | None = None) -> None:
        self.database = database
        self.settings = settings
        self.steps = (
            steps
            if steps is not None
            else (
                Reminders(),
                SignInNotices(),
                Mail(),
                work_on_uploads,
                UnusedFiles(),
            )
        )
        self._resting: dict[Step, float] = {}
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.last_round_at = 0.0
        """Real time in seconds of the last look for work of each kind."""

    def start(self) -> None:
        """Starts a thread beside a server, which first waits a moment for the server to start."""
        self._thread = threading.Thread(target=self.run, name="worker", args=(IDLE_SECONDS,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops after the current piece of work; one that takes longer than STOP_SECONDS is done again later."""
        self.stop_soon()
        self.database.work.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def stop_soon(self) -> None:
        """As `stop`, for a signal handler: it takes no lock, which this thread may hold already."""
        self._stopping = True

    def run(self, wait_first: float = 0) -> None:
        """Works until `stop`."""
        self.database.work.wait(wait_first)
        while not self._stopping:
            self.database.work.clear()
            if not self.turn():
                self.database.work.wait(IDLE_SECONDS)

    def finish(self) -> None:
        """Does all work there is now, without waiting for more."""
        while not self._stopping and self.turn():
            pass

    def turn(self) -> bool:
        """Does one piece of work of each kind; returns whether there was any."""
        worked = [self._try(step) for step in self.steps if not self._stopping]
        self.last_round_at = time.time()
        return any(worked)

    def _try(self, step: Step) -> bool:
        if time.monotonic() < self._resting.get(step, 0):
            return False
        try:
            return step(self.database, self.settings)
        except Exception as error:
            self._resting[step] = time.monotonic() + REST_SECONDS
            LOG.error("Work was put off: %s: %s", type(error).__name__, "".join(str(error).splitlines()[:1]))
            LOG.debug("It failed here", exc_info=True)
            return False


class Reminders:
    """Writes reminders for every partnership, when a day begins and hourly: due returns change no oftener."""

    def __init__(self) -> None:
        self._last_look: tuple[date, float] | None = None

    def __call__(self, database: Database, settings: Settings) -> bool:
        today, now = settings.today(), time.monotonic()
        if self._last_look is not None and self._last_look[0] == today and now < self._last_look[1] + HOUR:
            return False
        with database.read() as session:
            codes = session.exec(select(Partnership.code).order_by(Partnership.code)).all()
        wrote = [remind(database, settings, code, today) for code in codes]
        self._last_look = (today, now)
        return any(wrote)


def remind(database: Database, settings: Settings, code: str, today: date) -> bool:
    """Writes the reminders due; returns whether there were any. Takes the write lock only if a read finds some."""
    site = settings.public_url
    with database.read() as session:
        if not reminder.is_something_due(session, _partnership(session, code), today, site):
            return False
    with database.write() as session:
        partnership = _partnership(session, code)
        change = Change(session, outbox.WORKER, partnership.id, today, settings.now())
        if reminder.update_reminders(change, site):
            return True
        forget(session)
        return False


class SignInNotices:
    """Writes notices of wrong guesses at people's passwords, at most once a minute."""

    def __init__(self) -> None:
        self._next_look = 0.0

    def __call__(self, database: Database, settings: Settings) -> bool:
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + MINUTE
        clock = datetime.now(UTC)
        with database.read() as session:
            if not find_people_to_notify(session, clock):
                return False
        with database.write() as session:
            change = Change.of(session, outbox.WORKER, settings)
            is_written = sign_in_notice.write_notices(change, clock=clock, site=settings.public_url)
            if not is_written:
                forget(session)
        return is_written


class UnusedFiles:
    """Deletes files to which nothing has referred for a day, hourly."""

    def __init__(self) -> None:
        self._next_look = 0.0

    def __call__(self, database: Database, settings: Settings) -> bool:
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + HOUR
        clock = datetime.now(UTC)
        with database.read() as session:
            if not stored_file.has_unused(session.connection(), clock):
                return False
        with database.write_without_seq() as connection:
            return stored_file.delete_unused(connection, clock) > 0


class Mail:
    """Sends one waiting message, if mail is set up."""

    def __init__(self) -> None:
        self._mailer: Mailer | None = None
        self._unreachable_until = 0.0
        self._rest = REST_SECONDS

    def __call__(self, database: Database, settings: Settings) -> bool:
        if settings.mail_goes_by is None or time.monotonic() < self._unreachable_until:
            return False
        clock = datetime.now(UTC)
        with database.read() as session:
            message = next_waiting(session, clock)
        if message is None:
            return False
        with database.write_without_seq() as connection:
            is_ours = outbox.claim(connection, message, clock)
        if is_ours:
            outcome = self._attempt(database, settings, message)
            _record_outcome(database, settings, message, outcome)
        return True

    def _attempt(self, database: Database, settings: Settings, message: OutboxMessage) -> Outcome:
        with database.read() as session:
            if not reminder.is_needed(session, message, settings.today(), settings.public_url):
                return partial(outbox.drop, why=reminder.NOT_NEEDED)
        self._mailer = self._mailer or mailer(settings)
        assert self._mailer is not None
        try:
            self._mailer.send(Letter(outbox.reference(message), message.to, message.subject, message.body))
        except HeldUp as fault:
            if isinstance(fault, Unreachable):
                self._unreachable_until = time.monotonic() + self._rest
                self._rest = min(self._rest * 2, LONGEST_REST_SECONDS)
            return partial(outbox.note_held_up, why=str(fault), clock=datetime.now(UTC))
        except (Refused, NotNow) as failure:
            return partial(
                outbox.note_failure,
                why=str(failure),
                for_good=isinstance(failure, Refused),
                clock=datetime.now(UTC),
            )
        self._rest = REST_SECONDS
        return outbox.record_sent


def _record_outcome(database: Database, settings: Settings, message: OutboxMessage, outcome: Outcome) -> None:
    """Records the outcome, unless another worker recorded one meanwhile; that it was sent is always recorded."""
    with database.write() as session:
        stored = session.get_one(OutboxMessage, message.id)
        if stored.state == "waiting" or outcome is outbox.record_sent:
            outcome(Change.of(session, outbox.WORKER, settings, stored.partnership_id), stored)
        else:
            forget(session)


def _partnership(session: Session, code: str) -> Partnership:
    return session.exec(select(Partnership).where(Partnership.code == code)).one()
