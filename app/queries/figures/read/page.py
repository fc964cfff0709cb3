"""Finds the figures of one page of the list, in order of id, reading about as much however many are stored.

A database that is asked for a filter, an order and a limit at once reads all that passes the filter, or all that
comes in that order. So the ids are found first, each kind of question by the index that fits it. A column written
`column + 0` is compared row by row: neither SQLite nor PostgreSQL looks it up in an index.
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
"""Figures that are read one by one before the streams are asked."""
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Wanted:
    """Filters; periods in canonical text, a submission by its id."""

    indicator: str | None = None
    period: str | None = None
    area: str | None = None
    from_: str | None = None
    to: str | None = None
    submission: int | None = None

    @property
    def is_small(self) -> bool:
        """Whether it leaves few figures whatever is stored: one submission's, or one indicator's of an area."""
        return self.submission is not None or (self.area is not None and self.indicator is not None)


@dataclass(frozen=True)
class Part:
    """Which part of the list: up to `limit` figures past the id `after`, as they were known at a moment."""

    after: int
    limit: int
    known_at: datetime | None = None


class Search:
    """The figures of some partnerships that pass the filters."""

    def __init__(self, session: Session, partnerships: Sequence[int], wanted: Wanted, part: Part) -> None:
        self.connection = session.connection()
        self.wanted, self.part = wanted, part
        self._of_mine: list[ColumnElement[bool]] = [INDICATOR.c.partnership_id.in_(partnerships)]
        if wanted.indicator is not None:
            self._of_mine.append(INDICATOR.c.code == wanted.indicator)
        self._mine = select(INDICATOR.c.id).where(*self._of_mine)
        self._filters = _filters(wanted, part.known_at)

    def page(self, *further: ColumnElement[bool]) -> list[int]:
        """The page's ids; `further` are conditions that its figures meet as well."""
        wanted = self.wanted
        if wanted.is_small:
            return self._of_few(further)
        if wanted.period is not None:
            month = parse_period(wanted.period).last
            return self._merged(further, range(month, month + 1))
        if wanted.area is not None:
            own = FIGURE.c.area_code == wanted.area
            return self.first(own, FIGURE.c.id > self.part.after, *further, order=FIGURE.c.id)
        if wanted.indicator is None and (page := self.ahead(*further)) is not None:
            return page
        last = LARGEST if self.part.known_at is None else self._newest_known(self.part.known_at)
        months = self._months() if wanted.from_ is not None or wanted.to is not None else None
        return self._merged(further, months, last)

    def first(self, *conditions: ColumnElement[bool], order: Any = FIGURE.c.id + 0) -> list[int]:
        """The first that pass the filters and these conditions, as many as the page holds.

        They are few, and are sorted; by `FIGURE.c.id` itself they are found in that order.
        """
        is_mine = (FIGURE.c.indicator_id + 0).in_(self._mine)
        query = select(FIGURE.c.id).where(*conditions, is_mine, *self._filters).order_by(order)
        return list(self.connection.execute(query.limit(self.part.limit)).scalars())

    def ahead(self, *further: ColumnElement[bool]) -> list[int] | None:
        """From the next figures of the list; None where those do not fill the page, and more follow."""
        last = self.part.after + AHEAD
        reach = (FIGURE.c.id > self.part.after, FIGURE.c.id <= last)
        page = self.first(*reach, *further, order=FIGURE.c.id)
        if len(page) == self.part.limit:
            return page
        newest = self.connection.execute(select(func.max(FIGURE.c.id))).scalar()
        return page if last >= (newest or 0) else None

    def _of_few(self, further: Conditions) -> list[int]:
        if self.wanted.submission is not None:
            own = FIGURE.c.submission_id == self.wanted.submission
            return self.first(own, FIGURE.c.id > self.part.after, *further, order=FIGURE.c.id)
        mine = (FIGURE.c.indicator_id.in_(self._mine), FIGURE.c.area_code == self.wanted.area)
        return self.first(*mine, FIGURE.c.id + 0 > self.part.after, *further)

    def _merged(self, further: Conditions, months: range | None, last: int = LARGEST) -> list[int]:
        """From streams that are each in order: of one indicator, of its figures that end in one of the months.

        The page reaches no further than `last`, nor than where one of the streams alone would fill it.
        """
        if months is not None or self.wanted.indicator is None:
            months, last = self._narrowed(further, months, last)
        stream = _Stream(self._of_mine, months)
        place = self._place(stream, self.part.limit, FIGURE.c.id <= last, *further)
        filled = self.connection.execute(stream.select(func.min(place))).scalar()
        conditions = [FIGURE.c.id > self.part.after, FIGURE.c.id <= (filled or last), *further]
        if months is not None:
            conditions.append(FIGURE.c.last_month.in_(months))
        return self.first(FIGURE.c.indicator_id.in_(self._mine), *conditions)

    def _narrowed(self, further: Conditions, months: range | None, last: int) -> tuple[range | None, int]:
        """Fewer months, and a nearer last id, where a few figures of many streams would fill the page together."""
        indicators = self.connection.execute(
            select(func.count()).select_from(self._mine.subquery())
        ).scalar_one()
        if months is not None and indicators * len(months) > MOST_STREAMS:
            months = None  # a single figure of a far year would have every month between looked at
        streams = indicators * (1 if months is None else len(months))
        each = min(self.part.limit, -(-2 * self.part.limit // max(1, streams)))  # half of them may have fewer
        enough = -(-self.part.limit // each)
        stream = _Stream(self._of_mine, months)
        place = self._place(stream, each, FIGURE.c.id <= last, *further)
        query = stream.select(stream.month.label("month"), func.coalesce(place, NOWHERE).label("place"))
        first = self.connection.execute(query.order_by("place").limit(enough)).all()
        found = [row for row in first if row.place != NOWHERE]
        if months is not None and each == 1:
            # A stream that is not among these begins beyond the page, or not at all.
            ends = [row.month for row in found]
            months = range(min(ends), max(ends) + 1) if ends else range(0)
        return months, found[-1].place if len(found) == enough else last

    def _months(self) -> range:
        """Those asked for, from the first to the last in which a figure ends."""
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
        if self.wanted.from_ is not None:
            first = max(first, parse_period(self.wanted.from_).first)
        if self.wanted.to is not None:
            last = min(last, parse_period(self.wanted.to).last)
        return range(first, last + 1)

    def _place(self, stream: "_Stream", number: int, *further: ColumnElement[bool]) -> ScalarSelect[Any]:
        """The id of a stream's figure in a place after the cursor, counted from 1; null where it has fewer."""
        conditions = (stream.holds, FIGURE.c.id > self.part.after, *further, *self._filters)
        query = select(FIGURE.c.id).where(*conditions).order_by(FIGURE.c.id).limit(1).offset(number - 1)
        return query.correlate(*stream.sources).scalar_subquery()

    def _newest_known(self, known_at: datetime) -> int:
        """No figure with a higher id was known by then: each came with a submission, or later with a document."""
        newest = (
            select(func.max(REVISION.c.figure_id))
            .where(REVISION.c.submission_id == SUBMISSION.c.id)
            .correlate(SUBMISSION)
            .scalar_subquery()
        )
        earlier = or_(SUBMISSION.c.recorded_at <= known_at, SUBMISSION.c.via == "plan_document")
        return self.connection.execute(select(func.max(newest)).where(earlier)).scalar() or 0


class _Stream:
    """Figures that one index holds in order of id: an indicator's, or those of one that end in one month."""

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
        """A row for every stream there may be."""
        return select(*columns).select_from(self._each).where(*self._indicators)


def _numbers(months: range) -> CTE:
    start = select(literal(months.start, Integer).label("month")).where(literal(months.start) < months.stop)
    numbers = start.cte("months", recursive=True)
    return numbers.union_all(select(numbers.c.month + 1).where(numbers.c.month < months.stop - 1))


def _filters(wanted: Wanted, known_at: datetime | None) -> list[ColumnElement[bool]]:
    """What each figure is asked, whatever it was found by."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.area is not None:
        conditions.append(FIGURE.c.area_code == wanted.area)
    if wanted.period is not None:
        period = parse_period(wanted.period)
        conditions += [FIGURE.c.first_month + 0 == period.first, FIGURE.c.last_month + 0 == period.last]
    if wanted.from_ is not None:
        conditions.append(FIGURE.c.last_month + 0 >= parse_period(wanted.from_).first)
    if wanted.to is not None:
        conditions.append(FIGURE.c.last_month + 0 <= parse_period(wanted.to).last)
    if wanted.submission is not None:
        conditions.append(FIGURE.c.submission_id + 0 == wanted.submission)
    if known_at is not None:
        known = (REVISION.c.figure_id == FIGURE.c.id, REVISION.c.recorded_at <= known_at)
        conditions.append(exists().where(*known).correlate(FIGURE))
    return conditions
