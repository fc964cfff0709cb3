"""Figures as callers read them: one, a list, everything one has been; now, or as known on a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, Select, and_, func, select
from sqlmodel import Session

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.figures import figure
from app.domain.figures.release import Withheld
from app.domain.number import row_number
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan import indicator
from app.models.column import table
from app.models.figures.figure import Figure, FigureOut, FigureRevision, FigureValue, RevisionOut
from app.models.plan.definition import IndicatorEdition
from app.models.plan.indicator import Indicator
from app.models.wire import instant_text, json_number
from app.queries.figures.change import Changes
from app.queries.figures.page import Part, Search, Wanted
from app.queries.figures.quarter_step import Closes
from app.queries.figures.revision_author import AUTHOR_COLUMNS, ITS_SUBMISSION, SUBMISSION, revision_author
from app.queries.figures.sight import Sight

FIGURE, REVISION, INDICATOR = table(Figure), table(FigureRevision), table(Indicator)
EDITION = table(IndicatorEdition)
SightIn = Callable[[int], Sight]
"""An actor's sight in a partnership, by its id."""
VALUES = tuple(FigureValue.model_fields)
STATUSES = {status.value: status for status in figure.FigureStatus}
QUALIFIERS = {qualifier.value: qualifier for qualifier in figure.Qualifier}
MISSING = {missing.value: missing for missing in figure.Missing}
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


@lru_cache(maxsize=8192)
def period_of(first_month: int, last_month: int) -> Period:
    return Period(first_month, last_month - first_month + 1)


def kept_back(status: str, why: Withheld) -> dict[str, Any]:
    """The values of a figure as those see it who may not."""
    return {**HIDDEN, "status": status, "withheld": why}


def listed(
    session: Session,
    actor: Actor,
    sight_in: SightIn,
    wanted: Wanted,
    part: Part,
    since: int | None,
    today: date,
) -> list[Listed]:
    """A part of the list, in order of id; with `since`, of what changed after that ledger number."""
    search = Search(session, actor.within(Scope.READ_FIGURES), wanted, part)
    ids = search.page() if since is None else Changes(session, search, since, today).page()
    query = _figures(actor, part.known_at).where(FIGURE.c.id.in_(ids)).order_by(FIGURE.c.id)
    rows = session.connection().execute(query).all()
    measured = _indicators(session, {row.indicator_id for row in rows})
    closes = Closes(session)
    return [Listed(row.id, _out(row, measured[row.indicator_id], sight_in, closes)) for row in rows]


def dimensions(session: Session, actor: Actor, code: str | None) -> list[str]:
    """What figures may be broken down by: those in sight, or one indicator's. A dimension that an indicator
    has no more counts too, since figures of it may be left."""
    in_sight = INDICATOR.c.partnership_id.in_(actor.within(Scope.READ_FIGURES))
    query = (
        select(INDICATOR.c.breakdowns, EDITION.c.breakdowns)
        .outerjoin(EDITION, EDITION.c.indicator_id == INDICATOR.c.id)
        .where(in_sight, *([INDICATOR.c.code == code] if code is not None else []))
    )
    rows = session.connection().execute(query).all()
    return sorted({name for row in rows for breakdowns in row for name in breakdowns or ()})


def one(
    session: Session, actor: Actor, sight_in: SightIn, figure_id: str, known_at: datetime | None
) -> FigureOut:
    query = _figures(actor, known_at).where(FIGURE.c.id == id_of(figure_id))
    row = session.connection().execute(query).first()
    if row is None:
        raise NotFound("The figure")
    owner = _indicators(session, {row.indicator_id})[row.indicator_id]
    return _out(row, owner, sight_in, Closes(session))


def revisions(session: Session, actor: Actor, sight_in: SightIn, figure_id: str) -> list[RevisionOut]:
    """Newest first."""
    figure_out = one(session, actor, sight_in, figure_id, None)
    query = (
        select(REVISION, *AUTHOR_COLUMNS)
        .join(SUBMISSION, ITS_SUBMISSION)
        .where(REVISION.c.figure_id == id_of(figure_id))
        .order_by(REVISION.c.number.desc())
    )
    rows = session.connection().execute(query).mappings().all()
    owner = session.connection().execute(
        select(FIGURE.c.indicator_id).where(FIGURE.c.id == id_of(figure_id))
    ).scalar_one()  # fmt: skip
    measured = _indicators(session, {owner})[owner]
    return [_revision_out(dict(row), measured, figure_out) for row in rows]


def as_dicts(rows: Result[Any]) -> list[dict[str, Any]]:
    """Rows by column name. A result's own mappings look every name up anew, which many rows make dear."""
    names = tuple(rows.keys())
    return [dict(zip(names, row, strict=True)) for row in rows.all()]


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


def _figures(actor: Actor, known_at: datetime | None) -> Select[Any]:
    """Figures in sight, each with the values it has, or had on a day; figures nobody knew yet are left out."""
    identity = [
        FIGURE.c.id,
        FIGURE.c.indicator_id,
        FIGURE.c.area_code,
        FIGURE.c.breakdown,
        FIGURE.c.first_month,
        FIGURE.c.last_month,
    ]
    source = FIGURE if known_at is None else REVISION
    number = FIGURE.c.revision if known_at is None else REVISION.c.number
    said_at = [number.label("revision"), source.c.recorded_at, source.c.submission_id]
    query = (
        select(*identity, *said_at, *(source.c[name] for name in VALUES), INDICATOR.c.code, INDICATOR.c.title)
        .select_from(FIGURE)
        .join(INDICATOR, INDICATOR.c.id == FIGURE.c.indicator_id)
        .where(INDICATOR.c.partnership_id.in_(actor.within(Scope.READ_FIGURES)))
    )
    if known_at is None:
        return query
    return query.join(REVISION, newest_known(known_at))


def newest_known(known_at: datetime) -> ColumnElement[bool]:
    """Joins a figure to the newest revision that was recorded by then."""
    earlier = REVISION.alias("earlier")
    newest = (
        select(func.max(earlier.c.number))
        .where(earlier.c.figure_id == FIGURE.c.id, earlier.c.recorded_at <= known_at)
        .correlate(FIGURE)
        .scalar_subquery()
    )
    return and_(REVISION.c.figure_id == FIGURE.c.id, REVISION.c.number == newest)


def _indicators(session: Session, ids: set[int]) -> dict[int, Indicator]:
    if not ids:
        return {}
    rows = session.scalars(select(Indicator).where(INDICATOR.c.id.in_(ids)))
    return {row.id: row for row in rows}


def _out(row: Row[Any], measured: Indicator, sight_in: SightIn, closes: Closes) -> FigureOut:
    period = period_of(row.first_month, row.last_month)
    sight = sight_in(measured.partnership_id)
    withheld = sight.withholds(measured, row.last_month)
    values: Mapping[str, Any] = kept_back(row.status, withheld) if withheld else dict(row._mapping)
    coming = sight.coming(measured, row.last_month) if withheld is None else None
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
        released_to=sight.audience(measured, row.last_month) if withheld is None else None,
        release_from=coming.from_on.isoformat() if coming is not None else None,
        revision=row.revision,
        revised_after_close=after_close,
        recorded_at=instant_text(row.recorded_at),
        submission=f"/api/v1/submissions/{row.submission_id}",
    )


def _revision_out(row: Mapping[str, Any], measured: Indicator, figure_out: FigureOut) -> RevisionOut:
    withheld = Withheld(figure_out["withheld"]) if figure_out["withheld"] else None
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
        submission=f"/api/v1/submissions/{row['submission_id']}",
    )
