"""Stores an uploaded file of figures, checks it by a dry run, sends it once, then deletes its content."""

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
from app.db import leave_work, rolled_back
from app.domain.access.authority import Actor
from app.domain.errors import Conflict, FileRefused, RuleBroken
from app.domain.figures.upload_steps import RETENTION_DAYS, SEND, UploadFacts
from app.domain.workflow import may
from app.files.row import Table
from app.models.column import table
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.figures.upload import Upload
from app.queries.figures.upload import upload_facts
from app.queries.figures.visibility import FigureVisibility

UPLOAD = table(Upload)
RETENTION = timedelta(days=RETENTION_DAYS)


def store(change: Change, name: str, kind: str, content: bytes) -> Upload:
    """Stores an uploaded file for checking."""
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
    """Stores a preview: sends the file's rows and undoes it. Rejected rows do not stop the others."""
    session, partnership_id = change.session, upload.partnership_id
    with rolled_back(session):
        receipt = submit_figures(change, file_rows.rows, Manner(upload.kind, is_atomic=False))
    visibility = FigureVisibility(session, change.actor, partnership_id, change.today)
    rows = preview(session, partnership_id, receipt["rows"], file_rows.rows, visibility)
    upload.counts = dict(cast(dict[str, int], receipt["counts"]))
    upload.receipt = {"rows": rows, "left_empty": file_rows.left_empty, "read": file_rows.sheets}
    upload.done = upload.total = len(file_rows.rows)
    _settle(session, upload, "refused" if receipt["counts"]["rejected"] else "ready")


def refuse(session: Session, upload: Upload, error: FileRefused | RuleBroken) -> None:
    """Records why the file could not be read."""
    upload.problem = {"code": error.code, "detail": error.message}
    _settle(session, upload, "refused")


def send(change: Change, upload: Upload, rows: Sequence[SentRow], manner: Manner) -> ReceiptOut:
    """Sends the file's rows, once. If the receipt's status is `rejected`, nothing is stored: the caller refuses it."""
    SEND.require(_facts(upload), change.access)
    if not rows:
        # The file was still being checked when the caller read its rows.
        raise Conflict("not_checked_yet", "This file has only just been checked. Look it over, then send it.")
    receipt = submit_figures(change, rows, manner)
    upload.counts = dict(cast(dict[str, int], receipt["counts"]))
    upload.submission_id = int(receipt["id"]) if receipt["id"] is not None else None
    upload.content = b""
    _settle(change.session, upload, "sent")
    return receipt


def can_be_sent(upload: Upload, actor: Actor) -> bool:
    """Whether the file was checked without fault, and is neither sent nor deleted."""
    return may([SEND], _facts(upload), actor.access_in(upload.partnership_id)) != []


def _facts(upload: Upload) -> UploadFacts:
    has_content = bool(upload.content)
    return upload_facts(
        upload.state, upload.problem, upload.counts, upload.submission_id, has_content=has_content
    )


def has_old(session: Session, now: datetime) -> bool:
    """Whether any file that nobody sent in time still has content."""
    return session.exec(select(Upload.id).where(*_old(now)).limit(1)).first() is not None


def drop_old(session: Session, now: datetime) -> None:
    """Deletes content and preview of files that nobody sent in time."""
    unread = defer(Upload.content), defer(Upload.receipt)  # type: ignore[arg-type]
    for upload in session.exec(select(Upload).options(*unread).where(*_old(now))).all():
        upload.content, upload.receipt = b"", None
        session.add(upload)


def _old(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return UPLOAD.c.uploaded_at < now - RETENTION, func.length(UPLOAD.c.content) > 0


def _settle(session: Session, upload: Upload, state: str) -> None:
    upload.state = state
    upload.leased_until = None
    session.add(upload)
    session.flush()
