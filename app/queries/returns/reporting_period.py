"""Reads reporting periods: the quarters reported on, their indicators, and their state."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.config import LONDON
from app.domain.day import day_words
from app.domain.errors import NotFound, RuleBroken
from app.domain.period import Period, containing
from app.domain.period_text import parse_period
from app.domain.returns.quarter_steps import QuarterFacts
from app.domain.returns.reporting import Progress
from app.models.link import Link
from app.models.plan.definition import Definition
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from app.models.returns.reporting_period import PeriodEvent, PeriodOut
from app.models.wire import instant_text
from app.queries.figures.day_reached import day_reached
from app.queries.figures.period_progress import close_seqs
from app.queries.groups.decision import decision_links, subjects_since
from app.queries.plan import plan as plans
from app.queries.plan.indicator_version import IndicatorVersions

COLLECTION = "reporting-periods"
LABELS = {"open": "Open", "cut_off": "Cut off", "closed": "Closed"}


def list_quarters(session: Session, partnership_id: int, today: date) -> list[Period]:
    """Quarters of adopted plans up to the current one, oldest first.

    A plan refreshed with later years (2017-20 as 2018-21) leaves the earlier quarters to the version before it:
    closed ones stay readable, and owed figures stay owed.
    """
    versions = _plan_versions(session, partnership_id)
    begins = {plan.code: plans.years(plan).first for plan in versions if plan.status == "adopted"}
    now = containing(today, 3)
    quarters: set[Period] = set()
    for plan in versions:
        years = plans.years(plan)
        last = years.last if plan.status == "adopted" else min(years.last, begins[plan.code] - 1)
        quarters.update(Period(month, 3) for month in range(years.first, min(now.last, last) - 1, 3))
    return sorted(quarters)


def get_quarter(session: Session, partnership: Partnership, text: str, today: date) -> Period:
    """The quarter of a canonical text; NotFound if the partnership's plans do not report on it."""
    try:
        quarter = parse_period(text)
    except RuleBroken as error:
        raise NotFound("The quarter") from error
    if quarter not in list_quarters(session, partnership.id, today):
        raise NotFound("The quarter")
    return quarter


def version(session: Session, partnership_id: int, quarter: Period) -> int:
    """Number of steps taken with a quarter: its version for If-Match."""
    query = select(PeriodEvent.id).where(
        PeriodEvent.partnership_id == partnership_id, PeriodEvent.first_month == quarter.first
    )
    return len(session.exec(query).all())


def changed_since(
    session: Session, partnership_id: int, quarters: Iterable[Period], since: int
) -> list[Period]:
    """Quarters with a step or a decision after a ledger number, or that began after the day it was reached."""
    query = select(PeriodEvent.first_month).where(
        PeriodEvent.partnership_id == partnership_id, PeriodEvent.seq > since
    )
    stepped, day = set(session.exec(query)), day_reached(session, since)
    decided = subjects_since(session, partnership_id, COLLECTION, since)
    return [each for each in quarters if each.first in stepped or each.start > day or str(each) in decided]


def decisions_by_quarter(session: Session, partnership_id: int) -> dict[str, Link]:
    """The newest decision about each quarter that has one, by the quarter's canonical text."""
    links = decision_links(session, [partnership_id], COLLECTION)
    return {ref: link for (_, ref), link in links.items()}


def _plan_versions(session: Session, partnership_id: int) -> list[Plan]:
    """Adopted plans, latest end first, each followed by the versions it superseded."""
    query = select(Plan).where(Plan.partnership_id == partnership_id, Plan.status != "draft")
    every = session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.version).desc())).all()
    places = {plan.code: place for place, plan in enumerate(every) if plan.status == "adopted"}
    return sorted(
        (plan for plan in every if plan.code in places), key=lambda plan: (places[plan.code], -plan.version)
    )


def _plan_in_force(versions: Iterable[Plan], quarter: Period) -> Plan | None:
    """Version of the plan that a quarter is reported by: the newest adopted by its end, else the first.

    Indicators that a later refresh adds are not owed for quarters that ended before it.
    """
    covering = [plan for plan in versions if plans.years(plan).contains(quarter)]
    adopted = (plan for plan in covering if plan.adopted_on is None or plan.adopted_on <= quarter.end)
    return next(adopted, covering[-1] if covering else None)


class MeasuredIndicator(NamedTuple):
    row: Indicator
    defined: Definition
    """Its definition for the quarter: at its close if it is closed, else today's."""


