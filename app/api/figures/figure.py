"""Figures: posted in bulk, listed, and everything each has ever been."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import AfterValidator
from starlette.responses import Response

from app.api.figures.sent_rows import ODS, XLSX, Sent, sent_figures
from app.api.server import collection, openapi
from app.api.server.access import reading, writing
from app.api.server.base import addresses
from app.api.server.body import UPLOAD
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.example import FIGURES
from app.api.server.known_at import KnownAt
from app.api.server.problem import Refused
from app.commands.figures.figure import Manner, submit_figures
from app.domain.access.authority import Scope
from app.domain.number import row_number
from app.models.figures.figure import FigureOut, RevisionOut
from app.models.figures.submission import ReceiptOut
from app.models.finding import ProblemError
from app.models.wire import PLAIN_DIGITS, PeriodText, QueryYesNo
from app.queries.figures import figure as figures
from app.queries.figures.read.page import Part, Wanted

router = addresses("figures")

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
    sent: Annotated[Sent, Depends(sent_figures)],
    call: Annotated[Write, writing(Scope.POST_FIGURES)],
    dry_run: Annotated[QueryYesNo, Query(description="Check everything, keep nothing.")] = False,
    mode: Annotated[
        Literal["atomic", "partial"], Query(description="All rows or none; or the good ones.")
    ] = "atomic",
    correction: Correction = False,
) -> Response:
    """Send figures. Each row is created, revised (with a reason), unchanged or rejected; the answer is the receipt.

    A row says everything of its figure: what it leaves out is not kept. Only an empty `note` in a file leaves the
    note that is there.
    """
    via = "form" if sent.via == "json" and call.actor.person_id is not None else sent.via
    manner = Manner(via, is_atomic=mode == "atomic", is_correction=correction)
    receipt = submit_figures(call.change, sent.rows, manner)
    if sent.sheets:
        receipt["read"] = sent.sheets
    if dry_run:
        without_links = [
            {**row, "figure": row["figure"] if row["outcome"] != "created" else None}
            for row in receipt["rows"]
        ]
        return call.dry_run({**receipt, "id": None, "dry_run": True, "rows": without_links})
    refuse_rejected(receipt)
    return call.answer(receipt, 201, location=f"/api/v1/submissions/{receipt['id']}")


def refuse_rejected(receipt: ReceiptOut) -> None:
    """A receipt of nothing is a refusal, and what went with it is undone."""
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
    extra: dict[str, Any] = {"counts": receipt["counts"], "rows": receipt["rows"]}
    if "read" in receipt:
        extra["read"] = receipt["read"]
    if {error["code"] for error in errors} == {"period_closed"}:
        return Refused(409, "period_closed", errors[0]["message"], errors, extra=extra)
    return Refused(422, "rejected", detail, errors, extra=extra)


@router.get("/figures", response_model=collection.page_of(FigureOut), responses=openapi.LIST)
def list_figures(
    call: Annotated[Read, reading(Scope.READ_FIGURES)],
    asked: Paged,
    known_at: KnownAt,
    indicator: str | None = None,
    period: PeriodText | None = None,
    area: str | None = None,
    from_: Annotated[
        PeriodText | None, Query(alias="from", description="Ending in this period or later.")
    ] = None,
    to: Annotated[PeriodText | None, Query(description="Ending in this period or earlier.")] = None,
    submission: Annotated[str | None, Query(description="Those last sent by it."), PLAIN_DIGITS] = None,
) -> Response:
    """Figures, in the order they were first sent."""
    number = figures.id_of(submission) if submission is not None else None
    rows = figures.listed(
        call.session,
        call.actor,
        call.visibility,
        Wanted(indicator, period, area, from_, to, number),
        Part(asked.after, asked.limit + 1, known_at),
        collection.changed_since(call, asked),
        call.today,
    )
    return collection.answer(
        call,
        asked,
        rows,
        lambda row: row.out,
        names=lambda: {"breakdown": figures.dimensions(call.session, call.actor, indicator)},
    )


@router.get("/figures/{figure_id}", response_model=FigureOut, responses=openapi.ONE)
def get_figure(
    call: Annotated[Read, reading(Scope.READ_FIGURES)], figure_id: FigureId, known_at: KnownAt
) -> Response:
    """One figure as it stands, or as it was known."""
    return call.answer(figures.one(call.session, call.actor, call.visibility, figure_id, known_at))


@router.get(
    "/figures/{figure_id}/revisions",
    response_model=collection.page_of(RevisionOut),
    responses=openapi.LIST,
    dependencies=[collection.Formatted],
)
def list_figure_revisions(
    call: Annotated[Read, reading(Scope.READ_FIGURES)], figure_id: FigureId
) -> Response:
    """Everything a figure has been, newest first, with who changed it and why."""
    return collection.whole(call, figures.revisions(call.session, call.actor, call.visibility, figure_id))
