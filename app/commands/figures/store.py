"""Stores figures: the newest revision beside its identity, every revision in an append-only history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Insert, func, insert, literal, select, update
from sqlmodel import Session

from app.commands.bulk import insert_columns, update_columns
from app.db import seq
from app.models.column import plain, table
from app.models.figures.figure import Figure, FigureRevision, FigureValue, Values
from app.models.figures.submission import Submission
from app.models.plan.indicator import Indicator
from app.record.changes import changes_of

Identity = tuple[int, str, str, int, int]
"""Indicator id, area code, breakdown, first month, last month."""

FIGURE, REVISION, INDICATOR = table(Figure), table(FigureRevision), table(Indicator)
VALUE_COLUMNS = tuple(FigureValue.model_fields)
IDENTITY_COLUMNS = ("indicator_id", "area_code", "breakdown", "first_month", "last_month")
SAYS_SOMETHING = tuple(name for name in VALUE_COLUMNS if name not in ("status", "note"))


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored figure."""

    id: int
    revision: int
    values: Values

    @property
    def words(self) -> str:
        value = self.values["value"]
        return plain(value) if value is not None else str(self.values["missing"]).replace("_", " ")

    def note_of_another(self, new: Values) -> str:
        """The stored note where the new value is another; empty where it is the same, which the note is about."""
        note: str = self.values["note"]
        return note if new["value"] != self.values["value"] else ""

    def evident_reason(self, new: Values) -> str | None:
        """Reason for a change that explains itself: an awaited figure comes, or a figure is confirmed."""
        if self.values["missing"] == "awaited" and new["missing"] != "awaited":
            return "The awaited figure came."
        same = all(self.values[name] == new[name] for name in SAYS_SOMETHING)
        if same and new["status"] == "final" and self.values["status"] != "final":
            return "Confirmed as final."
        return None


class NewRevision(NamedTuple):
    """A figure's values from `recorded_at` on, and the reason for them."""

    values: Values
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure to store: a new one, or `stored` with further revisions. Revisions are oldest first."""

    identity: Identity
    stored: Stored | None
    revisions: tuple[NewRevision, ...]

    @property
    def newest(self) -> NewRevision:
        return self.revisions[-1]

    @property
    def first_number(self) -> int:
        """Of the first revision it makes."""
        return 1 if self.stored is None else self.stored.revision + 1

    @property
    def last_number(self) -> int:
        return self.first_number + len(self.revisions) - 1

    @property
    def is_plain(self) -> bool:
        """Whether it is a new figure with nothing behind it, as most are."""
        return self.stored is None and len(self.revisions) == 1 and not self.newest.reason


def existing(session: Session, identities: Sequence[Identity]) -> dict[Identity, Stored]:
    """Reads the stored figures of these identities."""
    if not identities:
        return {}
    requested = set(identities)
    columns = (*IDENTITY_COLUMNS, "id", "revision", *VALUE_COLUMNS)
    query = select(*(FIGURE.c[name] for name in columns)).where(
        FIGURE.c.indicator_id.in_({identity[0] for identity in requested}),
        FIGURE.c.area_code.in_({identity[1] for identity in requested}),
        FIGURE.c.breakdown.in_({identity[2] for identity in requested}),
        FIGURE.c.last_month.in_({identity[4] for identity in requested}),
    )
    figures: dict[Identity, Stored] = {}
    width = len(IDENTITY_COLUMNS)
    for row in session.connection().execute(query).all():
        identity = cast(Identity, row[:width])
        if identity in requested:
            figure_id, revision, *values = row[width:]
            figures[identity] = Stored(figure_id, revision, dict(zip(VALUE_COLUMNS, values, strict=True)))
    return figures


def store(session: Session, changes: Sequence[FigureChange], submission: Submission) -> list[int]:
    """Updates the figures, appends their revisions, and gives each change's figure id."""
    if not changes:
        return []
    connection = session.connection()
    changes_of(session).submissions[submission.id] = None
    stamp = {"submission_id": submission.id, "seq": seq(session)}
    author = {"recorded_by": submission.recorded_by}
    ids = _ids(connection, changes)
    numbered = list(zip(ids, changes, strict=True))
    if plain_ones := [each for each in numbered if each[1].is_plain]:
        _put_in(connection, plain_ones, stamp)
        connection.execute(_copied(submission.id, author))
    others = [each for each in numbered if not each[1].is_plain]
    if new := [each for each in others if each[1].stored is None]:
        _put_in(connection, new, stamp)
    if revised := [(change.stored, change) for _, change in others if change.stored is not None]:
        _revise(connection, revised, stamp)
    if others:
        _append(connection, others, {**stamp, **author})
    touched = {change.identity[0] for change in changes}
    connection.execute(update(INDICATOR).where(INDICATOR.c.id.in_(touched)).values(seq=seq(session)))
    return ids


