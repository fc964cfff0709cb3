"""Uploads: a file is stored and checked, previewed by its sender, then submitted exactly as previewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, BaseModel, Field
from starlette.responses import Response

from app.api.figures.figure import Correction, refuse_rejected
from app.api.figures.figure_body import FILES, ODS, XLSX, media_type
from app.api.server import collection, openapi, threads
from app.api.server.access import admitting, reading, writing
from app.api.server.base import make_router
from app.api.server.call import JSON, Read, Write
from app.api.server.collection import PagedInEitherOrder
from app.api.server.encode import to_json
from app.api.server.problem import Refused
from app.api.server.step import taking
from app.api.server.strict_json import UPLOAD
from app.commands.figures import upload as commands
from app.commands.figures.figure import Manner
from app.domain.access.authority import Actor, Scope
from app.domain.figures.upload_steps import SEND
from app.files.file import from_file
from app.files.row import Table
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.figures.upload import Upload, UploadOut, UploadWithRowsOut
from app.models.link import Link
from app.models.wire import Reason, one_line
from app.queries.figures import upload as uploads
from app.queries.plan.vocabulary import vocabulary

router = make_router("figures")
Reader = Annotated[Read, reading(Scope.POST_FIGURES)]
Sender = Annotated[Write, writing(Scope.POST_FIGURES)]
Admitted = Annotated[Actor, admitting(Scope.POST_FIGURES)]
SMALL = 300_000
"""Most bytes of a file checked during the request; the worker checks a larger one."""
BODY = {
    "required": True,
    "content": {
        "text/csv": {
            "schema": {"type": "string"},
            "example": "indicator,period,value,status\nasb-incidents,2017-18-Q2,3702,provisional\n",
        },
        XLSX: {"schema": {"type": "string", "format": "binary"}},
        ODS: {"schema": {"type": "string", "format": "binary"}},
    },
}


@dataclass(frozen=True, slots=True)
class UploadBody:
    """An uploaded file; parsed already if it is small."""

    kind: str
    body: bytes
    table: Table | None


class SubmitQuery(BaseModel):
    """How a file is submitted."""

    mode: Literal["atomic", "partial"] = Field("atomic", description="All rows or none; or the good ones.")
    correction: Correction = False
    reason: Reason | None = Field(
        None, description="Why they are corrected, for rows that give no reason of their own."
    )


async def parse_upload(request: Request, actor: Admitted) -> UploadBody:
    """Reads the file, and parses a small one in a thread, before the ledger is held."""
    kind = FILES.get(media_type(request))
    if kind is None:
        raise Refused(415, "unsupported_media_type", f"Send text/csv, {XLSX} (.xlsx) or {ODS} (.ods).")
    body = await request.body()
    if len(body) > SMALL:
        return UploadBody(kind, body, None)
    words = await threads.read(request.app, lambda session: vocabulary(session, actor))
    table = await threads.parse_file(request.app, lambda: from_file(kind, body, words))
    return UploadBody(kind, body, table)


async def stored_rows(request: Request, upload_id: str, actor: Admitted) -> Sequence[SentRow]:
    """Parses the stored file again, before the ledger is held; no rows if it cannot be sent."""

    def read_upload(session: Any) -> tuple[Upload, Any]:
        return uploads.get_own_row(session, actor, upload_id), vocabulary(session, actor)

    upload, words = await threads.read(request.app, read_upload)
    if not commands.can_be_sent(upload, actor):
        # The handler refuses it, after looking for the stored answer to a repeated request.
        return []
    table = await threads.parse_file(request.app, lambda: from_file(upload.kind, upload.content, words))
    return table.rows


@router.post(
    "/uploads",
    status_code=201,
    response_model=UploadWithRowsOut,
    responses=openapi.WRITE,
    openapi_extra={"requestBody": BODY, **UPLOAD},
)
def upload_file(
    file: Annotated[UploadBody, Depends(parse_upload)],
    call: Sender,
    name: Annotated[
        str, Query(max_length=200, description="The file's name, for people."), AfterValidator(one_line)
    ] = "",
) -> Response:
    """Upload a file of figures and check it. No figure is stored until it is submitted.

    A large file is `waiting` while it is checked in the background; read it again until it is not.
    """
    upload = commands.store(call.change, name, file.kind, file.body)
    if file.table is not None:
        commands.check(call.change, upload, file.table)
    out = uploads.get_upload(call.session, call.actor, str(upload.id))
    return call.answer(out, 201, location=Link("uploads", upload.id))


@router.get("/uploads", response_model=collection.page_of(UploadOut), responses=openapi.LIST)
def list_uploads(call: Reader, page: PagedInEitherOrder) -> Response:
    """The files you uploaded."""
    after = collection.rows_after(call, page, Upload)
    rows = uploads.list_uploads(
        call.session, call.actor, after, collection.order_of(page, Upload), page.limit
    )
    return collection.respond_page(call, page, rows, lambda row: row.out)


@router.get("/uploads/{upload_id}", response_model=UploadWithRowsOut, responses=openapi.ONE)
def get_upload(call: Reader, upload_id: str) -> Response:
    """One upload, with a preview of each row."""
    out = uploads.get_upload(call.session, call.actor, upload_id)
    if out["state"] == "waiting":
        # Its progress changes without a ledger number, so the answer cannot be cached.
        return Response(to_json(out), media_type=JSON, headers={"Cache-Control": "no-store"})
    return call.answer(out)


@router.post(
    "/uploads/{upload_id}/submit", status_code=201, response_model=ReceiptOut, responses=openapi.WRITE
)
@taking(SEND)
def submit_upload(
    rows: Annotated[Sequence[SentRow], Depends(stored_rows)],
    call: Sender,
    upload_id: str,
    query: Annotated[SubmitQuery, Query()],
) -> Response:
    """Submit the figures of an uploaded file, exactly as stored, once; the answer is the receipt."""
    upload = uploads.get_own_row(call.session, call.actor, upload_id)
    manner = Manner(upload.kind, is_atomic=query.mode == "atomic", is_correction=query.correction)
    if query.correction and query.reason is not None:
        rows = [row.with_reason(query.reason) for row in rows]
    receipt = commands.send(call.change_in(upload.partnership_id), upload, rows, manner)
    refuse_rejected(receipt)
    return call.answer(receipt, 201, location=Link.to("submissions", receipt["id"]))
