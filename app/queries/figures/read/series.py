"""Reads series of figures, many at once, with hidden values left out.

A series is cached, and only rows with a greater `seq` are read again: figures change, and are never deleted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.db import epoch, seq
from app.domain.figures.figure import Figure
from app.queries.cache import cache, version
from app.queries.figures.read.row import FIGURE, FigureRow, SeriesKey, select_rows, to_row
from app.queries.figures.visibility import FigureVisibility, GuardedIndicator

ROW_BYTES = 800
Rows = Sequence[FigureRow]


def read_series(
    session: Session,
    visibility: FigureVisibility,
    indicators: Iterable[GuardedIndicator],
    part: tuple[str, str],
    known_at: datetime | None = None,
) -> dict[int, Rows]:
    """Reads figures of one area and breakdown, in order of period, by indicator id.

    Hidden figures keep their row, which says why, without its values.
    """
    guarded = {(each.id, *part): each for each in indicators}
    stored = _stored(session, list(guarded)) if known_at is None else _read(session, list(guarded), known_at)
    return {key[0]: _visible(visibility, each, stored.get(key, ())) for key, each in guarded.items()}


def figures_of(rows: Rows, from_month: int = 0) -> list[Figure]:
    """The domain's figures of rows that end in or after a month."""
    return [row.figure for row in rows if row.figure.period.last >= from_month]


def _visible(visibility: FigureVisibility, indicator: GuardedIndicator, rows: Rows) -> Rows:
    if not rows or visibility.is_open(indicator):
        return rows
    reasons = ((row, visibility.hidden_reason(indicator, row.period.last)) for row in rows)
    return [row if reason is None else row.hidden(reason) for row, reason in reasons]


def _stored(session: Session, keys: list[SeriesKey]) -> Mapping[SeriesKey, Rows]:
    now = version(session, seq(session))
    series_cache = cache(session, "figures", weight)

    def compute(missing: list[SeriesKey]) -> Iterator[tuple[SeriesKey, Rows]]:
        earlier: dict[SeriesKey, Rows] = {}
        marks: list[int] = []
        for key in missing:
            (row_epoch, mark), rows = series_cache.peek("figures", key) or (("", 0), ())
            if row_epoch == epoch(session) and 0 < mark < seq(session):
                earlier[key] = rows
                marks.append(mark)
        new = _read(session, [key for key in missing if key not in earlier])
        later = _read(session, list(earlier), after=min(marks)) if marks else {}
        for key in missing:
            rows = _merged(earlier[key], later.get(key, ())) if key in earlier else new.get(key, ())
            yield key, rows

    return series_cache.get_many("figures", dict.fromkeys(keys, now), compute)


def _merged(earlier: Rows, later: Rows) -> Rows:
    """Replaces earlier rows by later ones of the same id; in order of period."""
    if not later:
        return earlier
    rows = {row.id: row for row in (*earlier, *later)}
    return sorted(rows.values(), key=_order)


def _order(row: FigureRow) -> tuple[int, int]:
    return row.period.first, row.period.last


def _read(
    session: Session, keys: Collection[SeriesKey], known_at: datetime | None = None, after: int = 0
) -> dict[SeriesKey, list[FigureRow]]:
    """Rows changed after a ledger number by series, in order of period."""
    if not keys:
        return {}
    query = select_rows(known_at).where(
        FIGURE.c.indicator_id.in_({key[0] for key in keys}),
        FIGURE.c.area_code.in_({key[1] for key in keys}),
        FIGURE.c.breakdown.in_({key[2] for key in keys}),
    )
    if after:
        query = query.where(FIGURE.c.seq > after)
    query = query.order_by(FIGURE.c.indicator_id, FIGURE.c.first_month, FIGURE.c.last_month)
    grouped: dict[SeriesKey, list[FigureRow]] = {}
    for selected in session.connection().execute(query).all():
        key, row = to_row(selected)
        grouped.setdefault(key, []).append(row)
    return grouped


def weight(rows: Sequence[Any]) -> int:
    return ROW_BYTES * len(rows)
