"""Files of evidence: uploaded by their content, then referred to by hash, and served to who may read what refers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Request
from pydantic import AfterValidator
from starlette.responses import Response

from app.api.server import openapi, threads
from app.api.server.access import admitting, reading, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.problem import Refused
from app.api.server.strict_json import UPLOAD
from app.commands.record.stored_file import NewFile, sha256_of, store_file
from app.config import Settings
from app.domain.access.authority import Actor, Scope
from app.domain.record.file_kind import FileKind, kind_of_name, not_what_it_says
from app.domain.record.file_room import MIB, require_size
from app.files.evidence import require_content
from app.models.link import Link
from app.models.record.stored_file import StoredFileOut
from app.models.wire import file_name, instant_text
from app.queries import visible
from app.queries.file_reader import readable
from app.queries.record.stored_file import file_room, get_content

router = make_router("files")
Admitted = Annotated[Actor, admitting(Scope.WRITE_PLAN)]
BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "required": True,
    "content": {
        kind.value: {"schema": {"type": "string"}} if kind is FileKind.CSV else BINARY for kind in FileKind
    },
}
Name = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        description="The file's name. Its ending says what kind it is, and the content has to be of that kind.",
        examples=["inspection-letter.pdf"],
    ),
    AfterValidator(file_name),
]


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that is checked and stored, with its size and until when it is kept if nothing refers to it."""

    sha256: str
    size: int
    kind: FileKind
    kept_until: datetime


async def store_body(request: Request, actor: Admitted, name: Name) -> UploadedFile:
    """Checks and stores the file before the ledger is held, so that a slow one delays no other write."""
    settings: Settings = request.app.state.settings
    kind = kind_of_name(name)
    _require_media_type(request, name, kind)
    body = await request.body()
    require_size(len(body), settings.file_mib * MIB)
    partnership_id = await threads.read(
        request.app, lambda session: visible.get_only_partnership(session, actor, Scope.WRITE_PLAN).id
    )
    await threads.parse_file(request.app, lambda: require_content(name, body))
    file = NewFile(partnership_id, sha256_of(body), kind, body)
    kept_until = await threads.write_without_seq(
        request.app, lambda connection: store_file(connection, file, settings, datetime.now(UTC))
    )
    return UploadedFile(file.sha256, len(body), kind, kept_until)


def _require_media_type(request: Request, name: str, kind: FileKind) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in list(FileKind):
        raise Refused(415, "unsupported_media_type", f"Send one of: {', '.join(FileKind)}.")
    if media_type != kind:
        raise not_what_it_says(name, FileKind(media_type))


@router.post(
    "/files",
    status_code=201,
    response_model=StoredFileOut,
    responses=openapi.WRITE,
    openapi_extra={"requestBody": BODY, **UPLOAD},
)
def upload_stored_file(
    file: Annotated[UploadedFile, Depends(store_body)], call: Annotated[Write, writing(Scope.WRITE_PLAN)]
) -> Response:
    """Upload a file, to refer to it as evidence. Nothing refers to it yet: after a day it is deleted.

    The content is checked: PDF, PNG, JPEG, Excel workbooks, Word documents and CSV, without macros, archives or other
    files inside. The same content is stored once. Where there is no room for it the answer is 507 `files_full`.
    """
    call.change.record("file uploaded", "file", file.sha256, bytes=file.size)
    out = StoredFileOut(
        sha256=file.sha256,
        size=file.size,
        media_type=file.kind.value,
        kept_until=instant_text(file.kept_until),
        room_warning=file_room(call.session.connection(), call.settings).warning,
    )
    return call.answer(out, 201, location=Link("files", file.sha256))


@router.get(
    "/files/{sha256}",
    response_class=Response,
    responses={200: {"content": {kind.value: BINARY for kind in FileKind}}, **openapi.ONE},
)
def get_stored_file(call: Annotated[Read, reading(Scope.READ)], sha256: str) -> Response:
    """A file's content, for those who may read what refers to it. It is to be saved, and never shown as a page.

    As every answer it is sent with `X-Content-Type-Options: nosniff`.
    """
    etag = f'"{sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    tags = {
        tag.strip().removeprefix("W/") for tag in call.request.headers.get("if-none-match", "").split(",")
    }
    is_known = bool(tags & {etag, "*"})
    file = get_content(call.session, sha256, readable(call.actor), with_content=not is_known)
    if is_known:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.content, media_type=file.media_type, headers=headers)
