"""Figures: posted in bulk, listed, and each with its revisions."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel, Field
from starlette.responses import Response

from app.api.figures.figure_body import ODS, XLSX, FigureBody, parse_figure_body
from app.api.server import collection, openapi
from app.api.server.access import reading, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.example import FIGURES
from app.api.server.known_at import KnownAt
from app.api.server.problem import Refused
from app.api.server.strict_json import UPLOAD
from app.commands.figures.figure import Manner, submit_figures
from app.domain.access.authority import Scope
from app.domain.number import row_number
from app.models.figures.figure import FigureOut, RevisionOut
from app.models.figures.submission import ReceiptOut
from app.models.finding import ProblemError
from app.models.link import Link
from app.models.wire import PLAIN_DIGITS, PeriodText, QueryYesNo
from app.queries.figures import figure as figures
from app.queries.figures.read.page import FigureFilters, PageQuery

router = make_router("figures")

Correction = Annotated[
    QueryYesNo, Query(description="Corrects figures of a closed quarter: each row that does says why.")
]
FigureId = Annotated[str, AfterValidator(lambda text: str(row_number(text, "The figure")))]
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/FiguresIn"},
            "example": FIGURES,
        },
        "text/csv": {
            "schema": {"type": "string"},
            "example": "indicator,period,value,status\nasb-incidents,2017-18-Q2,3702,provisional\n",
        },
        XLSX: {"schema": {"type": "string", "format": "binary"}},
        ODS: {"schema": {"type": "string", "format": "binary"}},
    },
}


@router.post(
    "/figures",
    status_code=201,
    response_model=ReceiptOut,
    responses={200: {"model": ReceiptOut, "description": "A dry run"}, **openapi.WRITE},
    openapi_extra={"requestBody": BODY, **UPLOAD},
)
def post_figures(
    body: Annotated[FigureBody, Depends(parse_figure_body)],
    call: Annotated[Write, writing(Scope.POST_FIGURES)],
    dry_run: Annotated[QueryYesNo, Query(description="Check everything, keep nothing.")] = False,
    mode: Annotated[
        Literal["atomic", "partial"], Query(description="All rows or none; or the good ones.")
    ] = "atomic",
    correction: Correction = False,
) -> Response:
    """Send figures. Each row is created, revised (with a reason), unchanged or rejected; the answer is the receipt.

    A row replaces the whole figure: a field it leaves out becomes empty. Only an empty `note` in a file leaves the
    stored note.
    """
    via = "form" if body.via == "json" and call.actor.person_id is not None else body.via
    manner = Manner(via, is_atomic=mode == "atomic", is_correction=correction)
    receipt = submit_figures(call.change, body.rows, manner)
    if body.sheets:
        receipt["read"] = body.sheets
    if dry_run:
        without_links = [
            {**row, "figure": row["figure"] if row["outcome"] != "created" else None}
            for row in receipt["rows"]
        ]
        return call.dry_run({**receipt, "id": None, "dry_run": True, "rows": without_links})
    refuse_rejected(receipt)
    return call.answer(receipt, 201, location=Link.to("submissions", receipt["id"]))


def refuse_rejected(receipt: ReceiptOut) -> None:
    """Raises Refused for a rejected receipt, which rolls the change back."""
    if receipt["status"] == "rejected":
        raise _refusal(receipt)


def _refusal(receipt: ReceiptOut) -> Refused:
    errors: list[ProblemError] = [
        {"field": error["field"], "row": row["row"], "code": error["code"], "message": error["message"]}
        for row in receipt["rows"]
        for error in row["errors"]
    ]
    bad = receipt["counts"]["rejected"]
    detail = (
        f"{bad} row{'' if bad == 1 else 's'} need{'s' if bad == 1 else ''} correcting; nothing was stored."
    )
    if {error["code"] for error in errors} == {"period_closed"}:
        refused = Refused(409, "period_closed", errors[0]["message"], errors)
    else:
        refused = Refused(422, "rejected", detail, errors)
    refused.extra = {"counts": receipt["counts"], "rows": receipt["rows"]}
    if "read" in receipt:
        refused.extra["read"] = receipt["read"]
    return refused


class FigureListQuery(BaseModel):
    """Filters of the list of figures."""

    indicator: str | None = None
    period: PeriodText | None = None
    area: str | None = None
    from_: PeriodText | None = Field(None, alias="from", description="Ending in this period or later.")
    to: PeriodText | None = Field(None, description="Ending in this period or earlier.")
    submission: Annotated[str | None, Field(description="Those last sent by it."), PLAIN_DIGITS] = None


@router.get("/figures", response_model=collection.page_of(FigureOut), responses=openapi.LIST)
def list_figures(
    call: Annotated[Read, reading(Scope.READ_FIGURES)],
    page: Paged,
    known_at: KnownAt,
    filters: Annotated[FigureListQuery, Query()],
) -> Response:
    """Figures, in the order they were first sent."""
    number = figures.id_of(filters.submission) if filters.submission is not None else None
    rows = _reader(call).list_figures(
        FigureFilters(filters.indicator, filters.period, filters.area, filters.from_, filters.to, number),
        PageQuery(page.after, page.limit + 1, known_at),
        collection.changed_since(call, page),
        call.today,
    )
    page_rows = collection.cut_page(call, page, rows)
    return collection.respond_items(
        call,
        [row.out for row in page_rows.rows],
        page_rows,
        names=lambda: {"breakdown": figures.dimensions(call.session, call.actor, filters.indicator)},
    )


@router.get("/figures/{figure_id}", response_model=FigureOut, responses=openapi.ONE)
def get_figure(
    call: Annotated[Read, reading(Scope.READ_FIGURES)], figure_id: FigureId, known_at: KnownAt
) -> Response:
    """One figure as it is now, or as it was known earlier."""
    return call.answer(_reader(call).get_figure(figure_id, known_at))


@router.get(
    "/figures/{figure_id}/revisions",
    response_model=collection.page_of(RevisionOut),
    responses=openapi.LIST,
    dependencies=[collection.Formatted],
)
def list_figure_revisions(
    call: Annotated[Read, reading(Scope.READ_FIGURES)], figure_id: FigureId
) -> Response:
    """Revisions of a figure, newest first, each with its author and reason."""
    return collection.respond_items(call, _reader(call).list_revisions(figure_id))


def _reader(call: Read) -> figures.FigureReader:
    return figures.FigureReader(call.session, call.actor, call.visibility)
