"""Plans and what stands in them, as callers read them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.period import Period, containing, year_named
from app.models.plan.action import Action, ActionOut
from app.models.plan.measure_line import MeasureLine, MeasureLineOut
from app.models.plan.objective import Objective, ObjectiveOut
from app.models.plan.plan import EmergingIssueOut, Plan, PlanOut, ReportingPeriodOut
from app.models.plan.priority import Priority, PriorityOut
from app.models.plan.theme import Theme, ThemeOut
from app.queries import visible
from app.queries.frame import look_up


def named(
    session: Session, actor: Actor, code: str, version: int | None = None, *, need: Scope = Scope.READ
) -> Plan:
    """The plan of that code: the version asked for, else the adopted one, else the newest that the actor may see.

    Only plans of partnerships where the actor has `need`: having it elsewhere opens nothing here.
    """
    query = visible.plans(actor).where(Plan.code == code, col(Plan.partnership_id).in_(actor.within(need)))
    if version is not None:
        query = query.where(Plan.version == version)
    found = session.exec(query.order_by(col(Plan.version).desc())).all()
    if not found:
        raise _no_plan(code, version)
    if len({plan.partnership_id for plan in found}) > 1:
        visible.one_partnership(session, actor, need)
    return _in_force(found)


def _no_plan(code: str, version: int | None = None) -> NotFound:
    return NotFound(f"The plan “{code[:80]}”" + (f", version {version}," if version is not None else ""))


def _in_force(versions: Sequence[Plan]) -> Plan:
    """Of versions of one plan, the newest first."""
    return next((plan for plan in versions if plan.status == "adopted"), versions[0])


def default(
    session: Session, actor: Actor, partnership_id: int, on: Period, known_at: datetime | None = None
) -> Plan | None:
    """The adopted plan that covers a period, else one it superseded that does, else the latest adopted, else any.

    Asked of an earlier moment, what was adopted then.
    """
    return defaults(session, actor, [partnership_id], on, known_at).get(partnership_id)


def defaults(
    session: Session,
    actor: Actor,
    partnership_ids: Collection[int],
    on: Period,
    known_at: datetime | None = None,
) -> dict[int, Plan]:
    """As `default`, of several partnerships, those without a plan left out."""
    found: dict[int, list[Plan]] = {}
    for plan in _plans_in_sight(session, actor, partnership_ids):
        found.setdefault(plan.partnership_id, []).append(plan)
    return {id_: _default_of(of_it, on, known_at) for id_, of_it in found.items()}


def _plans_in_sight(session: Session, actor: Actor, partnership_ids: Collection[int]) -> Sequence[Plan]:
    """Plans of some partnerships, those that reach furthest first, the newest version of each before the others."""
    read, write = (frozenset(actor.within(scope)) for scope in (Scope.READ, Scope.WRITE_PLAN))
    own = frozenset(partnership_ids)

    def read_plans() -> Sequence[Plan]:
        query = visible.plans(actor).where(col(Plan.partnership_id).in_(own))
        return session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.version).desc())).all()

    return look_up(session, "plans", (own & read, own & write), read_plans)


def _default_of(found: Sequence[Plan], on: Period, known_at: datetime | None) -> Plan:
    """Of a partnership's plans, those that reach furthest first."""
    settled = _settled(found, known_at)
    newest = {plan.code: plan.version for plan in sorted(settled, key=lambda plan: plan.version)}
    adopted = [plan for plan in settled if plan.version == newest[plan.code]]
    superseded = [plan for plan in settled if plan.version != newest[plan.code]]
    covering = [plan for plan in (*adopted, *superseded) if years(plan).contains(on)]
    return next(iter([*covering, *adopted, *found]))


def _settled(found: Sequence[Plan], known_at: datetime | None) -> list[Plan]:
    """Versions that are no drafts; of an earlier moment, those in force by then. Before there was any, all."""
    settled = [plan for plan in found if plan.status != "draft"]
    if known_at is None:
        return settled
    return [each for each in settled if each.in_force_at is None or each.in_force_at <= known_at] or settled


