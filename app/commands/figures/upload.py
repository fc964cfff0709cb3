"""A file of figures kept between its upload and its sending: checked by a dry run, sent once, then dropped."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import defer
from sqlmodel import Session, select

from app.commands.change import Change
from app.commands.figures.figure import Manner, submit_figures
from app.commands.figures.upload_preview import preview
from app.db import leave_work, undone
from app.domain.access.authority import Actor
from app.domain.errors import Conflict, FileRefused, RuleBroken
from app.domain.figures.upload_steps import KEPT_DAYS, SEND, UploadFacts
from app.domain.workflow import may
from app.files.row import Table
from app.models.column import table
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.figures.upload import Upload
from app.queries.figures.upload import upload_facts
from app.queries.figures.visibility import FigureVisibility

UPLOAD = table(Upload)
KEPT_FOR = timedelta(days=KEPT_DAYS)


def keep(change: Change, name: str, kind: str, content: bytes) -> Upload:
    """Puts a file away, to be checked."""
    access = change.access
    upload = change.add(
        Upload(
            partnership_id=change.partnership.id,
            agency_id=access.agency_id if access is not None else None,
            caller=change.actor.caller,
            name=name or f"figures.{kind}",
            kind=kind,
            content=content,
            state="waiting",
            uploaded_at=change.now,
            uploaded_by=change.actor.name,
        )
    )
    size, digest = len(content), sha256(content).hexdigest()
    change.record("file uploaded", "upload", str(upload.id), name=upload.name, bytes=size, sha256=digest)
    leave_work(change.session)
    return upload


def check(change: Change, upload: Upload, file_rows: Table) -> None:
    """Notes what sending it would do: the same work, taken back. Rows to mend do not hide what the others do."""
    session, partnership_id = change.session, upload.partnership_id
    with undone(session):
        receipt = submit_figures(change, file_rows.rows, Manner(upload.kind, is_atomic=False))
    visibility = FigureVisibility(session, change.actor, partnership_id, change.today)
    rows = preview(session, partnership_id, receipt["rows"], file_rows.rows, visibility)
    upload.counts = dict(cast(dict[str, int], receipt["counts"]))
    upload.receipt = {"rows": rows, "left_empty": file_rows.left_empty, "read": file_rows.sheets}
    upload.done = upload.total = len(file_rows.rows)
    _settle(session, upload, "refused" if receipt["counts"]["rejected"] else "ready")


def refuse(session: Session, upload: Upload, error: FileRefused | RuleBroken) -> None:
    """Nothing of the file could be read."""
    upload.problem = {"code": error.code, "detail": error.message}
    _settle(session, upload, "refused")


def send(change: Change, upload: Upload, rows: Sequence[SentRow], manner: Manner) -> ReceiptOut:
    """Sends what was kept, once. A receipt whose status is `rejected` has stored nothing: the caller refuses it."""
    SEND.require(_facts(upload), change.access)
    if not rows:
        # It was still being checked when its rows would have been read.
        raise Conflict("not_checked_yet", "This file has only just been checked. Look it over, then send it.")
    receipt = submit_figures(change, rows, manner)
    upload.counts = dict(cast(dict[str, int], receipt["counts"]))
    upload.submission_id = int(receipt["id"]) if receipt["id"] is not None else None
    upload.content = b""
    _settle(change.session, upload, "sent")
    return receipt


def can_be_sent(upload: Upload, actor: Actor) -> bool:
    """Whether it was checked, could be read, and is still there and unsent."""
    return may([SEND], _facts(upload), actor.access_in(upload.partnership_id)) != []


def _facts(upload: Upload) -> UploadFacts:
    is_kept = bool(upload.content)
    return upload_facts(upload.state, upload.problem, upload.counts, upload.submission_id, is_kept=is_kept)


def is_something_old(session: Session, now: datetime) -> bool:
    """Whether a file is still there that nobody sent in time."""
    return session.exec(select(Upload.id).where(*_old(now)).limit(1)).first() is not None


def drop_old(session: Session, now: datetime) -> None:
    """Takes away the content of files that nobody sent in time, and their rows as they were looked over."""
    unread = defer(Upload.content), defer(Upload.receipt)  # type: ignore[arg-type]
    for upload in session.exec(select(Upload).options(*unread).where(*_old(now))).all():
        upload.content, upload.receipt = b"", None
        session.add(upload)


def _old(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return UPLOAD.c.uploaded_at < now - KEPT_FOR, func.length(UPLOAD.c.content) > 0


def _settle(session: Session, upload: Upload, state: str) -> None:
    upload.state = state
    upload.leased_until = None
    session.add(upload)
    session.flush()
