"""Reads neighbours of sent figures: their own series, and other figures of the same periods.

Each is one statement, however many figures are sent. A missing or forecast figure is no neighbour.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from app.commands.figures.row_check import RowCheck
from app.commands.figures.store import FIGURE, Identity
from app.domain.figures.figure import FigureStatus, Qualifier

Series = tuple[int, str, str]
"""Indicator id, area code, breakdown: an identity without its period."""
AT_A_TIME = 2_000
EXACT, FORECAST = Qualifier.EXACT.value, FigureStatus.FORECAST.value
OUTTURN = (FIGURE.c.value.is_not(None), FIGURE.c.status != FORECAST)
FIGURE_COLUMNS = (
    FIGURE.c.indicator_id,
    FIGURE.c.area_code,
    FIGURE.c.breakdown,
    FIGURE.c.first_month,
    FIGURE.c.last_month,
    FIGURE.c.value,
    FIGURE.c.qualifier,
)


class Neighbour(NamedTuple):
    """A figure that has a value. An inexact one (about, over or under) takes part in no sum."""

    first: int
    last: int
    value: Decimal
    is_exact: bool


def as_neighbour(row: RowCheck) -> Neighbour | None:
    """Gives a sent row as its neighbours are given; None where it says no number."""
    value = row.values.get("value")
    if row.period is None or value is None or row.values["status"] == FORECAST:
        return None
    return Neighbour(row.period.first, row.period.last, value, row.values["qualifier"] == EXACT)


def stored_series(
    session: Session, series_keys: Collection[Series], first: int, last: int
) -> Iterator[tuple[Series, list[Neighbour]]]:
    """Yields each series with its figures that end between two months, in order of period; one series at a time."""
    query = (
        select(*FIGURE_COLUMNS)
        .where(
            FIGURE.c.indicator_id.in_({key[0] for key in series_keys}),
            FIGURE.c.area_code.in_({key[1] for key in series_keys}),
            FIGURE.c.breakdown.in_({key[2] for key in series_keys}),
            FIGURE.c.last_month.between(first, last),
            *OUTTURN,
        )
        .order_by(FIGURE.c.indicator_id, FIGURE.c.area_code, FIGURE.c.breakdown, FIGURE.c.last_month)
    )
    parts = session.connection().execute(query.execution_options(yield_per=AT_A_TIME)).partitions()
    for series, own in groupby(chain.from_iterable(parts), itemgetter(0, 1, 2)):
        yield series, [Neighbour(first, last, value, exact == EXACT) for *_, first, last, value, exact in own]


def stored_beside(
    session: Session,
    indicators: Collection[int],
    areas: Collection[str],
    periods: Collection[tuple[int, int]],
) -> dict[Identity, Neighbour]:
    """Every figure of these indicators and areas, whatever its breakdown, for exactly these periods."""
    query = select(*FIGURE_COLUMNS).where(
        FIGURE.c.indicator_id.in_(indicators),
        FIGURE.c.area_code.in_(areas),
        # Not looked up by: of a month there may be every area's figures, of an area only its own series.
        (FIGURE.c.last_month + 0).in_({last for _, last in periods}),
        *OUTTURN,
    )
    exact_periods = set(periods)
    return {
        (indicator, area, breakdown, first, last): Neighbour(first, last, value, exact == EXACT)
        for indicator, area, breakdown, first, last, value, exact in session.connection().execute(query)
        if (first, last) in exact_periods
    }
