"""Figures as callers read them: one, a list, everything one has been; now, or as known on a day."""

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
from app.models.plan.definition import IndicatorEdition
from app.models.plan.indicator import Indicator
from app.models.wire import instant_text, json_number
from app.queries.figures.quarter_step import Closes
from app.queries.figures.read.change import Changes
from app.queries.figures.read.listed import read_figures, read_revisions
from app.queries.figures.read.page import Part, Search, Wanted
from app.queries.figures.read.row import MISSING, QUALIFIERS, STATUSES, period_of, revision_author
from app.queries.figures.visibility import FigureVisibility

INDICATOR, EDITION = table(Indicator), table(IndicatorEdition)
VisibilityIn = Callable[[int], FigureVisibility]
"""Gives an actor's visibility in a partnership, by its id."""
VALUES = tuple(FigureValue.model_fields)
HIDDEN: dict[str, Any] = {
    **dict.fromkeys(VALUES),
    "missing": "confidential",
    "note": "",
    "qualifier": "exact",
}
"""What stands in for a figure that an actor may not see."""


@dataclass(frozen=True, slots=True)
class Listed:
    id: int
    out: FigureOut


def kept_back(status: str, why: HiddenReason) -> dict[str, Any]:
    """The values of a figure as those see it who may not."""
    return {**HIDDEN, "status": status, "withheld": why}


def listed(
    session: Session,
    actor: Actor,
    visibility_in: VisibilityIn,
    wanted: Wanted,
    part: Part,
    since: int | None,
    today: date,
) -> list[Listed]:
    """A part of the list, in order of id; with `since`, of what changed after that ledger number."""
    search = Search(session, actor.within(Scope.READ_FIGURES), wanted, part)
    ids = search.page() if since is None else Changes(session, search, since, today).page()
    rows = read_figures(session, actor.within(Scope.READ_FIGURES), ids, part.known_at)
    measured = _indicators(session, {row.indicator_id for row in rows})
    closes = Closes(session)
    return [Listed(row.id, _out(row, measured[row.indicator_id], visibility_in, closes)) for row in rows]


def dimensions(session: Session, actor: Actor, code: str | None) -> list[str]:
    """Dimensions that figures may be broken down by: of every indicator the actor may read, or of one.

    A dimension that an indicator has no more counts too, since figures of it may be left.
    """
    visible = INDICATOR.c.partnership_id.in_(actor.within(Scope.READ_FIGURES))
    query = (
        select(INDICATOR.c.breakdowns, EDITION.c.breakdowns)
        .outerjoin(EDITION, EDITION.c.indicator_id == INDICATOR.c.id)
        .where(visible, *([INDICATOR.c.code == code] if code is not None else []))
    )
    rows = session.connection().execute(query).all()
    return sorted({name for row in rows for breakdowns in row for name in breakdowns or ()})


def one(
    session: Session, actor: Actor, visibility_in: VisibilityIn, figure_id: str, known_at: datetime | None
) -> FigureOut:
    row, measured = _row_named(session, actor, figure_id, known_at)
    return _out(row, measured, visibility_in, Closes(session))


def revisions(
    session: Session, actor: Actor, visibility_in: VisibilityIn, figure_id: str
) -> list[RevisionOut]:
    """Newest first."""
    row, measured = _row_named(session, actor, figure_id, None)
    figure_out = _out(row, measured, visibility_in, Closes(session))
    return [_revision_out(each, measured, figure_out) for each in read_revisions(session, row.id)]


def _row_named(
    session: Session, actor: Actor, figure_id: str, known_at: datetime | None
) -> tuple[Row[Any], Indicator]:
    """The figure of that id, and its indicator. NotFound: the actor may not see it, or it was not known by then."""
    partnerships = actor.within(Scope.READ_FIGURES)
    row = next(iter(read_figures(session, partnerships, [id_of(figure_id)], known_at)), None)
    if row is None:
        raise NotFound("The figure")
    return row, _indicators(session, {row.indicator_id})[row.indicator_id]


def domain_figure(row: Mapping[str, Any], period: Period) -> figure.Figure:
    """A stored row as judging takes it."""
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


def said(
    row: Mapping[str, Any], period: Period, measured: indicator.Indicator, revised: bool
) -> tuple[str, str]:
    """A figure's words and its shorthand mark."""
    made = domain_figure(row, period)
    return figure.words(made, measured), figure.mark(made, revised=revised)


def breakdown_of(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def id_of(text: str) -> int:
    return row_number(text, "The figure")


def _indicators(session: Session, ids: set[int]) -> dict[int, Indicator]:
    if not ids:
        return {}
    rows = session.scalars(select(Indicator).where(INDICATOR.c.id.in_(ids)))
    return {row.id: row for row in rows}


def _out(row: Row[Any], measured: Indicator, visibility_in: VisibilityIn, closes: Closes) -> FigureOut:
    period = period_of(row.first_month, row.last_month)
    visibility = visibility_in(measured.partnership_id)
    withheld = visibility.hidden_reason(measured, row.last_month)
    values: Mapping[str, Any] = kept_back(row.status, withheld) if withheld else dict(row._mapping)
    coming = visibility.coming(measured, row.last_month) if withheld is None else None
    after_close = closes.came_after(measured.partnership_id, row.last_month, row.recorded_at)
    words, mark = said(values, period, measured.judged(), row.revision > 1 or after_close)
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
        release_from=coming.from_on.isoformat() if coming is not None else None,
        revision=row.revision,
        revised_after_close=after_close,
        recorded_at=instant_text(row.recorded_at),
        submission=Link.to("submissions", row.submission_id),
    )


def _revision_out(row: Mapping[str, Any], measured: Indicator, figure_out: FigureOut) -> RevisionOut:
    withheld = HiddenReason(figure_out["withheld"]) if figure_out["withheld"] else None
    values: Mapping[str, Any] = kept_back(row["status"], withheld) if withheld else row
    words, mark = said(values, parse_period(figure_out["period"]), measured.judged(), row["number"] > 1)
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
        submission=Link.to("submissions", row["submission_id"]),
    )
