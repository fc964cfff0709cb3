"""What has to be done without anybody asking: reminders, notices, mail, uploads. Inside the server, or apart.

Any number of workers may run over one database: each piece of work is claimed, or made once by its key.
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
from app.commands.returns import reminder
from app.config import Settings
from app.db import Database, forget
from app.mail import Letter, Mailer, NotNow, Refused, Unreachable, mailer
from app.models.access.outbox import OutboxMessage
from app.models.plan.partnership import Partnership
from app.queries.access.outbox import next_waiting
from app.queries.access.sign_in_notice import find_people_to_tell

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
"""Between looks for work that another process left; what this one leaves is looked for at once."""
MINUTE, HOUR = 60.0, 3600.0
REST_SECONDS = 30.0
"""For a step that failed: what is wrong is seldom right again at once."""
STOP_SECONDS = 10.0

Step = Callable[[Database, Settings], bool]
"""Does one piece of work, if there is any, and says whether there was."""


class Outcome(Protocol):
    """What became of a message, to be noted."""

    def __call__(self, change: Change, message: OutboxMessage) -> None: ...


class Worker:
    def __init__(self, database: Database, settings: Settings, steps: Sequence[Step] | None = None) -> None:
        self.database = database
        self.settings = settings
        self.steps = steps if steps is not None else (Reminders(), SignInNotices(), Mail(), work_on_uploads)
        self._resting: dict[Step, float] = {}
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.last_round_at = 0.0
        """Real time, seconds: when it last looked for work of each kind."""

    def start(self) -> None:
        """Works in a thread beside a server, from when that has had a moment to start."""
        self._thread = threading.Thread(target=self.run, name="worker", args=(IDLE_SECONDS,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finishes the piece of work at hand, unless that takes too long: it is then done again later."""
        self.stop_soon()
        self.database.work.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def stop_soon(self) -> None:
        """As `stop`, for a signal: that may come while this very thread holds a lock."""
        self._stopping = True

    def run(self, wait_first: float = 0) -> None:
        """Until `stop`."""
        self.database.work.wait(wait_first)
        while not self._stopping:
            self.database.work.clear()
            if not self.turn():
                self.database.work.wait(IDLE_SECONDS)

    def finish(self) -> None:
        """All that can be done now, and no waiting for more."""
        while not self._stopping and self.turn():
            pass

    def turn(self) -> bool:
        """One piece of work of each kind; whether there was any."""
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
    """Looks through every partnership's returns when a day begins, and hourly: what is due changes no oftener."""

    def __init__(self) -> None:
        self._looked: tuple[date, float] | None = None

    def __call__(self, database: Database, settings: Settings) -> bool:
        today, now = settings.today(), time.monotonic()
        if self._looked is not None and self._looked[0] == today and now < self._looked[1] + HOUR:
            return False
        with database.read() as session:
            codes = session.exec(select(Partnership.code).order_by(Partnership.code)).all()
        wrote = [remind(database, settings, code, today) for code in codes]
        self._looked = (today, now)
        return any(wrote)


def remind(database: Database, settings: Settings, code: str, today: date) -> bool:
    """Whether anything was due. The ledger is only taken once a read has seen that something is."""
    site = settings.public_url
    with database.read() as session:
        if not reminder.is_something_due(session, _partnership(session, code), today, site):
            return False
    with database.write() as session:
        partnership = _partnership(session, code)
        change = Change(session, outbox.WORKER, partnership.id, today, settings.now())
        if reminder.bring_up_to_date(change, site):
            return True
        forget(session)
        return False


class SignInNotices:
    """Tells people once a minute, not at each look for work, that their passwords are being guessed at."""

    def __init__(self) -> None:
        self._next_look = 0.0

    def __call__(self, database: Database, settings: Settings) -> bool:
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + MINUTE
        clock = datetime.now(UTC)
        with database.read() as session:
            if not find_people_to_tell(session, clock):
                return False
        with database.write() as session:
            change = Change.of(session, outbox.WORKER, settings)
            is_written = sign_in_notice.write_notices(change, clock=clock, site=settings.public_url)
            if not is_written:
                forget(session)
        return is_written


class Mail:
    """Sends one message that waits, where mail is set up."""

    def __init__(self) -> None:
        self._mailer: Mailer | None = None
        self._unreachable_until = 0.0

    def __call__(self, database: Database, settings: Settings) -> bool:
        if settings.mail_goes_by is None or time.monotonic() < self._unreachable_until:
            return False
        clock = datetime.now(UTC)
        with database.read() as session:
            message = next_waiting(session, clock)
        if message is None:
            return False
        with database.aside() as connection:
            is_ours = outbox.claim(connection, message, clock)
        if is_ours:
            outcome = self._attempt(database, settings, message)
            _settle(database, settings, message, outcome)
        return True

    def _attempt(self, database: Database, settings: Settings, message: OutboxMessage) -> Outcome:
        with database.read() as session:
            if not reminder.is_needed(session, message, settings.today(), settings.public_url):
                return partial(outbox.drop, why=reminder.NOT_NEEDED)
        self._mailer = self._mailer or mailer(settings)
        assert self._mailer is not None
        try:
            self._mailer.send(Letter(outbox.reference(message), message.to, message.subject, message.body))
        except (Refused, NotNow) as failure:
            if isinstance(failure, Unreachable):
                self._unreachable_until = time.monotonic() + REST_SECONDS
            return partial(
                outbox.note_failure,
                why=str(failure),
                for_good=isinstance(failure, Refused),
                clock=datetime.now(UTC),
            )
        return outbox.note_sent


def _settle(database: Database, settings: Settings, message: OutboxMessage, outcome: Outcome) -> None:
    """Unless it was settled meanwhile; that it was sent is noted all the same."""
    with database.write() as session:
        kept = session.get_one(OutboxMessage, message.id)
        if kept.state == "waiting" or outcome is outbox.note_sent:
            outcome(Change.of(session, outbox.WORKER, settings, kept.partnership_id), kept)
        else:
            forget(session)


def _partnership(session: Session, code: str) -> Partnership:
    return session.exec(select(Partnership).where(Partnership.code == code)).one()
