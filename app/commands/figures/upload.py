"""A file of figures kept between its upload and its sending: checked by a dry run, sent once, then dropped."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import defer
from sqlmodel import Session, select

from app.commands import audit
from app.commands.figures.figure import submit_figures
from app.commands.figures.upload_preview import preview
from app.db import leave_work, seq, undone
from app.domain.access.authority import Actor
from app.domain.errors import Conflict, FileRefused, RuleBroken
from app.domain.figures.upload_steps import KEPT_DAYS, SEND, UploadFacts
from app.domain.workflow import may
from app.files.row import Table
from app.models.column import table
from app.models.figures.sent_row import SentRow
from app.models.figures.submission import ReceiptOut
from app.models.figures.upload import Upload
from app.models.plan.partnership import Partnership
from app.queries.figures.sight import Sight
from app.queries.figures.upload import upload_facts

UPLOAD = table(Upload)
KEPT_FOR = timedelta(days=KEPT_DAYS)


def keep(
    session: Session,
    partnership: Partnership,
    actor: Actor,
    *,
    name: str,
    kind: str,
    content: bytes,
    now: datetime,
) -> Upload:
    """Puts a file away, to be checked."""
    standing = actor.standing_in(partnership.id)
    upload = Upload(
        partnership_id=partnership.id,
        agency_id=standing.agency_id if standing is not None else None,
        caller=actor.caller,
        name=name or f"figures.{kind}",
        kind=kind,
        content=content,
        state="waiting",
        uploaded_at=now,
        uploaded_by=actor.name,
        seq=seq(session),
    )
    session.add(upload)
    session.flush()
    data = {"name": upload.name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
    subject = ("upload", str(upload.id))
    audit.record(session, actor, "file uploaded", subject, data, at=now, partnership_id=partnership.id)
    leave_work(session)
    return upload


def check(
    session: Session, upload: Upload, found: Table, actor: Actor, *, today: date, now: datetime
) -> None:
    """Notes what sending it would do: the same work, taken back. Rows to mend do not hide what the others do."""
    partnership = session.get_one(Partnership, upload.partnership_id)
    with undone(session):
        receipt = _submit(session, upload, found.rows, partnership, actor, today=today, now=now, atomic=False)
    sight = Sight(session, actor, upload.partnership_id, today)
    rows = preview(session, upload.partnership_id, receipt["rows"], found.rows, sight)
    upload.counts = dict(cast(dict[str, int], receipt["counts"]))
    upload.receipt = {"rows": rows, "left_empty": found.left_empty}
    upload.done = upload.total = len(found.rows)
    _settle(session, upload, "refused" if receipt["counts"]["rejected"] else "ready")


def refuse(session: Session, upload: Upload, error: FileRefused | RuleBroken) -> None:
    """Nothing of the file could be read."""
    upload.problem = {"code": error.code, "detail": error.message}
    _settle(session, upload, "refused")


def send(
    session: Session,
    upload: Upload,
    rows: Sequence[SentRow],
    actor: Actor,
    *,
    today: date,
    now: datetime,
    atomic: bool,
    correction: bool = False,
) -> ReceiptOut:
    """Sends what was kept, once. A receipt whose status is `rejected` has stored nothing: the caller refuses it."""
    SEND.require(_facts(upload), actor.standing_in(upload.partnership_id))
    if not rows:
        # It was still being checked when its rows would have been read.
        raise Conflict("not_checked_yet", "This file has only just been checked. Look it over, then send it.")
    partnership = session.get_one(Partnership, upload.partnership_id)
    how = {"today": today, "now": now, "atomic": atomic, "correction": correction}
    receipt = _submit(session, upload, rows, partnership, actor, **how)
    upload.counts = dict(cast(dict[str, int], receipt["counts"]))
    upload.submission_id = int(receipt["id"]) if receipt["id"] is not None else None
    upload.content = b""
    _settle(session, upload, "sent")
    return receipt


def can_be_sent(upload: Upload, actor: Actor) -> bool:
    """Whether it was checked, could be read, and is still there and unsent."""
    return may([SEND], _facts(upload), actor.standing_in(upload.partnership_id)) != []


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


def _submit(
    session: Session,
    upload: Upload,
    rows: Sequence[SentRow],
    partnership: Partnership,
    actor: Actor,
    **how: Any,
) -> ReceiptOut:
    return submit_figures(session, rows, partnership=partnership, actor=actor, via=upload.kind, **how)


def _settle(session: Session, upload: Upload, state: str) -> None:
    upload.state = state
    upload.leased_until = None
    upload.seq = seq(session)
    session.add(upload)
    session.flush()
