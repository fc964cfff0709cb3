"""Priorities, and the themes, objectives and actions under them."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from sqlmodel import col, select
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import Paged
from app.domain.access.authority import Scope
from app.domain.errors import NotFound
from app.domain.period import containing
from app.models.plan.action import Action, ActionOut
from app.models.plan.objective import Objective, ObjectiveOut
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority, PriorityOut
from app.models.plan.theme import Theme, ThemeOut
from app.queries.plan import plan as plans

router = make_router("plan")
Reader = Annotated[Read, reading(Scope.READ)]


@router.get("/priorities", response_model=collection.page_of(PriorityOut), responses=openapi.LIST)
def list_priorities(call: Reader, page: Paged, plan: str | None = None) -> Response:
    """Priorities of a plan, by default the one in force, each with its measure lines."""
    plan_row = _get_plan(call, plan)
    query = select(Priority).where(
        Priority.plan_id == plan_row.id, *collection.rows_after(call, page, Priority)
    )
    rows = call.session.exec(query.order_by(col(Priority.id)).limit(page.limit + 1)).all()
    lines = plans.measure_lines(call.session, [row.id for row in rows])
    return collection.respond_page(
        call, page, rows, lambda row: plans.priority_out(row, plan_row, lines.get(row.id, []))
    )


@router.get("/priorities/{code}", response_model=PriorityOut, responses=openapi.ONE)
def get_priority(call: Reader, code: str, plan: str | None = None) -> Response:
    """One priority of a plan."""
    plan_row = _get_plan(call, plan)
    row = call.session.exec(
        select(Priority).where(Priority.plan_id == plan_row.id, Priority.code == code)
    ).first()
    if row is None:
        raise NotFound(f"The priority “{code[:80]}”")
    return call.answer(
        plans.priority_out(row, plan_row, plans.measure_lines(call.session, [row.id]).get(row.id, []))
    )


@router.get("/themes", response_model=collection.page_of(ThemeOut), responses=openapi.LIST)
def list_themes(call: Reader, page: Paged, plan: str | None = None, priority: str | None = None) -> Response:
    """Themes of a plan's priorities."""
    return _respond_part(call, page, PlanPart(Theme, plans.theme_out), plan, priority)


@router.get("/objectives", response_model=collection.page_of(ObjectiveOut), responses=openapi.LIST)
def list_objectives(
    call: Reader, page: Paged, plan: str | None = None, priority: str | None = None
) -> Response:
    """Objectives of a plan's priorities."""
    return _respond_part(call, page, PlanPart(Objective, plans.objective_out), plan, priority)


@router.get("/actions", response_model=collection.page_of(ActionOut), responses=openapi.LIST)
def list_actions(call: Reader, page: Paged, plan: str | None = None, priority: str | None = None) -> Response:
    """Actions of a plan's priorities."""
    return _respond_part(call, page, PlanPart(Action, plans.action_out), plan, priority)


def _get_plan(call: Read, code: str | None) -> Plan:
    partnership = call.partnership()
    query = plans.PlanQuery(containing(call.today, 3), code)
    return plans.get_partnership_plan(call.session, call.actor, partnership.id, query)


class PlanPart(NamedTuple):
    """A table of rows that belong to priorities, and the conversion of a row with its priority's code to JSON."""

    model: Any
    shape: Callable[[Any, str], Any]


def _respond_part(
    call: Read,
    page: collection.Page,
    part: PlanPart,
    plan: str | None,
    priority: str | None,
) -> Response:
    """Responds with the page of a plan's rows, of one priority or of all."""
    plan_row = _get_plan(call, plan)
    codes = {row.id: row.code for row in plans.priorities(call.session, [plan_row.id])}
    if priority is not None and priority not in codes.values():
        raise NotFound(f"The priority “{priority[:80]}”")
    priority_ids = [id_ for id_, code in codes.items() if priority in (None, code)]
    query = select(part.model).where(
        col(part.model.priority_id).in_(priority_ids), *collection.rows_after(call, page, part.model)
    )
    rows = call.session.exec(query.order_by(col(part.model.id)).limit(page.limit + 1)).all()
    return collection.respond_page(call, page, rows, lambda row: part.shape(row, codes[row.priority_id]))
