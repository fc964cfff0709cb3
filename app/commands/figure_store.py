"""Putting figures away: the newest revision beside its identity, every revision in an append-only history."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
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
SAYS_SOMETHING = tuple(name for name in VALUE_COLUMNS if name not in ("status", "note"))


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
    """Appends the revisions, brings the figures up to them, and gives each change's figure id."""
    number = seq(session)
    next_id = (session.connection().execute(select(func.max(FIGURE.c.id))).scalar() or 0) + 1
    stamp = {"recorded_at": recorded_at, "submission_id": submission_id, "seq": number}
    created, revised, revisions, ids = [], [], [], []
    for change in changes:
        if change.standing is None:
            figure_id, revision = next_id, 1
            next_id += 1
            created.append(
                {**_identified(change.identity), **change.values, **stamp, "id": figure_id, "revision": 1}
            )
        else:
            figure_id, revision = change.standing.id, change.standing.revision + 1
            revised.append({**change.values, **stamp, "figure": figure_id, "revision": revision})
        revisions.append(
            {
                **change.values,
                **stamp,
                "figure_id": figure_id,
                "number": revision,
                "reason": change.reason,
                "recorded_by": recorded_by,
            }
        )
        ids.append(figure_id)
    connection = session.connection()
    if created:
        connection.execute(insert(FIGURE), created)
    if revised:
        columns = (*VALUE_COLUMNS, *stamp, "revision")
        values: dict[str, Any] = {name: bindparam(name) for name in columns}
        connection.execute(update(FIGURE).where(FIGURE.c.id == bindparam("figure")).values(values), revised)
    if revisions:
        connection.execute(insert(REVISION), revisions)
        touched = {change.identity[0] for change in changes}
        session.execute(update(Indicator).where(col(Indicator.id).in_(touched)).values(seq=number))
    return ids


def rows_digest(session: Session, submission_id: int) -> str:
    """SHA-256 over what a submission stored, so that the audit chain vouches for the figures themselves."""
    rows = session.connection().execute(
        select(REVISION)
        .where(REVISION.c.submission_id == submission_id)
        .order_by(REVISION.c.figure_id, REVISION.c.number)
    )
    return digest(rows.mappings())


def digest(rows: Iterable[Any]) -> str:
    hashed = hashlib.sha256()
    for row in rows:
        cells = [_cell(row[column.name]) for column in REVISION.columns if column.name != "seq"]
        hashed.update(json.dumps(cells, ensure_ascii=False).encode() + b"\n")
    return hashed.hexdigest()


def _identified(identity: Identity) -> dict[str, Any]:
    names = ("indicator_id", "area_code", "breakdown", "first_month", "last_month")
    return dict(zip(names, identity, strict=True))


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    return plain(value) if isinstance(value, Decimal) else str(value)
