"""What is stored beside the figures being sent: their own series, and other figures of the same periods.

Both are read by one statement however many figures are sent. What is missing or only forecast is no neighbour.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from app.commands.figures.check import Checked
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


class Known(NamedTuple):
    """A figure that has a value. A value that is only about, over or under something takes part in no sum."""

    first: int
    last: int
    value: Decimal
    is_exact: bool


def known(row: Checked) -> Known | None:
    """What a sent row says, as its neighbours are known."""
    value = row.values.get("value")
    if row.period is None or value is None or row.values["status"] == FORECAST:
        return None
    return Known(row.period.first, row.period.last, value, row.values["qualifier"] == EXACT)


def stored_series(
    session: Session, wanted: Collection[Series], first: int, last: int
) -> Iterator[tuple[Series, list[Known]]]:
    """Series by series, in order of period, what ends between two months. Only one series is held at a time."""
    query = (
        select(*FIGURE_COLUMNS)
        .where(
            FIGURE.c.indicator_id.in_({series[0] for series in wanted}),
            FIGURE.c.area_code.in_({series[1] for series in wanted}),
            FIGURE.c.breakdown.in_({series[2] for series in wanted}),
            FIGURE.c.last_month.between(first, last),
            *OUTTURN,
        )
        .order_by(FIGURE.c.indicator_id, FIGURE.c.area_code, FIGURE.c.breakdown, FIGURE.c.last_month)
    )
    parts = session.connection().execute(query.execution_options(yield_per=AT_A_TIME)).partitions()
    for series, own in groupby(chain.from_iterable(parts), itemgetter(0, 1, 2)):
        yield series, [Known(first, last, value, exact == EXACT) for *_, first, last, value, exact in own]


def stored_beside(
    session: Session,
    indicators: Collection[int],
    areas: Collection[str],
    periods: Collection[tuple[int, int]],
) -> dict[Identity, Known]:
    """Every figure of these indicators and areas, whatever its breakdown, for exactly these periods."""
    query = select(*FIGURE_COLUMNS).where(
        FIGURE.c.indicator_id.in_(indicators),
        FIGURE.c.area_code.in_(areas),
        # Not looked up by: of a month there may be every area's figures, of an area only its own series.
        (FIGURE.c.last_month + 0).in_({last for _, last in periods}),
        *OUTTURN,
    )
    wanted = set(periods)
    return {
        (indicator, area, breakdown, first, last): Known(first, last, value, exact == EXACT)
        for indicator, area, breakdown, first, last, value, exact in session.connection().execute(query)
        if (first, last) in wanted
    }
