"""Lists figures, gets one, and lists its revisions; now, or as known at a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.figures import figure
from app.domain.figures.release import HiddenReason
from app.domain.number import row_number
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan import indicator
from app.models.column import table
from app.models.figures.figure import FigureOut, FigureValue, RevisionOut
from app.models.link import Link
from app.models.plan.definition import IndicatorVersion
from app.models.plan.indicator import Indicator
from app.models.wire import instant_text, json_number
from app.queries.figures.period_progress import Closes
from app.queries.figures.read.change import Changes
from app.queries.figures.read.detail import read_figures, read_revisions
from app.queries.figures.read.page import FigureFilters, PageQuery, Search
from app.queries.figures.read.row import MISSING, QUALIFIERS, STATUSES, period_of, revision_author
from app.queries.figures.submission_access import visible_links
from app.queries.figures.visibility import FigureVisibility

INDICATOR, INDICATOR_VERSION = table(Indicator), table(IndicatorVersion)
VisibilityIn = Callable[[int], FigureVisibility]
"""Returns an actor's visibility in the partnership of an id."""
VALUES = tuple(FigureValue.model_fields)
HIDDEN: dict[str, Any] = {
    **dict.fromkeys(VALUES),
    "missing": "confidential",
    "note": "",
    "qualifier": "exact",
}
"""Values in place of those of a hidden figure."""


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A figure of a list; its id is the cursor of the next page."""

    id: int
    out: FigureOut


def hidden_values(status: str, why: HiddenReason) -> dict[str, Any]:
    """Values of a figure for a viewer who may not see it."""
    return {**HIDDEN, "status": status, "withheld": why}


class FigureReader:
    """Reads figures for one actor; `visibility_in` decides which values they see."""

    def __init__(self, session: Session, actor: Actor, visibility_in: VisibilityIn) -> None:
        self._session = session
        self._actor = actor
        self._partnerships = actor.within(Scope.READ_FIGURES)
        self._visibility_in = visibility_in
        self._closes = Closes(session)

    def list_figures(
        self, filters: FigureFilters, page: PageQuery, since: int | None, today: date
    ) -> list[FigureEntry]:
        """One page of the list, in order of id; with `since`, of figures changed after that ledger number."""
        search = Search(self._session, self._partnerships, filters, page)
        ids = search.page() if since is None else Changes(self._session, search, since, today).page()
        rows = read_figures(self._session, self._partnerships, ids, page.known_at)
        indicators = _indicators(self._session, {row.indicator_id for row in rows})
        return [FigureEntry(row.id, self._out(row, indicators[row.indicator_id])) for row in rows]

    def get_figure(self, figure_id: str, known_at: datetime | None) -> FigureOut:
        return self._out(*self._get_row(figure_id, known_at))

    def list_revisions(self, figure_id: str) -> list[RevisionOut]:
        """Revisions of a figure, newest first."""
        row, measured = self._get_row(figure_id, None)
        figure_out = self._out(row, measured)
        revisions = read_revisions(self._session, row.id)
        receipts = visible_links(self._session, self._actor, (each["submission_id"] for each in revisions))
        return [
            _revision_out(each, measured, figure_out, receipts.get(each["submission_id"]))
            for each in revisions
        ]

    def _get_row(self, figure_id: str, known_at: datetime | None) -> tuple[Row[Any], Indicator]:
        """The figure of that id, and its indicator. NotFound if the actor may not see it, or if it came later."""
        rows = read_figures(self._session, self._partnerships, [id_of(figure_id)], known_at)
        row = next(iter(rows), None)
        if row is None:
            raise NotFound("The figure")
        return row, _indicators(self._session, {row.indicator_id})[row.indicator_id]

    def _out(self, row: Row[Any], measured: Indicator) -> FigureOut:
        after_close = self._closes.came_after(measured.partnership_id, row.last_month, row.recorded_at)
        return _figure_out(row, measured, self._visibility_in(measured.partnership_id), after_close)


def dimensions(session: Session, actor: Actor, code: str | None) -> list[str]:
    """Breakdown dimensions of every indicator the actor may read, or of one.

    Includes dimensions an indicator no longer has, as old figures may carry them.
    """
    visible = INDICATOR.c.partnership_id.in_(actor.within(Scope.READ_FIGURES))
    query = (
        select(INDICATOR.c.breakdowns, INDICATOR_VERSION.c.breakdowns)
        .outerjoin(INDICATOR_VERSION, INDICATOR_VERSION.c.indicator_id == INDICATOR.c.id)
        .where(visible, *([INDICATOR.c.code == code] if code is not None else []))
    )
    rows = session.connection().execute(query).all()
    return sorted({name for row in rows for breakdowns in row for name in breakdowns or ()})


def domain_figure(row: Mapping[str, Any], period: Period) -> figure.Figure:
    """Converts a stored row to the domain's figure."""
    return figure.Figure(
        period,
        row["value"],
        STATUSES[row["status"]],
        QUALIFIERS[row["qualifier"]],
        row["numerator"],
        row["denominator"],
        row["sample_size"],
        row["margin"],
        row["margin_level"],
        row["margin_of"],
        MISSING[row["missing"]] if row["missing"] is not None else None,
        row["expected_on"],
        row.get("withheld"),
    )


