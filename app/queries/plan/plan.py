"""Reads plans, their priorities and measure lines, and converts their rows to wire shapes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.period import Period, containing, year_named
from app.models.link import Link
from app.models.plan.action import Action, ActionOut
from app.models.plan.measure_line import MeasureLine, MeasureLineOut
from app.models.plan.objective import Objective, ObjectiveOut
from app.models.plan.plan import EmergingIssueOut, Plan, PlanOut, ReportingPeriodOut
from app.models.plan.priority import Priority, PriorityOut
from app.models.plan.theme import Theme, ThemeOut
from app.queries import visible
from app.queries.frame import look_up


def get_plan(
    session: Session, actor: Actor, code: str, version: int | None = None, *, need: Scope = Scope.READ
) -> Plan:
    """The plan of a code in that version; by default the adopted version, else the newest the actor may see.

    Only plans of partnerships where the actor has `need`.
    """
    query = visible.plans(actor).where(Plan.code == code, col(Plan.partnership_id).in_(actor.within(need)))
    if version is not None:
        query = query.where(Plan.version == version)
    versions = session.exec(query.order_by(col(Plan.version).desc())).all()
    if not versions:
        raise _no_plan(code, version)
    if len({plan.partnership_id for plan in versions}) > 1:
        visible.get_only_partnership(session, actor, need)
    return _in_force(versions)


def _no_plan(code: str, version: int | None = None) -> NotFound:
    return NotFound(f"The plan “{code[:80]}”" + (f", version {version}," if version is not None else ""))


def _in_force(versions: Sequence[Plan]) -> Plan:
    """The adopted of one plan's versions, else the newest; `versions` are newest first."""
    return next((plan for plan in versions if plan.status == "adopted"), versions[0])


def default_plans(
    session: Session,
    actor: Actor,
    partnership_ids: Collection[int],
    on: Period,
    known_at: datetime | None = None,
) -> dict[int, Plan]:
    """The adopted plan of each partnership that covers a period, by partnership id.

    Without one: a superseded plan that covers it, else the latest adopted, else any; a partnership without a plan is
    left out. With `known_at`, as adopted at that moment.
    """
    grouped: dict[int, list[Plan]] = {}
    for plan in _visible_plans(session, actor, partnership_ids):
        grouped.setdefault(plan.partnership_id, []).append(plan)
    return {id_: _default_of(plans, on, known_at) for id_, plans in grouped.items()}


def _visible_plans(session: Session, actor: Actor, partnership_ids: Collection[int]) -> Sequence[Plan]:
    """Plans of some partnerships: latest end first, then newest version first."""
    read, write = (frozenset(actor.within(scope)) for scope in (Scope.READ, Scope.WRITE_PLAN))
    own = frozenset(partnership_ids)

    def read_plans() -> Sequence[Plan]:
        query = visible.plans(actor).where(col(Plan.partnership_id).in_(own))
        return session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.version).desc())).all()

    return look_up(session, "plans", (own & read, own & write), read_plans)


def _default_of(plans: Sequence[Plan], on: Period, known_at: datetime | None) -> Plan:
    """The default of a partnership's plans; `plans` have the latest end first."""
    final = _final_versions(plans, known_at)
    newest = {plan.code: plan.version for plan in sorted(final, key=lambda plan: plan.version)}
    adopted = [plan for plan in final if plan.version == newest[plan.code]]
    superseded = [plan for plan in final if plan.version != newest[plan.code]]
    covering = [plan for plan in (*adopted, *superseded) if years(plan).contains(on)]
    return next(iter([*covering, *adopted, *plans]))


def _final_versions(plans: Sequence[Plan], known_at: datetime | None) -> list[Plan]:
    """Versions that are no drafts; with `known_at`, those in force by then, or all if none was."""
    final = [plan for plan in plans if plan.status != "draft"]
    if known_at is None:
        return final
    return [plan for plan in final if plan.in_force_at is None or plan.in_force_at <= known_at] or final


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """One plan of a partnership: of that code, or the default one of a period; as known at a moment, or today."""

    on: Period
    code: str | None = None
    known_at: datetime | None = None


def get_partnership_plan(session: Session, actor: Actor, partnership_id: int, query: PlanQuery) -> Plan:
    """The partnership's plan of a query; NotFound if it has none, even if another partnership has one."""
    if query.code is None:
        plan = default_plans(session, actor, [partnership_id], query.on, query.known_at).get(partnership_id)
        if plan is None:
            raise NotFound("A plan")
        return plan
    plans = [each for each in _visible_plans(session, actor, [partnership_id]) if each.code == query.code]
    if not plans:
        raise _no_plan(query.code)
    newest_first = sorted(plans, key=lambda plan: -plan.version)
    return _in_force(_final_versions(newest_first, query.known_at) or newest_first)


def years(plan: Plan) -> Period:
    """The months a plan covers."""
    first, last = year_named(plan.first_year), year_named(plan.last_year)
    return Period(first.first, last.last - first.first + 1)


def version_ref(plan: Plan) -> str:
    """A version of a plan as its address ends: `plan?version=2`."""
    return f"{plan.code}?version={plan.version}"


def plan_out(plan: Plan, decision: Link | None) -> PlanOut:
    """`decision` adopted it, or decided something else of this version."""
    first, last = year_named(plan.first_year), year_named(plan.last_year)
    one_year = first == last
    period = years(plan)
    return PlanOut(
        id=str(plan.id),
        code=plan.code,
        version=plan.version,
        title=plan.title,
        status=plan.status,
        first_year=str(first),
        last_year=str(last),
        period_label=first.short_label if one_year else f"{first.short_label} to {last.short_label}",
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        baseline_period=plan.baseline_period,
        adopted_on=plan.adopted_on.isoformat() if plan.adopted_on else None,
        aligned_with=plan.aligned_with,
        principles=plan.principles,
        emerging_issues=[
            EmergingIssueOut(title=each["title"], text=each["text"]) for each in plan.emerging_issues
        ],
        source=plan.source,
        note=plan.note,
        decision=decision,
    )


def reporting_periods(plan: Plan, today: date) -> list[ReportingPeriodOut]:
    """Ended quarters of a plan, newest first; if none has ended, the quarter before today's."""
    quarter = containing(today, 3).previous()
    first = years(plan).first
    last = min(quarter.last, years(plan).last)
    quarters = [Period(month, 3) for month in range(first, last - 1, 3)] or [quarter]
    return [ReportingPeriodOut(period=str(each), label=each.label) for each in reversed(quarters)]


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
