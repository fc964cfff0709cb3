"""Uploads: a file kept and checked, looked over by whoever sent it, then submitted exactly as it was looked over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import AfterValidator
from pydantic_core import to_json
from starlette.responses import Response

from app.api.figures.figure import Correction, refuse_rejected
from app.api.figures.sent_rows import FILES, ODS, XLSX, media_type
from app.api.server import collection, off_loop, openapi
from app.api.server.access import admitting, reading, writing
from app.api.server.base import addresses
from app.api.server.body import UPLOAD
from app.api.server.call import JSON, Read, Write
from app.api.server.collection import PagedEitherWay
from app.api.server.problem import Refused
from app.api.server.step import taking
from app.commands.figures import upload as commands
from app.commands.figures.figure import Manner
from app.domain.access.authority import Actor, Scope
from app.domain.figures.upload_steps import SEND
from app.files.file import from_file
from app.files.row import Table
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.figures.upload import Upload, UploadOut, UploadWithRowsOut
from app.models.wire import one_line
from app.queries.figures import upload as uploads
from app.queries.plan.vocabulary import vocabulary

router = addresses("figures")
Reader = Annotated[Read, reading(Scope.POST_FIGURES)]
Sender = Annotated[Write, writing(Scope.POST_FIGURES)]
Admitted = Annotated[Actor, admitting(Scope.POST_FIGURES)]
SMALL = 300_000
"""Bytes of a file that is checked while its sender waits; a larger one is the worker's."""
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
class Received:
    """A file as it came; read already, where it is small."""

    kind: str
    body: bytes
    table: Table | None


async def received(request: Request, actor: Admitted) -> Received:
    """Reads the body before the ledger is held and off the event loop."""
    kind = FILES.get(media_type(request))
    if kind is None:
        raise Refused(415, "unsupported_media_type", f"Send text/csv, {XLSX} (.xlsx) or {ODS} (.ods).")
    body = await request.body()
    if len(body) > SMALL:
        return Received(kind, body, None)
    known = await off_loop.read(request.app, lambda session: vocabulary(session, actor))
    return Received(kind, body, await off_loop.unpack(request.app, lambda: from_file(kind, body, known)))


async def kept_rows(request: Request, upload_id: str, actor: Admitted) -> Sequence[SentRow]:
    """The rows of the file that is kept, read anew before the ledger is held; none where it is not to be sent."""

    def kept(session: Any) -> tuple[Upload, Any]:
        return uploads.own(session, actor, upload_id), vocabulary(session, actor)

    upload, known = await off_loop.read(request.app, kept)
    if not commands.can_be_sent(upload, actor):
        # Said once the ledger is held, after an earlier answer to this very request was looked for.
        return []
    found = await off_loop.unpack(request.app, lambda: from_file(upload.kind, upload.content, known))
    return found.rows


@router.post(
    "/uploads",
    status_code=201,
    response_model=UploadWithRowsOut,
    responses=openapi.WRITE,
    openapi_extra={"requestBody": BODY, **UPLOAD},
)
def upload_file(
    file: Annotated[Received, Depends(received)],
    call: Sender,
    name: Annotated[
        str, Query(max_length=200, description="The file's name, for people."), AfterValidator(one_line)
    ] = "",
) -> Response:
    """Keep a file of figures and check it: nothing is stored of it as figures until it is submitted.

    A large one is left `waiting` and checked in the background; ask for it again until it is not.
    """
    upload = commands.keep(call.change, name, file.kind, file.body)
    if file.table is not None:
        commands.check(call.change, upload, file.table)
    out = uploads.one(call.session, call.actor, str(upload.id))
    return call.answer(out, 201, location=f"/api/v1/uploads/{upload.id}")


@router.get("/uploads", response_model=collection.page_of(UploadOut), responses=openapi.LIST)
def list_uploads(call: Reader, asked: PagedEitherWay) -> Response:
    """The files you uploaded."""
    after = collection.rows_after(call, asked, Upload)
    rows = uploads.listed(call.session, call.actor, after, collection.order_of(asked, Upload), asked.limit)
    return collection.answer(call, asked, rows, lambda row: row.out)


@router.get("/uploads/{upload_id}", response_model=UploadWithRowsOut, responses=openapi.ONE)
def get_upload(call: Reader, upload_id: str) -> Response:
    """One of them, with what would become of each row."""
    out = uploads.one(call.session, call.actor, upload_id)
    if out["state"] == "waiting":
        # How far it has come changes without a change of anybody's: this answer is good for now alone.
        return Response(to_json(out), media_type=JSON, headers={"Cache-Control": "no-store"})
    return call.answer(out)


@router.post(
    "/uploads/{upload_id}/submit", status_code=201, response_model=ReceiptOut, responses=openapi.WRITE
)
@taking(SEND)
def submit_upload(
    rows: Annotated[Sequence[SentRow], Depends(kept_rows)],
    call: Sender,
    upload_id: str,
    mode: Annotated[
        Literal["atomic", "partial"], Query(description="All rows or none; or the good ones.")
    ] = "atomic",
    correction: Correction = False,
) -> Response:
    """Send the figures of a file that was uploaded, exactly as it is kept, once; the answer is the receipt."""
    upload = uploads.own(call.session, call.actor, upload_id)
    manner = Manner(upload.kind, is_atomic=mode == "atomic", is_correction=correction)
    receipt = commands.send(call.change_in(upload.partnership_id), upload, rows, manner)
    refuse_rejected(receipt)
    return call.answer(receipt, 201, location=f"/api/v1/submissions/{receipt['id']}")