def words_and_mark(
    row: Mapping[str, Any], period: Period, measured: indicator.Indicator, revised: bool
) -> tuple[str, str]:
    """Words of a stored figure, and its shorthand mark."""
    stored = domain_figure(row, period)
    return figure.figure_words(stored, measured), figure.mark(stored, revised=revised)


def breakdown_of(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def id_of(text: str) -> int:
    return row_number(text, "The figure")


def _indicators(session: Session, ids: set[int]) -> dict[int, Indicator]:
    if not ids:
        return {}
    rows = session.scalars(select(Indicator).where(INDICATOR.c.id.in_(ids)))
    return {row.id: row for row in rows}


def _figure_out(
    row: Row[Any], measured: Indicator, visibility: FigureVisibility, after_close: bool
) -> FigureOut:
    period = period_of(row.first_month, row.last_month)
    withheld = visibility.hidden_reason(measured, row.last_month)
    values: Mapping[str, Any] = hidden_values(row.status, withheld) if withheld else dict(row._mapping)
    next_release = visibility.next_release(measured, row.last_month) if withheld is None else None
    words, mark = words_and_mark(values, period, measured.judged(), row.revision > 1 or after_close)
    return FigureOut(
        id=str(row.id),
        indicator=row.code,
        indicator_title=row.title,
        period=str(period),
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        period_label=period.label,
        area=row.area_code,
        breakdown=breakdown_of(row.breakdown),
        value=json_number(values["value"]),
        words=words,
        mark=mark,
        numerator=json_number(values["numerator"]),
        denominator=json_number(values["denominator"]),
        sample_size=values["sample_size"],
        margin=json_number(values["margin"]),
        margin_level=json_number(values["margin_level"]),
        margin_of=values["margin_of"],
        status=values["status"],
        qualifier=values["qualifier"],
        missing=values["missing"],
        withheld=withheld,
        expected_on=values["expected_on"].isoformat() if values["expected_on"] else None,
        note=values["note"],
        released_to=visibility.audience(measured, row.last_month) if withheld is None else None,
        release_from=next_release.from_on.isoformat() if next_release is not None else None,
        revision=row.revision,
        revised_after_close=after_close,
        recorded_at=instant_text(row.recorded_at),
        submission=Link.to("submissions", row.submission_id),
    )


def _revision_out(
    row: Mapping[str, Any], measured: Indicator, figure_out: FigureOut, receipt: Link | None
) -> RevisionOut:
    withheld = HiddenReason(figure_out["withheld"]) if figure_out["withheld"] else None
    values: Mapping[str, Any] = hidden_values(row["status"], withheld) if withheld else row
    words, mark = words_and_mark(
        values, parse_period(figure_out["period"]), measured.judged(), row["number"] > 1
    )
    return RevisionOut(
        number=row["number"],
        value=json_number(values["value"]),
        words=words,
        mark=mark,
        numerator=json_number(values["numerator"]),
        denominator=json_number(values["denominator"]),
        status=values["status"],
        qualifier=values["qualifier"],
        missing=values["missing"],
        withheld=withheld,
        expected_on=values["expected_on"].isoformat() if values["expected_on"] else None,
        note=values["note"],
        reason="" if withheld else row["reason"],
        recorded_at=instant_text(row["recorded_at"]),
        recorded_by=row["recorded_by"],
        author=revision_author(row),
        submission=receipt,
    )
