"""Builds the scorecard frozen at a cut-off, and hides lines whose figures the viewer may no longer see."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from app.config import LONDON
from app.domain.access.author import author
from app.domain.access.authority import Access, Actor, Scope
from app.domain.day import day_words
from app.domain.period import Period
from app.domain.returns.owed_figure import OwedFigure
from app.domain.returns.reporting import StepKind
from app.domain.returns.return_status import ReturnState
from app.models.author import author_out
from app.models.plan.indicator import Indicator, ScorecardItemOut
from app.models.plan.partnership import Partnership
from app.models.returns.reporting_period import LateItemOut, PeriodEvent, Snapshot
from app.queries.figures.read.hidden import hidden_reasons
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement.indicator_header import headers_of
from app.queries.judgement.scorecard import Scorecard
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.plan import plan as plans
from app.queries.returns.agency_return import Return
from app.queries.returns.return_state_words import days_words


def frozen_items(
    session: Session, partnership: Partnership, quarter: Period, today: date, now: datetime
) -> list[ScorecardItemOut]:
    """The scorecard of a quarter as the partnership sees it, without unreleased figures.

    It is judged as known at `now`, so that a later query as known at that moment gets the same.
    """
    viewer = partnership_actor(partnership)
    plan = plans.get_partnership_plan(session, viewer, partnership.id, plans.PlanQuery(quarter))
    visibility = FigureVisibility(session, viewer, partnership.id, today)
    scorecard = Scorecard(session, visibility, partnership, ScorecardQuery(plan, quarter, now, today))
    return scorecard.items(scorecard.placed)


def late_items(returns: list[Return], today: date) -> list[LateItemOut]:
    """Figures owed and not received, each with its own lateness."""
    return [
        LateItemOut(
            indicator=each.indicator.code,
            title=each.indicator.title,
            agency=agency_return.agency.name,
            period_label=each.figure.period.short_label,
            words=missing_words(each.figure, agency_return.status.promised_on, today),
        )
        for agency_return in returns
        for each in agency_return.owed
        if each.figure.received_at is None
    ]


def missing_words(figure: OwedFigure, promised_on: date | None, today: date) -> str:
    """Lateness of a figure that is not there; `promised_on` is the promise of its return that holds."""
    promise = promised_on or figure.promised_on
    if today > figure.due_on and promise is not None and today <= promise:
        return f"{ReturnState.LATE_REASON_GIVEN.label}: promised for {day_words(promise)}"
    if today > figure.due_on:
        return f"{ReturnState.OVERDUE.label}: {days_words((today - figure.due_on).days)}"
    if today >= figure.available_on:
        return f"{ReturnState.DUE.label}: by {day_words(figure.due_on)}"
    return f"{ReturnState.NOT_DUE.label}: exists from {day_words(figure.available_on)}"


def partnership_actor(partnership: Partnership) -> Actor:
    """An actor that sees the figures visible to every agency in the information-sharing agreement."""
    reads = frozenset({Scope.READ, Scope.READ_FIGURES, Scope.READ_SUBMISSIONS, Scope.WRITE_PLAN})
    access = Access(partnership.id, partnership.code, reads, None, None, None, sees_people=True)
    return Actor(name="the partnership", caller="partnership", accesses=(access,))


class CutOff(NamedTuple):
    """A snapshot, and the cut-off that froze it."""

    snapshot: Snapshot
    event: PeriodEvent


def newest_cut_off(session: Session, partnership_id: int, quarter: Period) -> CutOff | None:
    query = (
        select(Snapshot, PeriodEvent)
        .join(PeriodEvent)
        .where(
            PeriodEvent.partnership_id == partnership_id,
            PeriodEvent.first_month == quarter.first,
            PeriodEvent.kind == StepKind.CUT_OFF.value,
        )
        .order_by(col(Snapshot.id).desc())
    )
    row = session.exec(query.limit(1)).first()
    return CutOff(*row) if row is not None else None


def visible_items(
    session: Session, actor: Actor, visibility: FigureVisibility, partnership: Partnership, cut_off: CutOff
) -> list[Any]:
    """Frozen lines; lines with figures that the actor may not see are judged again without those.

    They are judged as known at the cut-off.
    """
    quarter, moment = Period(cut_off.event.first_month, 3), cut_off.event.recorded_at
    lines = [_with_author(line) for line in cut_off.snapshot.items]
    codes = [line["code"] for line in lines]
    frozen = select(Indicator).where(
        Indicator.partnership_id == partnership.id, col(Indicator.code).in_(codes)
    )
    rows = session.exec(frozen).all()
    hidden = hidden_reasons(session, visibility, rows, until=quarter.last)
    if not hidden:
        return lines
    plan_query = plans.PlanQuery(quarter, None, moment)
    plan = plans.get_partnership_plan(session, actor, partnership.id, plan_query)
    query = ScorecardQuery(plan, quarter, moment, moment.astimezone(LONDON).date())
    scorecard = Scorecard(session, visibility, partnership, query)
    headers = [header for header in headers_of(session, partnership) if header.id in hidden]
    judged_again = {line["code"]: line for line in scorecard.items(headers)}
    return [judged_again.get(line["code"], line) for line in lines]


def _with_author(line: dict[str, Any]) -> dict[str, Any]:
    """Adds the target's author to a line frozen before the wire had that field."""
    target = line["target"]
    if "author" in target:
        return line
    recorded_by = target["recorded_by"]
    written_by = author_out(author(recorded_by)) if recorded_by is not None else None
    return {**line, "target": {**target, "author": written_by}}
