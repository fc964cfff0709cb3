"""Selects figures with their newest revision, and converts rows to `FigureRow`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.domain.access.author import Author, author
from app.domain.figures import figure
from app.domain.figures.release import HiddenReason
from app.domain.period import Period
from app.models.author import AuthorOut, author_out
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from app.models.figures.submission import Submission

FIGURE, REVISION, SUBMISSION = table(Figure), table(FigureRevision), table(Submission)
AUTHOR_COLUMNS = (SUBMISSION.c.recorded_by_kind, SUBMISSION.c.recorded_by_id)
ITS_SUBMISSION = SUBMISSION.c.id == REVISION.c.submission_id
"""Joins a revision to its submission."""
STATUSES = {status.value: status for status in figure.FigureStatus}
QUALIFIERS = {qualifier.value: qualifier for qualifier in figure.Qualifier}
MISSING = {missing.value: missing for missing in figure.Missing}
SeriesKey = tuple[int, str, str]
"""Indicator id, area code, breakdown."""


class FigureRow(NamedTuple):
    figure: figure.Figure
    id: int
    revision: int
    note: str
    recorded_at: datetime
    recorded_by: str
    author: Author

    @property
    def period(self) -> Period:
        return self.figure.period

    def hidden(self, reason: HiddenReason) -> "FigureRow":
        """The same row without its values and note."""
        return self._replace(figure=self.figure.without_value(reason), note="")


VALUES = (
    "value",
    "status",
    "qualifier",
    "numerator",
    "denominator",
    "sample_size",
    "margin",
    "margin_level",
    "margin_of",
    "missing",
    "expected_on",
    "note",
    "recorded_at",
    "recorded_by",
)


def select_rows(known_at: datetime | None) -> Select[Any]:
    """Selects figures with today's values, or those known at a moment; later figures are left out."""
    is_newest = (
        and_(REVISION.c.figure_id == FIGURE.c.id, REVISION.c.number == FIGURE.c.revision)
        if known_at is None
        else newest_known(known_at)
    )
    identity = (FIGURE.c.indicator_id, FIGURE.c.area_code, FIGURE.c.breakdown, FIGURE.c.id)
    period = (FIGURE.c.first_month, FIGURE.c.last_month)
    values = (REVISION.c[name] for name in VALUES)
    return (
        select(*identity, *period, REVISION.c.number, *values, *AUTHOR_COLUMNS)
        .select_from(FIGURE)
        .join(REVISION, is_newest)
        .join(SUBMISSION, ITS_SUBMISSION)
    )


def newest_known(known_at: datetime) -> ColumnElement[bool]:
    """Joins a figure to its newest revision recorded by then."""
    earlier = REVISION.alias("earlier")
    newest = (
        select(func.max(earlier.c.number))
        .where(earlier.c.figure_id == FIGURE.c.id, earlier.c.recorded_at <= known_at)
        .correlate(FIGURE)
        .scalar_subquery()
    )
    return and_(REVISION.c.figure_id == FIGURE.c.id, REVISION.c.number == newest)


@lru_cache(maxsize=8192)
def period_of(first_month: int, last_month: int) -> Period:
    return Period(first_month, last_month - first_month + 1)


def to_row(selected: Sequence[Any]) -> tuple[SeriesKey, FigureRow]:
    """Converts a row of `select_rows`."""
    indicator_id, area, breakdown, id_, first, last, revision, value, status, qualifier, *rest = selected
    numerator, denominator, size, margin, level, of, missing, on, note, recorded_at, recorded_by, *by = rest
    read = figure.Figure(
        period_of(first, last),
        value,
        STATUSES[status],
        QUALIFIERS[qualifier],
        numerator,
        denominator,
        size,
        margin,
        level,
        of,
        MISSING[missing] if missing is not None else None,
        on,
    )
    row = FigureRow(read, id_, revision, note, recorded_at, recorded_by, author(recorded_by, *by))
    return (indicator_id, area, breakdown), row


def revision_author(row: Mapping[str, Any]) -> AuthorOut:
    """Author of a revision; `row` holds its `recorded_by` and the AUTHOR_COLUMNS."""
    return author_out(author(row["recorded_by"], row["recorded_by_kind"], row["recorded_by_id"]))