def chosen(
    session: Session,
    actor: Actor,
    partnership_id: int,
    code: str | None,
    on: Period,
    known_at: datetime | None = None,
) -> Plan:
    """The partnership's plan of that code, or its default one; NotFound when it has none.

    Another partnership's plan is not found here, even by who may see both.
    """
    if code is not None:
        found = [each for each in _plans_in_sight(session, actor, [partnership_id]) if each.code == code]
        if not found:
            raise _no_plan(code)
        newest_first = sorted(found, key=lambda plan: -plan.version)
        return _in_force(_settled(newest_first, known_at) or newest_first)
    plan = default(session, actor, partnership_id, on, known_at)
    if plan is None:
        raise NotFound("A plan")
    return plan


def years(plan: Plan) -> Period:
    """The run of months a plan is for."""
    first, last = year_named(plan.first_year), year_named(plan.last_year)
    return Period(first.first, last.last - first.first + 1)


def plan_out(plan: Plan) -> PlanOut:
    first, last = year_named(plan.first_year), year_named(plan.last_year)
    one_year = first == last
    whole = years(plan)
    return PlanOut(
        id=str(plan.id),
        code=plan.code,
        version=plan.version,
        title=plan.title,
        status=plan.status,
        first_year=str(first),
        last_year=str(last),
        period_label=first.short_label if one_year else f"{first.short_label} to {last.short_label}",
        period_start=whole.start.isoformat(),
        period_end=whole.end.isoformat(),
        baseline_period=plan.baseline_period,
        adopted_on=plan.adopted_on.isoformat() if plan.adopted_on else None,
        aligned_with=plan.aligned_with,
        principles=plan.principles,
        emerging_issues=[
            EmergingIssueOut(title=each["title"], text=each["text"]) for each in plan.emerging_issues
        ],
        source=plan.source,
        note=plan.note,
    )


def reporting_periods(plan: Plan, today: date) -> list[ReportingPeriodOut]:
    """The quarters of a plan that have ended, newest first; before the first has, the quarter before it."""
    quarter = containing(today, 3).previous()
    first = years(plan).first
    last = min(quarter.last, years(plan).last)
    found = [Period(month, 3) for month in range(first, last - 1, 3)] or [quarter]
    return [ReportingPeriodOut(period=str(each), label=each.label) for each in reversed(found)]


def priorities(session: Session, plan_ids: Iterable[int]) -> Sequence[Priority]:
    return session.exec(
        select(Priority).where(col(Priority.plan_id).in_(list(plan_ids))).order_by(col(Priority.id))
    ).all()


def measure_lines(session: Session, priority_ids: Iterable[int]) -> dict[int, list[MeasureLine]]:
    """Lines of each priority, in the plan's order."""
    lines = session.exec(
        select(MeasureLine)
        .where(col(MeasureLine.priority_id).in_(list(priority_ids)))
        .order_by(col(MeasureLine.position))
    ).all()
    grouped: dict[int, list[MeasureLine]] = {}
    for line in lines:
        grouped.setdefault(line.priority_id, []).append(line)
    return grouped


def priority_out(priority: Priority, plan: Plan, lines: Sequence[MeasureLine]) -> PriorityOut:
    return PriorityOut(
        id=str(priority.id),
        plan=plan.code,
        plan_version=plan.version,
        position=priority.position,
        code=priority.code,
        title=priority.title,
        cross_cutting=priority.cross_cutting,
        aligned_with=priority.aligned_with,
        outcomes=priority.outcomes,
        findings=priority.findings,
        measures=[
            MeasureLineOut(
                code=line.code,
                words=line.words,
                theme=line.theme,
                measured_by=line.measured_by,
                baseline_words=line.baseline_words,
                target_words=line.target_words,
                note=line.note,
                indicators=line.indicators,
            )
            for line in lines
        ],
    )


def theme_out(theme: Theme, priority: str) -> ThemeOut:
    return ThemeOut(
        id=str(theme.id), priority=priority, position=theme.position, code=theme.code, title=theme.title
    )


def objective_out(objective: Objective, priority: str) -> ObjectiveOut:
    return ObjectiveOut(
        id=str(objective.id),
        priority=priority,
        position=objective.position,
        code=objective.code,
        title=objective.title,
        theme=objective.theme,
    )


def action_out(action: Action, priority: str) -> ActionOut:
    return ActionOut(
        id=str(action.id),
        priority=priority,
        position=action.position,
        code=action.code,
        title=action.title,
        objective=action.objective,
        theme=action.theme,
        owner=action.owner,
        delivery_group=action.delivery_group,
        due=action.due,
        intended_change=action.intended_change,
        evidence=action.evidence,
        what_changed=action.what_changed,
    )
