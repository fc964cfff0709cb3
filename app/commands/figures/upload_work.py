"""Checks uploaded files in the background: one worker at a time on each, with progress; a dead one is replaced."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlmodel import Session

from app.commands.change import Change
from app.commands.figures import upload as uploads
from app.config import Settings
from app.db import Database, forget
from app.domain.access.authority import Actor, Scope
from app.domain.errors import FileRefused, RuleBroken
from app.files.file import from_file
from app.files.row import Table
from app.models.column import table
from app.models.figures.upload import Upload
from app.queries.access.actor import actor_of
from app.queries.plan.vocabulary import vocabulary

LEASE = timedelta(minutes=2)
"""Time without progress after which a worker counts as dead."""
MOST_ATTEMPTS = 3
PROGRESS_SECONDS = 1.0
UPLOAD = table(Upload)


class LeaseLost(Exception):
    """Another worker has taken the file over."""


def work_on_uploads(database: Database, settings: Settings) -> bool:
    """Checks one waiting file, if there is one; returns whether there was anything to do."""
    clock, now = datetime.now(UTC), settings.now()
    with database.read() as session:
        waiting = next_waiting(session, clock)
        has_old = uploads.has_old(session, now)
    if has_old:
        with database.write() as session:
            uploads.drop_old(session, now)
    if waiting is None:
        return has_old
    with database.write_without_seq() as connection:
        lease = claim(connection, waiting, clock)
    if lease is not None:
        _UploadWork(database, settings, waiting, lease).run()
    return True


def next_waiting(session: Session, clock: datetime) -> int | None:
    """Id of the oldest waiting file that no worker has claimed. `clock` is real time."""
    query = select(UPLOAD.c.id).where(*_free(clock)).order_by(UPLOAD.c.id).limit(1)
    return session.connection().execute(query).scalar()


def claim(connection: Connection, upload_id: int, clock: datetime) -> datetime | None:
    """Claims a file for this worker; returns the end of the lease, or None if another was quicker."""
    lease = clock + LEASE
    statement = (
        update(UPLOAD)
        .where(UPLOAD.c.id == upload_id, *_free(clock))
        .values(leased_until=lease, attempts=UPLOAD.c.attempts + 1)
    )
    return lease if connection.execute(statement).rowcount else None


def _free(clock: datetime) -> tuple[ColumnElement[bool], ...]:
    return (UPLOAD.c.state == "waiting", or_(UPLOAD.c.leased_until.is_(None), UPLOAD.c.leased_until < clock))


class _UploadWork:
    """One worker's attempt at one file."""

    def __init__(self, database: Database, settings: Settings, upload_id: int, lease: datetime) -> None:
        self.database = database
        self.settings = settings
        self.upload_id = upload_id
        self.lease = lease
        self._progress_at = monotonic()

    def run(self) -> None:
        try:
            file_rows = self._read()
        except LeaseLost:
            return
        except (FileRefused, RuleBroken) as error:
            refusal = error
            self._settle(lambda session, upload: uploads.refuse(session, upload, refusal))
            return
        self._settle(lambda session, upload: self._check(session, upload, file_rows))

    def _read(self) -> Table:
        with self.database.read() as session:
            upload = session.get_one(Upload, self.upload_id)
            actor = _actor(session, upload)
            words = vocabulary(session, actor)
            kind, content, attempts = upload.kind, upload.content, upload.attempts
        if attempts > MOST_ATTEMPTS:
            text = f"It could not be read in {MOST_ATTEMPTS} attempts. Split it into smaller files."
            raise FileRefused("given_up", text)
        return from_file(kind, content, words, self._report_progress)

    def _report_progress(self, done: int, total: int) -> None:
        """Stores progress of the reading, at most once a second, and extends the lease."""
        if monotonic() - self._progress_at < PROGRESS_SECONDS:
            return
        lease = datetime.now(UTC) + LEASE
        with self.database.write_without_seq() as connection:
            statement = (
                update(UPLOAD)
                .where(UPLOAD.c.id == self.upload_id, UPLOAD.c.leased_until == self.lease)
                .values(done=done, total=total, leased_until=lease)
            )
            if not connection.execute(statement).rowcount:
                raise LeaseLost
        self.lease = lease
        self._progress_at = monotonic()

    def _check(self, session: Session, upload: Upload, file_rows: Table) -> None:
        actor, settings = _actor(session, upload), self.settings
        change = Change(session, actor, upload.partnership_id, settings.today(), settings.now())
        uploads.check(change, upload, file_rows)

    def _settle(self, outcome: Callable[[Session, Upload], None]) -> None:
        """Stores the outcome, unless another worker claimed the file meanwhile."""
        with self.database.write() as session:
            upload = session.get_one(Upload, self.upload_id)
            if upload.state != "waiting" or upload.leased_until != self.lease:
                forget(session)
                return
            try:
                outcome(session, upload)
            except FileRefused as error:
                uploads.refuse(session, upload, error)


def _actor(session: Session, upload: Upload) -> Actor:
    """Actor who uploaded the file; FileRefused if they may no longer send figures."""
    actor = actor_of(session, upload.caller, datetime.now(UTC))
    if actor is None or upload.partnership_id not in actor.within(Scope.POST_FIGURES):
        raise FileRefused("not_allowed_any_more", "Whoever uploaded it may no longer send figures.")
    return actor
