"""Plans: read, summarised, checked; imported and exported as a document."""

from typing import Annotated

from fastapi import Depends, Query, Request
from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import admitting, reading, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.known_at import KnownAt, day_of
from app.api.server.problem import Forbidden, Refused
from app.api.server.strict_json import UPLOAD
from app.db import forget
from app.document.load.load import load
from app.document.print import export_document
from app.document.read import parse_document
from app.document.refusal import DocumentRefused
from app.document.shape import PlanDocument
from app.domain.access.authority import Scope
from app.domain.figures.release import HiddenReason
from app.domain.period_text import parse_period
from app.models.plan.plan import ImportOut, Plan, PlanCheckOut, PlanOut, PlanWithPeriodsOut, SummaryOut
from app.models.wire import PLAIN_DIGITS, PeriodText, QueryYesNo
from app.queries import visible
from app.queries.figures.read.hidden import partnership_hidden_reason
from app.queries.groups.decision import decision_links
from app.queries.judgement import plan_check, summary
from app.queries.judgement.scorecard_item import ScorecardQuery
from app.queries.plan import plan as plans
from app.queries.record.stored_file import file_room

router = make_router("plan")
Reader = Annotated[Read, reading(Scope.READ)]
YAML = "application/yaml"
DOCUMENT = {
    "type": "object",
    "description": "A plan document: openapi/plan-document.schema.json says it whole.",
}
OF_PEOPLE = (
    "The document holds figures that count people, which only those within the partnership's "
    "information-sharing agreement may see."
)
NOT_RELEASED = (
    "The document holds figures that were not released to you; their agency, or who they were released to, "
    "may have it."
)
Version = Annotated[
    int | None, Query(ge=1, le=100_000, description="Absent, the adopted version."), PLAIN_DIGITS
]


@router.get("/plans", response_model=collection.page_of(PlanOut), responses=openapi.LIST)
def list_plans(call: Reader, page: Paged) -> Response:
    """Plans, every version of each; drafts only for those who write plans."""
    query = visible.plans(call.actor).where(*collection.rows_after(call, page, Plan))
    rows = call.session.exec(query.order_by(col(Plan.id)).limit(page.limit + 1)).all()
    links = decision_links(call.session, call.actor.within(Scope.READ), "plans")
    return collection.respond_page(
        call,
        page,
        rows,
        lambda row: plans.plan_out(row, links.get((row.partnership_id, plans.version_ref(row)))),
    )


@router.get("/plans/{code}", response_model=PlanWithPeriodsOut, responses=openapi.ONE)
def get_plan(call: Reader, code: str, version: Version = None) -> Response:
    """One plan, with the quarters that its scorecard can be read for."""
    plan = plans.get_plan(call.session, call.actor, code, version)
    periods = plans.reporting_periods(plan, call.today)
    links = decision_links(call.session, [plan.partnership_id], "plans")
    out = plans.plan_out(plan, links.get((plan.partnership_id, plans.version_ref(plan))))
    return call.answer(PlanWithPeriodsOut(**out, periods=periods))


@router.get(
    "/plans/{code}/checks",
    response_model=collection.page_of(PlanCheckOut),
    responses=openapi.LIST,
    dependencies=[collection.Formatted],
)
def list_plan_checks(call: Reader, code: str, version: Version = None) -> Response:
    """Warnings about the plan itself, each with the indicator or priority it is about."""
    plan = plans.get_plan(call.session, call.actor, code, version)
    visibility = call.visibility(plan.partnership_id)
    return collection.respond_items(call, plan_check.checks(call.session, visibility, plan, call.today))