def measured_indicators(
    session: Session, partnership_id: int, quarters: Sequence[Period]
) -> dict[Period, list[MeasuredIndicator]]:
    """Indicators that the plan in force in each quarter measures by, in the partnership's order."""
    every = session.exec(
        select(Indicator)
        .where(Indicator.partnership_id == partnership_id)
        .order_by(col(Indicator.position), col(Indicator.id))
    ).all()
    closes = close_seqs(session, partnership_id)
    versions = IndicatorVersions(session, every) if any(each.first in closes for each in quarters) else None
    plan_versions = _plan_versions(session, partnership_id)
    codes = {plan.id: _indicator_codes(session, plan) for plan in plan_versions}
    by_quarter = {}
    for quarter in quarters:
        plan = _plan_in_force(plan_versions, quarter)
        placed = codes[plan.id] if plan is not None else set()
        close = closes.get(quarter.first)
        indicators = (
            MeasuredIndicator(row, _definition(row, versions, close)) for row in every if row.code in placed
        )
        by_quarter[quarter] = [each for each in indicators if not _is_retired(each.defined, quarter)]
    return by_quarter


def _definition(row: Indicator, versions: IndicatorVersions | None, close: int | None) -> Definition:
    """Definition at the ledger number of a quarter's close; today's if it is open."""
    return versions.at_seq(row, close) if versions is not None and close is not None else row


def _indicator_codes(session: Session, plan: Plan) -> set[str]:
    ids = [priority.id for priority in plans.priorities(session, [plan.id])]
    lines = plans.measure_lines(session, ids)
    return {code for group in lines.values() for line in group for code in line.indicators}


def _is_retired(defined: Definition, quarter: Period) -> bool:
    return defined.retired_on is not None and defined.retired_on <= quarter.end


def period_out(quarter: Period, progress: Progress, decision: Link | None) -> PeriodOut:
    """`decision` is the newest about the quarter."""
    planned, cut_off, closed, reopened = (
        progress.planned,
        progress.cut_off,
        progress.closed,
        progress.reopened,
    )
    cut_off_on = planned.cut_off_on if planned is not None else None
    board_on = planned.board_on if planned is not None else None
    return PeriodOut(
        id=str(quarter),
        period=str(quarter),
        period_label=quarter.label,
        period_start=quarter.start.isoformat(),
        period_end=quarter.end.isoformat(),
        state=progress.state,
        label=LABELS[progress.state],
        words=_state_words(progress, cut_off_on, board_on),
        cut_off_on=cut_off_on.isoformat() if cut_off_on is not None else None,
        board_on=board_on.isoformat() if board_on is not None else None,
        cut_off_at=instant_text(cut_off.at) if cut_off is not None else None,
        cut_off_by=cut_off.by if cut_off is not None else None,
        closed_at=instant_text(closed.at) if closed is not None else None,
        closed_by=closed.by if closed is not None else None,
        reopened_at=instant_text(reopened.at) if reopened is not None else None,
        reopened_by=reopened.by if reopened is not None else None,
        reopened_because=reopened.reason if reopened is not None else None,
        period_name=quarter.short_label,
        decision=decision,
    )


def _state_words(progress: Progress, cut_off_on: date | None, board_on: date | None) -> str:
    if progress.closed is not None:
        return f"Closed on {on_words(progress.closed.at)}: its figures are locked."
    if progress.reopened is not None:
        return f"Reopened on {on_words(progress.reopened.at)}: {progress.reopened.reason}"
    if progress.cut_off is not None:
        board = f" for the Board on {day_words(board_on)}" if board_on is not None else ""
        return (
            f"Cut off on {on_words(progress.cut_off.at)}{board}. What comes now is late, until it is closed."
        )
    if cut_off_on is None:
        return "No cut-off is set."
    board = f" for the Board on {day_words(board_on)}" if board_on is not None else ""
    return f"Cut off is planned for {day_words(cut_off_on)}{board}."


def on_words(instant: datetime) -> str:
    """The London day of an instant, in words."""
    return day_words(_day(instant))


def _day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def quarter_facts(quarter: Period, progress: Progress, today: date) -> QuarterFacts:
    """Facts that decide which steps a quarter allows."""
    return QuarterFacts(
        quarter=quarter,
        was_cut_off_on=_day(progress.cut_off.at) if progress.cut_off is not None else None,
        was_closed_on=_day(progress.closed.at) if progress.closed is not None else None,
        is_reopened=progress.reopened is not None,
        today=today,
    )
