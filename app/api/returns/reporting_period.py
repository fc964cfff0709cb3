"""Quarters: their dates, cut-off with the snapshot, checklist and close."""

from typing import Annotated, Any, cast

from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import honour_if_match, reading, require_if_match, writing
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
from app.queries.figures.period_progress import get_progress, progress_by_quarter
from app.queries.returns import reporting_period as periods
from app.queries.returns import snapshot
from app.queries.returns.close_checklist import close_checklist

router = make_router("returns")
Reader = Annotated[Read, reading(Scope.READ)]
Planner = Annotated[Write, writing(PLAN.need)]
Closer = Annotated[Write, writing(CLOSE.need)]


@router.get("/reporting-periods", response_model=collection.page_of(PeriodOut), responses=openapi.LIST)
def list_reporting_periods(call: Reader, page: Paged) -> Response:
    """Quarters of the partnership's plans up to now, oldest first."""
    id_ = call.partnership().id
    progress_by_month = progress_by_quarter(call.session, id_)
    since = collection.changed_since(call, page)
    quarters = periods.list_quarters(call.session, id_, call.today)
    if since is not None:
        quarters = periods.changed_since(call.session, id_, quarters, since)
    quarters = [quarter for quarter in quarters if quarter.first > page.after]
    decisions = periods.decisions_by_quarter(call.session, id_)
    return collection.respond_page(
        call,
        page,
        quarters,
        lambda quarter: periods.period_out(
            quarter,
            progress_by_month.get(quarter.first, Progress()),
            call.access(),
            decisions.get(str(quarter)),
        ),
        id_of=lambda quarter: int(quarter.first),
    )


@router.get("/reporting-periods/{period}", response_model=PeriodWithStepsOut, responses=openapi.ONE)
def get_reporting_period(call: Reader, period: str) -> Response:
    """One quarter. A change of its dates needs its ETag, and a step takes it."""
    return _respond(call, _get_quarter(call, period))


@router.patch("/reporting-periods/{period}", response_model=PeriodWithStepsOut, responses=openapi.EDIT)
@taking(PLAN)
def plan_reporting_period(call: Planner, period: str, body: PeriodPatch) -> Response:
    """Set the dates of the cut-off and of the Board's meeting."""
    quarter, progress = _get_progress(call, period)
    require_if_match(call.request, periods.version(call.session, call.partnership().id, quarter))
    commands.plan_dates(call.change, quarter, progress, body)
    return _respond(call, quarter)


@router.post("/reporting-periods/{period}/cut-off", response_model=PeriodWithStepsOut, responses=openapi.STEP)
@taking(CUT_OFF)
def cut_off_reporting_period(call: Closer, period: str, body: StepIn) -> Response:
    """Freeze the quarter's figures, ratings and reasons as they are, for the Board."""
    quarter, progress = _get_unchanged(call, period)
    commands.cut_off(call.change, quarter, progress, body.note)
    return _respond(call, quarter)


@router.post("/reporting-periods/{period}/close", response_model=PeriodWithStepsOut, responses=openapi.STEP)
@taking(CLOSE)
def close_reporting_period(call: Closer, period: str, body: StepIn) -> Response:
    """Lock the quarter's figures. A later change has to be marked as a correction."""
    quarter, progress = _get_unchanged(call, period)
    commands.close(call.change, quarter, progress, body.note)
    return _respond(call, quarter)


@router.post("/reporting-periods/{period}/reopen", response_model=PeriodWithStepsOut, responses=openapi.STEP)
@taking(REOPEN)
def reopen_reporting_period(call: Closer, period: str, body: ReopenIn) -> Response:
    """Unlock a closed quarter, with the reason on record."""
    quarter, progress = _get_unchanged(call, period)
    commands.reopen(call.change, quarter, progress, body.reason)
    return _respond(call, quarter)


@router.get("/reporting-periods/{period}/checklist", response_model=ChecklistOut, responses=openapi.ONE)
def get_checklist(call: Annotated[Read, reading(Scope.READ_SUBMISSIONS)], period: str) -> Response:
    """Tasks to do before a quarter is closed."""
    quarter = _get_quarter(call, period)
    _require_partner(call)
    return call.answer(close_checklist(call.session, call.actor, call.partnership(), quarter, call.today))


@router.get("/reporting-periods/{period}/snapshot", response_model=SnapshotOut, responses=openapi.ONE)
def get_snapshot(call: Annotated[Read, reading(Scope.READ_FIGURES)], period: str) -> Response:
    """The figures, ratings and reasons frozen at the quarter's newest cut-off; for the Board and the partnership.

    A line with a figure that you may not see is judged as at the cut-off, without that figure.
    """
    quarter = _get_quarter(call, period)
    if not call.access().reads_snapshots:
        raise NotFound("The snapshot")
    cut_off = snapshot.newest_cut_off(call.session, call.partnership().id, quarter)
    if cut_off is None:
        raise NotFound("The snapshot")
    items = snapshot.visible_items(call.session, call.actor, call.visibility(), call.partnership(), cut_off)
    late: list[Any] = cut_off.snapshot.late
    return call.answer(
        SnapshotOut(
            period=str(quarter),
            period_label=quarter.label,
            taken_at=instant_text(cut_off.event.recorded_at),
            taken_by=cut_off.event.recorded_by,
            items=items,
            late_items=late,
        )
    )


def _get_quarter(call: Call, period: str) -> Period:
    return periods.get_quarter(call.session, call.partnership(), period, call.today)


def _get_progress(call: Call, period: str) -> tuple[Period, Progress]:
    quarter = _get_quarter(call, period)
    return quarter, get_progress(call.session, call.partnership().id, quarter)


def _get_unchanged(call: Write, period: str) -> tuple[Period, Progress]:
    """As `_get_progress`, for a step; 412 if another was taken after the version in If-Match."""
    quarter, progress = _get_progress(call, period)
    honour_if_match(call.request, periods.version(call.session, call.partnership().id, quarter))
    return quarter, progress


def _require_partner(call: Call) -> None:
    """Raises NotFound for an audience wider than the partnership: the list is for those who work on the close."""
    access = call.actor.access_in(call.partnership().id)
    if access is None or access.audience is not Audience.PARTNERSHIP:
        raise NotFound("This list")


def _respond(call: Read | Write, quarter: Period) -> Response:
    partnership = call.partnership()
    progress = get_progress(call.session, partnership.id, quarter)
    facts = periods.quarter_facts(quarter, progress, call.today)
    steps_now = cast(list[Any], may(STEPS, facts, call.access()))
    decision = periods.decisions_by_quarter(call.session, partnership.id).get(str(quarter))
    out = PeriodWithStepsOut(**periods.period_out(quarter, progress, call.access(), decision), may=steps_now)
    return call.answer(out, version=periods.version(call.session, partnership.id, quarter))