@router.get("/plans/{code}/summary", response_model=SummaryOut, responses=openapi.ONE)
def get_plan_summary(
    call: Annotated[Read, reading(Scope.READ_FIGURES)],
    code: str,
    known_at: KnownAt,
    version: Version = None,
    period: PeriodText | None = None,
) -> Response:
    """Counts of indicators on track, near and off track, and the tasks for an officer."""
    plan = plans.get_plan(call.session, call.actor, code, version, need=Scope.READ_FIGURES)
    chosen = parse_period(period) if period is not None else None
    query = ScorecardQuery(plan, chosen, known_at, day_of(call.today, known_at))
    access = call.actor.access_in(plan.partnership_id)
    is_staff = access is not None and access.is_staff
    room = file_room(call.session.connection(), call.settings) if is_staff else None
    return call.answer(summary.summary(call.session, call.visibility(plan.partnership_id), query, room))


@router.get(
    "/plans/{code}/document",
    response_class=Response,
    responses={200: {"content": {YAML: {"schema": DOCUMENT}}}, **openapi.ONE},
)
def export_plan(
    call: Annotated[Read, reading(Scope.WRITE_PLAN)], code: str, version: Version = None
) -> Response:
    """The whole partnership and plan as one readable document, which imports as it is."""
    plan = plans.get_plan(call.session, call.actor, code, version, need=Scope.WRITE_PLAN)
    _require_all_figures_visible(call, plan.partnership_id)
    return call.cacheable(export_document(call.session, plan.partnership_id, plan.id).encode(), YAML)


def _require_all_figures_visible(call: Read, partnership_id: int) -> None:
    """Raises Forbidden if a figure is hidden from the actor: a document without it would remove it where imported."""
    reason = partnership_hidden_reason(call.session, call.visibility(partnership_id))
    if reason is HiddenReason.OF_PEOPLE:
        raise Forbidden("figures of people", call.actor, "figures_of_people", OF_PEOPLE)
    if reason is not None:
        raise Forbidden("figures not released", call.actor, "figures_not_released", NOT_RELEASED)


async def parse_document_body(
    request: Request, _admitted: Annotated[None, admitting(Scope.WRITE_PLAN)]
) -> PlanDocument:
    """Parses the document in the body, before the ledger is held."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (YAML, "application/x-yaml", "text/yaml"):
        raise Refused(415, "unsupported_media_type", f"Send the plan document as {YAML}.")
    try:
        return parse_document(await request.body())
    except DocumentRefused as error:
        raise _refused(error) from error


@router.post(
    "/plans/import",
    response_model=ImportOut,
    responses=openapi.WRITE,
    openapi_extra={
        "requestBody": {"required": True, "content": {YAML: {"schema": DOCUMENT}}},
        **UPLOAD,
    },
)
def import_plan(
    document: Annotated[PlanDocument, Depends(parse_document_body)],
    call: Annotated[Write, writing(Scope.WRITE_PLAN)],
    dry_run: Annotated[QueryYesNo, Query(description="Check everything, keep nothing.")] = False,
) -> Response:
    """Import a plan document: all of it or nothing. Importing it again changes nothing."""
    codes = {each.partnership_code for each in call.actor.accesses if Scope.WRITE_PLAN in each.scopes}
    try:
        outcome = load(call.change_in(None), document, partnerships_allowed=codes)
    except DocumentRefused as error:
        raise _refused(error) from error
    out = ImportOut(
        dry_run=dry_run,
        counts=outcome.counts,
        changes=outcome.changes,
        warnings=[
            {"line": line, "code": kind, "message": message} for line, kind, message in outcome.warnings
        ],
        left_alone=outcome.left_alone,
        targets=[
            {**each._asdict(), "judged": not each.not_judged_because}  # type: ignore[typeddict-item]
            for each in outcome.targets
        ],
    )
    if dry_run:
        return call.dry_run(out)
    if not outcome.changes:
        forget(call.session)
    return call.answer(out)


def _refused(error: DocumentRefused) -> Refused:
    return Refused(
        422,
        "document_refused",
        "The document needs correcting; nothing was changed.",
        [
            {"field": f"line {line}", "row": line, "code": code, "message": message}
            for line, code, message in error.errors
        ],
    )
