"""Selects the figures of one page in order of id, in time that does not grow with the number stored.

Given a filter, an order and a limit in one statement, a database reads every row that passes the filter, or every
row in that order. So ids are selected first, each kind of query by the index that fits it. A column written
`column + 0` is compared row by row: neither SQLite nor PostgreSQL uses an index for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlmodel import Session

from app.domain.period_text import parse_period
from app.models.column import table
from app.models.figures.submission import Submission
from app.models.plan.indicator import Indicator
from app.queries.figures.read.row import FIGURE, REVISION

INDICATOR, SUBMISSION = table(Indicator), table(Submission)
LARGEST = 2**31 - 1
NOWHERE = LARGEST + 1
MOST_STREAMS = 20_000
AHEAD = 2_000
"""Figures read one by one before the streams are queried."""
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class FigureFilters:
    """Filters of the list; periods in canonical text, a submission by its id."""

    indicator: str | None = None
    period: str | None = None
    area: str | None = None
    from_: str | None = None
    to: str | None = None
    submission: int | None = None

    @property
    def is_small(self) -> bool:
        """Whether few figures can pass: one submission's, or one indicator's of an area."""
        return self.submission is not None or (self.area is not None and self.indicator is not None)


@dataclass(frozen=True)
class PageQuery:
    """Up to `limit` figures with an id above `after`, as known at a moment."""

    after: int
    limit: int
    known_at: datetime | None = None


class Search:
    """Selects the figures of some partnerships that pass the filters."""

    def __init__(
        self, session: Session, partnerships: Sequence[int], filters: FigureFilters, page_query: PageQuery
    ) -> None:
        self.connection = session.connection()
        self.filters, self.page_query = filters, page_query
        self._of_mine: list[ColumnElement[bool]] = [INDICATOR.c.partnership_id.in_(partnerships)]
        if filters.indicator is not None:
            self._of_mine.append(INDICATOR.c.code == filters.indicator)
        self._mine = select(INDICATOR.c.id).where(*self._of_mine)
        self._conditions = _filter_conditions(filters, page_query.known_at)

    def page(self, *further: ColumnElement[bool]) -> list[int]:
        """Ids of the page; `further` are conditions beside the filters."""
        filters = self.filters
        if filters.is_small:
            return self._of_few(further)
        if filters.period is not None:
            month = parse_period(filters.period).last
            return self._merged(further, range(month, month + 1))
        if filters.area is not None:
            own = FIGURE.c.area_code == filters.area
            return self.first(own, FIGURE.c.id > self.page_query.after, *further, order=FIGURE.c.id)
        if filters.indicator is None and (page := self.ahead(*further)) is not None:
            return page
        last = LARGEST if self.page_query.known_at is None else self._newest_known(self.page_query.known_at)
        months = self._months() if filters.from_ is not None or filters.to is not None else None
        return self._merged(further, months, last)

    def first(self, *conditions: ColumnElement[bool], order: Any = FIGURE.c.id + 0) -> list[int]:
        """First ids that pass the filters and these conditions, up to the page's limit.

        By default few rows pass and they are sorted; with `FIGURE.c.id` itself the index gives the order.
        """
        is_mine = (FIGURE.c.indicator_id + 0).in_(self._mine)
        query = select(FIGURE.c.id).where(*conditions, is_mine, *self._conditions).order_by(order)
        return list(self.connection.execute(query.limit(self.page_query.limit)).scalars())

    def ahead(self, *further: ColumnElement[bool]) -> list[int] | None:
        """Ids among the next `AHEAD` figures; None if they do not fill the page and more figures follow."""
        last = self.page_query.after + AHEAD
        reach = (FIGURE.c.id > self.page_query.after, FIGURE.c.id <= last)
        page = self.first(*reach, *further, order=FIGURE.c.id)
        if len(page) == self.page_query.limit:
            return page
        newest = self.connection.execute(select(func.max(FIGURE.c.id))).scalar()
        return page if last >= (newest or 0) else None

    def _of_few(self, further: Conditions) -> list[int]:
        if self.filters.submission is not None:
            own = FIGURE.c.submission_id == self.filters.submission
            return self.first(own, FIGURE.c.id > self.page_query.after, *further, order=FIGURE.c.id)
        mine = (FIGURE.c.indicator_id.in_(self._mine), FIGURE.c.area_code == self.filters.area)
        return self.first(*mine, FIGURE.c.id + 0 > self.page_query.after, *further)

    def _merged(self, further: Conditions, months: range | None, last: int = LARGEST) -> list[int]:
        """Merges streams that are each in order of id: one for each indicator, or indicator and month.

        The page ends at `last`, or at the id where one stream alone would fill it.
        """
        if months is not None or self.filters.indicator is None:
            months, last = self._narrowed(further, months, last)
        stream = _Stream(self._of_mine, months)
        place = self._place(stream, self.page_query.limit, FIGURE.c.id <= last, *further)
        filled = self.connection.execute(stream.select(func.min(place))).scalar()
        conditions = [FIGURE.c.id > self.page_query.after, FIGURE.c.id <= (filled or last), *further]
        if months is not None:
            conditions.append(FIGURE.c.last_month.in_(months))
        return self.first(FIGURE.c.indicator_id.in_(self._mine), *conditions)

    def _narrowed(self, further: Conditions, months: range | None, last: int) -> tuple[range | None, int]:
        """Narrows months and last id where a few figures of many streams fill the page together."""
        indicators = self.connection.execute(
            select(func.count()).select_from(self._mine.subquery())
        ).scalar_one()
        if months is not None and indicators * len(months) > MOST_STREAMS:
            months = None  # a single figure of a far year would have every month between looked at
        streams = indicators * (1 if months is None else len(months))
        each = min(
            self.page_query.limit, -(-2 * self.page_query.limit // max(1, streams))
        )  # half of them may have fewer
        enough = -(-self.page_query.limit // each)
        stream = _Stream(self._of_mine, months)
        place = self._place(stream, each, FIGURE.c.id <= last, *further)
        query = stream.select(stream.month.label("month"), func.coalesce(place, NOWHERE).label("place"))
        first = self.connection.execute(query.order_by("place").limit(enough)).all()
        filled_streams = [row for row in first if row.place != NOWHERE]
        if months is not None and each == 1:
            # A stream that is not among these begins beyond the page, or not at all.
            ends = [row.month for row in filled_streams]
            months = range(min(ends), max(ends) + 1) if ends else range(0)
        return months, filled_streams[-1].place if len(filled_streams) == enough else last

    def _months(self) -> range:
        """Months between the filters' bounds, from the first to the last in which a figure ends."""
        earliest, latest = (
            select(end(FIGURE.c.last_month))
            .where(FIGURE.c.indicator_id == INDICATOR.c.id)
            .correlate(INDICATOR)
            .scalar_subquery()
            for end in (func.min, func.max)
        )
        query = select(func.min(earliest), func.max(latest)).where(*self._of_mine)
        first, last = self.connection.execute(query).one()
        if first is None:
            return range(0)
        if self.filters.from_ is not None:
            first = max(first, parse_period(self.filters.from_).first)
        if self.filters.to is not None:
            last = min(last, parse_period(self.filters.to).last)
        return range(first, last + 1)

    def _place(self, stream: "_Stream", number: int, *further: ColumnElement[bool]) -> ScalarSelect[Any]:
        """Id of the `number`th figure of a stream after the cursor; null if it has fewer."""
        conditions = (stream.holds, FIGURE.c.id > self.page_query.after, *further, *self._conditions)
        query = select(FIGURE.c.id).where(*conditions).order_by(FIGURE.c.id).limit(1).offset(number - 1)
        return query.correlate(*stream.sources).scalar_subquery()

    def _newest_known(self, known_at: datetime) -> int:
        """Highest id of a figure known by then: each came with a submission, or later with a document."""
        newest = (
            select(func.max(REVISION.c.figure_id))
            .where(REVISION.c.submission_id == SUBMISSION.c.id)
            .correlate(SUBMISSION)
            .scalar_subquery()
        )
        earlier = or_(SUBMISSION.c.recorded_at <= known_at, SUBMISSION.c.via == "plan_document")
        return self.connection.execute(select(func.max(newest)).where(earlier)).scalar() or 0


