"""Putting figures away: the newest revision beside its identity, every revision in an append-only history."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Insert, bindparam, func, insert, literal, select, update
from sqlmodel import Session, col

from app.db import seq
from app.models.column import plain, table
from app.models.figure import Figure, FigureRevision, FigureValue
from app.models.indicator import Indicator

Identity = tuple[int, str, str, int, int]
"""Indicator id, area code, breakdown, first month, last month."""
Values = dict[str, Any]
"""Every column of FigureValue, by name."""

FIGURE = table(Figure)
REVISION = table(FigureRevision)
VALUE_COLUMNS = tuple(FigureValue.model_fields)
IDENTITY_COLUMNS = ("indicator_id", "area_code", "breakdown", "first_month", "last_month")
SAYS_SOMETHING = tuple(name for name in VALUE_COLUMNS if name not in ("status", "note"))
REVISE = (
    update(FIGURE)
    .where(FIGURE.c.id == bindparam("figure"))
    .values(
        {
            name: bindparam(name)
            for name in (*VALUE_COLUMNS, "recorded_at", "submission_id", "seq", "revision")
        }
    )
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A figure as it stands."""

    id: int
    revision: int
    values: Values

    @property
    def words(self) -> str:
        value = self.values["value"]
        return plain(value) if value is not None else str(self.values["missing"]).replace("_", " ")

    def reason_it_speaks_for_itself(self, new: Values) -> str | None:
        """A change that nobody needs to explain: an awaited figure comes, or a figure is confirmed."""
        if self.values["missing"] == "awaited" and new["missing"] != "awaited":
            return "The awaited figure came."
        same = all(self.values[name] == new[name] for name in SAYS_SOMETHING)
        if same and new["status"] == "final" and self.values["status"] != "final":
            return "Confirmed as final."
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure to put away: a new one, or the next revision of `standing`."""

    identity: Identity
    values: Values
    standing: Stored | None
    reason: str


def existing(session: Session, identities: Sequence[Identity]) -> dict[Identity, Stored]:
    """The figures of these identities that are there, by identity."""
    if not identities:
        return {}
    wanted = set(identities)
    query = select(FIGURE).where(
        FIGURE.c.indicator_id.in_({identity[0] for identity in wanted}),
        FIGURE.c.area_code.in_({identity[1] for identity in wanted}),
        FIGURE.c.breakdown.in_({identity[2] for identity in wanted}),
        FIGURE.c.last_month.in_({identity[4] for identity in wanted}),
    )
    found: dict[Identity, Stored] = {}
    for row in session.connection().execute(query).mappings():
        identity = (
            row["indicator_id"],
            row["area_code"],
            row["breakdown"],
            row["first_month"],
            row["last_month"],
        )
        if identity in wanted:
            values = {name: row[name] for name in VALUE_COLUMNS}
            found[identity] = Stored(row["id"], row["revision"], values)
    return found


def store(
    session: Session,
    changes: Sequence[Change],
    *,
    submission_id: int,
    recorded_at: datetime,
    recorded_by: str,
) -> list[int]:
    """Brings the figures up to the changes, appends their revisions, and gives each change's figure id."""
    if not changes:
        return []
    connection = session.connection()
    next_id = (connection.execute(select(func.max(FIGURE.c.id))).scalar() or 0) + 1
    stamp = {"recorded_at": recorded_at, "submission_id": submission_id, "seq": seq(session)}
    ids: list[int] = []
    plain_rows: list[Values] = []
    rows: list[Values] = []
    revised: list[Values] = []
    revisions: list[Values] = []
    for change in changes:
        figure_id, number = next_id, 1
        if change.standing is None:
            next_id += 1
            identified = dict(zip(IDENTITY_COLUMNS, change.identity, strict=True))
            row = {"id": figure_id, "revision": number, **identified, **change.values, **stamp}
            (rows if change.reason else plain_rows).append(row)
        else:
            figure_id, number = change.standing.id, change.standing.revision + 1
            revised.append({"figure": figure_id, "revision": number, **change.values, **stamp})
        if change.reason:
            said = {"reason": change.reason, "recorded_by": recorded_by}
            revisions.append({"figure_id": figure_id, "number": number, **change.values, **stamp, **said})
        ids.append(figure_id)
    if plain_rows:
        connection.execute(insert(FIGURE), plain_rows)
        connection.execute(_copied(submission_id, recorded_by))
    for statement, given in ((insert(FIGURE), rows), (REVISE, revised), (insert(REVISION), revisions)):
        if given:
            connection.execute(statement, given)
    touched = {change.identity[0] for change in changes}
    session.execute(update(Indicator).where(col(Indicator.id).in_(touched)).values(seq=seq(session)))
    return ids


def _copied(submission_id: int, recorded_by: str) -> Insert:
    """The revisions of figures that came without a reason, copied where they stand rather than sent twice."""
    same = (*VALUE_COLUMNS, "recorded_at", "submission_id", "seq")
    source = select(
        FIGURE.c.id,
        FIGURE.c.revision,
        *(FIGURE.c[name] for name in same),
        literal("").label("reason"),
        literal(recorded_by).label("recorded_by"),
    ).where(FIGURE.c.submission_id == submission_id)
    return insert(REVISION).from_select(("figure_id", "number", *same, "reason", "recorded_by"), source)


def rows_digest(session: Session, submission_id: int) -> str:
    """SHA-256 over what a submission stored, so that the audit chain vouches for the figures themselves.

    It is read back: what is hashed is what the history holds, not what was meant to go there.
    """
    columns = [column for column in REVISION.columns if column.name != "seq"]
    rows = session.connection().execute(
        select(*columns)
        .where(REVISION.c.submission_id == submission_id)
        .order_by(REVISION.c.figure_id, REVISION.c.number)
    )
    cells = [[_cell(value) for value in row] for row in rows]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    return plain(value) if isinstance(value, Decimal) else str(value)
