"""Files that somebody uploaded: seen by nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.domain.number import row_number
from app.models.column import table
from app.models.figures.upload import Upload, UploadOut, UploadWithRowsOut
from app.models.wire import instant_text

UPLOAD = table(Upload)
BRIEF = [column for column in UPLOAD.columns if column.name not in ("content", "receipt")]


@dataclass(frozen=True, slots=True)
class Listed:
    id: int
    out: UploadOut


def listed(
    session: Session, actor: Actor, after: Sequence[ColumnElement[bool]], order: Any, limit: int
) -> list[Listed]:
    """Up to `limit` + 1, without their contents."""
    query = _own(actor, *BRIEF).where(*after).order_by(order).limit(limit + 1)
    rows = session.connection().execute(query).mappings()
    return [Listed(row["id"], _out(row)) for row in rows]


def one(session: Session, actor: Actor, upload_id: str) -> UploadWithRowsOut:
    query = _own(actor, *BRIEF, UPLOAD.c.receipt).where(UPLOAD.c.id == row_number(upload_id, "The upload"))
    row = session.connection().execute(query).mappings().first()
    if row is None:
        raise NotFound("The upload")
    receipt = row["receipt"] or {"rows": [], "left_empty": 0}
    return UploadWithRowsOut(
        **_out(row),
        done=row["done"],
        total=row["total"],
        left_empty=receipt["left_empty"],
        rows=receipt["rows"],
    )


def own(session: Session, actor: Actor, upload_id: str) -> Upload:
    """The row itself, its content with it; NotFound where it is another's."""
    found = session.get(Upload, row_number(upload_id, "The upload"))
    if (
        found is None
        or found.caller != actor.caller
        or found.partnership_id not in actor.within(Scope.POST_FIGURES)
    ):
        raise NotFound("The upload")
    return found


def _own(actor: Actor, *columns: Any) -> Select[Any]:
    kept = (func.length(UPLOAD.c.content) > 0).label("kept")
    return select(*columns, kept).where(
        UPLOAD.c.caller == actor.caller, UPLOAD.c.partnership_id.in_(actor.within(Scope.POST_FIGURES))
    )


def _out(row: Any) -> UploadOut:
    return UploadOut(
        id=str(row["id"]),
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        counts=row["counts"],
        problem=row["problem"],
        submission=f"/api/v1/submissions/{row['submission_id']}" if row["submission_id"] else None,
        may=_may(row),
        uploaded_at=instant_text(row["uploaded_at"]),
        uploaded_by=row["uploaded_by"],
    )


def _may(row: Any) -> list[Any]:
    counts = row["counts"]
    if row["state"] not in ("ready", "refused") or not counts or not row["kept"]:
        return []
    if not counts["rejected"]:
        return ["submit"]
    good = counts["created"] + counts["revised"] + counts["unchanged"]
    return ["submit_partial"] if good else []