class _Stream:
    """Figures that one index holds in order of id: of an indicator, or of an indicator and the month they end in."""

    def __init__(self, indicators: Conditions, months: range | None) -> None:
        self._indicators = indicators
        self.sources: list[Any] = [INDICATOR]
        self.holds = FIGURE.c.indicator_id == INDICATOR.c.id
        self.month: ColumnElement[Any] = null()
        self._each: Any = INDICATOR
        if months is not None:
            numbers = _numbers(months)
            self.sources.append(numbers)
            self.month = numbers.c.month
            self.holds = and_(self.holds, FIGURE.c.last_month == self.month)
            self._each = INDICATOR.join(numbers, true())

    def select(self, *columns: Any) -> Select[Any]:
        """Selects one row for every possible stream."""
        return select(*columns).select_from(self._each).where(*self._indicators)


def _numbers(months: range) -> CTE:
    start = select(literal(months.start, Integer).label("month")).where(literal(months.start) < months.stop)
    numbers = start.cte("months", recursive=True)
    return numbers.union_all(select(numbers.c.month + 1).where(numbers.c.month < months.stop - 1))


def _filter_conditions(filters: FigureFilters, known_at: datetime | None) -> list[ColumnElement[bool]]:
    """Conditions of the filters, as comparisons that no index is used for."""
    conditions: list[ColumnElement[bool]] = []
    if filters.area is not None:
        conditions.append(FIGURE.c.area_code == filters.area)
    if filters.period is not None:
        period = parse_period(filters.period)
        conditions += [FIGURE.c.first_month + 0 == period.first, FIGURE.c.last_month + 0 == period.last]
    if filters.from_ is not None:
        conditions.append(FIGURE.c.last_month + 0 >= parse_period(filters.from_).first)
    if filters.to is not None:
        conditions.append(FIGURE.c.last_month + 0 <= parse_period(filters.to).last)
    if filters.submission is not None:
        conditions.append(FIGURE.c.submission_id + 0 == filters.submission)
    if known_at is not None:
        is_known = (REVISION.c.figure_id == FIGURE.c.id, REVISION.c.recorded_at <= known_at)
        conditions.append(exists().where(*is_known).correlate(FIGURE))
    return conditions