def _ids(connection: Connection, changes: Sequence[FigureChange]) -> list[int]:
    """Figure id of each change: the stored one, else the next number."""
    numbers = count((connection.execute(select(func.max(FIGURE.c.id))).scalar() or 0) + 1)
    return [change.stored.id if change.stored is not None else next(numbers) for change in changes]


def _put_in(connection: Connection, new: Sequence[tuple[int, FigureChange]], stamp: Values) -> None:
    """New figures."""
    identities = zip(*(change.identity for _, change in new), strict=True)
    columns: dict[str, Iterable[Any]] = {"id": [id_ for id_, _ in new]}
    columns.update(zip(IDENTITY_COLUMNS, identities, strict=True))
    columns.update(_filled([change.newest.values for _, change in new]))
    various, alike = _newest([change for _, change in new])
    insert_columns(connection, FIGURE, {**columns, **various}, {**stamp, **alike})


def _revise(connection: Connection, changes: Sequence[tuple[Stored, FigureChange]], stamp: Values) -> None:
    """Figures that stand. Columns that no change touches, which are most, are left as they are."""
    columns: dict[str, Iterable[Any]] = {}
    for name in VALUE_COLUMNS:
        values = [change.newest.values[name] for _, change in changes]
        if values != [stored.values[name] for stored, _ in changes]:
            columns[name] = values
    various, alike = _newest([change for _, change in changes])
    ids = [stored.id for stored, _ in changes]
    update_columns(connection, FIGURE, ids, {**columns, **various}, {**stamp, **alike})


def _newest(changes: Sequence[FigureChange]) -> tuple[dict[str, list[Any]], Values]:
    """The number and the time of the newest revisions: those that vary, and those that are alike for all."""
    columns: dict[str, list[Any]] = {
        "revision": [change.last_number for change in changes],
        "recorded_at": [change.newest.recorded_at for change in changes],
    }
    alike = {name: values[0] for name, values in columns.items() if len(set(values)) == 1}
    return {name: values for name, values in columns.items() if name not in alike}, alike


def _append(connection: Connection, changes: Sequence[tuple[int, FigureChange]], stamp: Values) -> None:
    """Every revision of changes that are not plain."""
    revisions = [
        (id_, number, each)
        for id_, change in changes
        for number, each in enumerate(change.revisions, start=change.first_number)
    ]
    columns: dict[str, Iterable[Any]] = {
        "figure_id": [id_ for id_, _, _ in revisions],
        "number": [number for _, number, _ in revisions],
        "reason": [each.reason for _, _, each in revisions],
        "recorded_at": [each.recorded_at for _, _, each in revisions],
        **_filled([each.values for _, _, each in revisions]),
    }
    insert_columns(connection, REVISION, columns, stamp)


def _filled(rows: Sequence[Values]) -> dict[str, list[Any]]:
    """What rows say, by column. Columns that none of them fills, which are most, are left out."""
    columns = {name: [row[name] for row in rows] for name in VALUE_COLUMNS}
    return {name: values for name, values in columns.items() if any(value is not None for value in values)}


def _copied(submission_id: int, author: Values) -> Insert:
    """The revisions of plain new figures, copied where they stand rather than sent twice."""
    same = (*VALUE_COLUMNS, "recorded_at", "submission_id", "seq")
    source = select(
        FIGURE.c.id,
        FIGURE.c.revision,
        *(FIGURE.c[name] for name in same),
        literal("").label("reason"),
        *(literal(value).label(name) for name, value in author.items()),
    ).where(FIGURE.c.submission_id == submission_id)
    return insert(REVISION).from_select(("figure_id", "number", *same, "reason", *author), source)
