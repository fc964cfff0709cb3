"""Quarters: when each is cut off, what was frozen then, what is left to do, and its close."""

from typing import Annotated, Any, cast

from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.returns import reporting_period as commands
from app.domain.access.audience import Audience
from app.domain.access.authority import Scope
from app.domain.errors import NotFound
from app.domain.period import Period
from app.domain.returns.quarter_steps import CLOSE, CUT_OFF, PLAN, REOPEN, STEPS
from app.domain.returns.reporting import Progress
from app.domain.workflow import may
from app.models.returns.reporting_period import (
    ChecklistOut,
    PeriodOut,
    PeriodPatch,
    PeriodWithStepsOut,
    ReopenIn,
    SnapshotOut,
    StepIn,
)
from app.models.wire import instant_text
from app.queries.figures.quarter_step import of_quarter, steps
from app.queries.returns import quarter_left, reported_quarter, snapshot
from app.queries.returns import reporting_period as periods

router = make_router("returns")
Reader = Annotated[Read, reading(Scope.READ)]
Planner = Annotated[Write, writing(PLAN.need)]
Closer = Annotated[Write, writing(CLOSE.need)]


@router.get("/reporting-periods", response_model=collection.page_of(PeriodOut), responses=openapi.LIST)
def list_reporting_periods(call: Reader, page: Paged) -> Response:
    """The quarters of the partnership's plans up to now, oldest first."""
    id_ = call.partnership().id
    found = steps(call.session, id_)
    since = collection.changed_since(call, page)
    quarters = reported_quarter.quarters(call.session, id_, call.today)
    if since is not None:
        quarters = periods.changed_since(call.session, id_, quarters, since)
    quarters = [quarter for quarter in quarters if quarter.first > page.after]
    return collection.respond_page(
        call,
        page,
        quarters,
        lambda quarter: periods.period_out(quarter, found.get(quarter.first, Progress())),
        id_of=lambda quarter: int(quarter.first),
    )


@router.get("/reporting-periods/{period}", response_model=PeriodWithStepsOut, responses=openapi.ONE)
def get_reporting_period(call: Reader, period: str) -> Response:
    """One quarter. Its ETag is what a change of its dates needs."""
    return _answer(call, _named(call, period))


@router.patch("/reporting-periods/{period}", response_model=PeriodWithStepsOut, responses=openapi.EDIT)
@taking(PLAN)
def plan_reporting_period(call: Planner, period: str, body: PeriodPatch) -> Response:
    """Set when it is cut off, and when the Board meets."""
    quarter, found = _stood(call, period)
    require_if_match(call.request, periods.version(call.session, call.partnership().id, quarter))
    commands.plan_dates(call.change, quarter, found, body)
    return _answer(call, quarter)


@router.post(
    "/reporting-periods/{period}/cut-off", response_model=PeriodWithStepsOut, responses=openapi.WRITE
)
@taking(CUT_OFF)
def cut_off_reporting_period(call: Closer, period: str, body: StepIn) -> Response:
    """Freeze the quarter's figures, ratings and reasons as they stand, for the Board."""
    quarter, found = _stood(call, period)
    commands.cut_off(call.change, quarter, found, body.note)
    return _answer(call, quarter)


@router.post("/reporting-periods/{period}/close", response_model=PeriodWithStepsOut, responses=openapi.WRITE)
@taking(CLOSE)
def close_reporting_period(call: Closer, period: str, body: StepIn) -> Response:
    """Lock the quarter's figures. A later change is a correction, and says so."""
    quarter, found = _stood(call, period)
    commands.close(call.change, quarter, found, body.note)
    return _answer(call, quarter)


@router.post("/reporting-periods/{period}/reopen", response_model=PeriodWithStepsOut, responses=openapi.WRITE)
@taking(REOPEN)
def reopen_reporting_period(call: Closer, period: str, body: ReopenIn) -> Response:
    """Unlock a closed quarter, with the reason on record."""
    quarter, found = _stood(call, period)
    commands.reopen(call.change, quarter, found, body.reason)
    return _answer(call, quarter)


@router.get("/reporting-periods/{period}/checklist", response_model=ChecklistOut, responses=openapi.ONE)
def get_checklist(call: Annotated[Read, reading(Scope.READ_SUBMISSIONS)], period: str) -> Response:
    """What stands between a quarter and its close."""
    quarter, found = _stood(call, period)
    _partner(call)
    return call.answer(
        quarter_left.checklist(call.session, call.actor, call.partnership(), quarter, found, call.today)
    )


@router.get("/reporting-periods/{period}/snapshot", response_model=SnapshotOut, responses=openapi.ONE)
def get_snapshot(call: Annotated[Read, reading(Scope.READ_SUBMISSIONS)], period: str) -> Response:
    """What was frozen at the quarter's newest cut-off; for the partnership itself."""
    quarter = _named(call, period)
    _partner(call)
    newest = snapshot.newest(call.session, call.partnership().id, quarter)
    if newest is None:
        raise NotFound("The snapshot")
    frozen, event = newest
    items = snapshot.visible_items(
        call.session,
        call.actor,
        call.visibility(),
        call.partnership(),
        quarter,
        frozen.items,
        event.recorded_at,
    )
    late: list[Any] = frozen.late
    return call.answer(
        SnapshotOut(
            period=str(quarter),
            period_label=quarter.label,
            taken_at=instant_text(event.recorded_at),
            taken_by=event.recorded_by,
            items=items,
            late_items=late,
        )
    )


def _named(call: Call, period: str) -> Period:
    return periods.named(call.session, call.partnership(), period, call.today)


def _stood(call: Call, period: str) -> tuple[Period, Progress]:
    quarter = _named(call, period)
    return quarter, of_quarter(call.session, call.partnership().id, quarter)


def _partner(call: Call) -> None:
    """What is frozen holds the partnership's own figures: nobody wider is given it."""
    access = call.actor.access_in(call.partnership().id)
    if access is None or access.audience is not Audience.PARTNERSHIP:
        raise NotFound("This list")


def _answer(call: Read | Write, quarter: Period) -> Response:
    partnership = call.partnership()
    found = of_quarter(call.session, partnership.id, quarter)
    facts = periods.quarter_facts(quarter, found, call.today)
    steps_now = cast(list[Any], may(STEPS, facts, call.access()))
    out = PeriodWithStepsOut(**periods.period_out(quarter, found), may=steps_now)
    return call.answer(out, version=periods.version(call.session, partnership.id, quarter))
