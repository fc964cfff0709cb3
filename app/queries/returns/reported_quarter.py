"""Which quarters a partnership reports on, by which version of its plan, and by which indicators."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from app.domain.period import Period, containing
from app.models.plan.definition import Definition
from app.models.plan.indicator import Indicator
from app.models.plan.plan import Plan
from app.queries.figures.period_progress import close_seqs
from app.queries.plan import plan as plans
from app.queries.plan.indicator_version import IndicatorVersions


def quarters(session: Session, partnership_id: int, today: date) -> list[Period]:
    """The quarters reported on so far, oldest first: of adopted plans, up to the one today is in.

    A plan that rolls on, 2017-20 refreshed as 2018-21, leaves the quarters before it to the version it follows:
    what was closed stays there to be read, and what is still owed stays owed.
    """
    versions = _versions(session, partnership_id)
    begins = {plan.code: plans.years(plan).first for plan in versions if plan.status == "adopted"}
    now = containing(today, 3)
    found: set[Period] = set()
    for plan in versions:
        years = plans.years(plan)
        last = years.last if plan.status == "adopted" else min(years.last, begins[plan.code] - 1)
        found.update(Period(month, 3) for month in range(years.first, min(now.last, last) - 1, 3))
    return sorted(found)


def _versions(session: Session, partnership_id: int) -> list[Plan]:
    """Adopted plans, those that reach furthest first, each followed by the versions it took over from."""
    query = select(Plan).where(Plan.partnership_id == partnership_id, Plan.status != "draft")
    every = session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.version).desc())).all()
    places = {plan.code: place for place, plan in enumerate(every) if plan.status == "adopted"}
    return sorted(
        (plan for plan in every if plan.code in places), key=lambda plan: (places[plan.code], -plan.version)
    )


def _in_force(versions: Iterable[Plan], quarter: Period) -> Plan | None:
    """The plan a quarter is reported by: of its versions the newest adopted by the quarter's end, else the first.

    What a later refresh adds is not owed for quarters that were over before it.
    """
    covering = [plan for plan in versions if plans.years(plan).contains(quarter)]
    come = (plan for plan in covering if plan.adopted_on is None or plan.adopted_on <= quarter.end)
    return next(come, covering[-1] if covering else None)


class Measured(NamedTuple):
    row: Indicator
    defined: Definition
    """What it is for the quarter: today's word, or as it stood at its close."""


def measured(session: Session, partnership_id: int, wanted: Sequence[Period]) -> dict[Period, list[Measured]]:
    """The indicators that the plan in force in each quarter measures by, in the partnership's order."""
    every = session.exec(
        select(Indicator)
        .where(Indicator.partnership_id == partnership_id)
        .order_by(col(Indicator.position), col(Indicator.id))
    ).all()
    closed = close_seqs(session, partnership_id)
    indicator_versions = (
        IndicatorVersions(session, every) if any(quarter.first in closed for quarter in wanted) else None
    )
    versions = _versions(session, partnership_id)
    codes = {plan.id: _codes(session, plan) for plan in versions}
    made = {}
    for quarter in wanted:
        plan = _in_force(versions, quarter)
        placed = codes[plan.id] if plan is not None else set()
        close = closed.get(quarter.first)
        found = (
            Measured(
                row,
                indicator_versions.at_seq(row, close)
                if indicator_versions is not None and close is not None
                else row,
            )
            for row in every
            if row.code in placed
        )
        made[quarter] = [each for each in found if not _retired(each.defined, quarter)]
    return made


def _codes(session: Session, plan: Plan) -> set[str]:
    ids = [priority.id for priority in plans.priorities(session, [plan.id])]
    lines = plans.measure_lines(session, ids)
    return {code for group in lines.values() for line in group for code in line.indicators}


def _retired(defined: Definition, quarter: Period) -> bool:
    return defined.retired_on is not None and defined.retired_on <= quarter.end
