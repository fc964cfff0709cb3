"""Reads uploaded files; only their uploader sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.figures.upload_steps import STEPS, UploadFacts
from app.domain.number import row_number
from app.domain.workflow import may
from app.models.column import table
from app.models.figures.upload import Upload, UploadOut, UploadWithRowsOut
from app.models.link import Link
from app.models.wire import instant_text

UPLOAD = table(Upload)
BRIEF = [column for column in UPLOAD.columns if column.name not in ("content", "receipt")]


@dataclass(frozen=True, slots=True)
class UploadEntry:
    id: int
    out: UploadOut


def list_uploads(
    session: Session, actor: Actor, after: Sequence[ColumnElement[bool]], order: Any, limit: int
) -> list[UploadEntry]:
    """Up to `limit` + 1 uploads, without their contents."""
    query = _select_own(actor, *BRIEF).where(*after).order_by(order).limit(limit + 1)
    rows = session.connection().execute(query).mappings()
    return [UploadEntry(row["id"], _out(row, actor)) for row in rows]


def get_upload(session: Session, actor: Actor, upload_id: str) -> UploadWithRowsOut:
    query = _select_own(actor, *BRIEF, UPLOAD.c.receipt).where(
        UPLOAD.c.id == row_number(upload_id, "The upload")
    )
    row = session.connection().execute(query).mappings().first()
    if row is None:
        raise NotFound("The upload")
    receipt = row["receipt"] or {"rows": [], "left_empty": 0}
    return UploadWithRowsOut(
        **_out(row, actor),
        done=row["done"],
        total=row["total"],
        left_empty=receipt["left_empty"],
        rows=receipt["rows"],
        read=receipt.get("read", []),
    )


def get_own_row(session: Session, actor: Actor, upload_id: str) -> Upload:
    """The stored row with its content; NotFound if somebody else uploaded it."""
    upload = session.get(Upload, row_number(upload_id, "The upload"))
    if (
        upload is None
        or upload.caller != actor.caller
        or upload.partnership_id not in actor.within(Scope.POST_FIGURES)
    ):
        raise NotFound("The upload")
    return upload


def _select_own(actor: Actor, *columns: Any) -> Select[Any]:
    has_content = (func.length(UPLOAD.c.content) > 0).label("has_content")
    return select(*columns, has_content).where(
        UPLOAD.c.caller == actor.caller, UPLOAD.c.partnership_id.in_(actor.within(Scope.POST_FIGURES))
    )


def _out(row: Any, actor: Actor) -> UploadOut:
    facts = upload_facts(
        row["state"], row["problem"], row["counts"], row["submission_id"], has_content=row["has_content"]
    )
    return UploadOut(
        id=str(row["id"]),
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        counts=row["counts"],
        problem=row["problem"],
        submission=Link.to("submissions", row["submission_id"]),
        may=cast(list[Any], may(STEPS, facts, actor.access_in(row["partnership_id"]))),
        uploaded_at=instant_text(row["uploaded_at"]),
        uploaded_by=row["uploaded_by"],
    )


def upload_facts(
    state: str,
    problem: object,
    counts: Mapping[str, int] | None,
    submission_id: int | None,
    *,
    has_content: bool,
) -> UploadFacts:
    """Facts that decide which steps an upload allows."""
    tally = counts or {}
    return UploadFacts(
        state=state,
        is_readable=problem is None,
        has_content=has_content,
        submission_id=submission_id,
        good=sum(tally.get(name, 0) for name in ("created", "revised", "unchanged")),
        rejected=tally.get("rejected", 0),
    )
