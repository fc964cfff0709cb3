"""Whether the figures are what the record of changes vouches for."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from app.commands.figure_store import FIGURE, REVISION, VALUE_COLUMNS, rows_digest
from app.models.column import table
from app.models.ledger import AuditEvent

EVENT = table(AuditEvent)


def differing(session: Session) -> Iterator[str]:
    """Yields, in words, what was changed, put in or taken away behind the record's back."""
    vouched = dict(_vouched(session))
    for submission_id, digest in vouched.items():
        if rows_digest(session, submission_id) != digest:
            yield f"The figures of submission {submission_id} are not those that were recorded with it."
    connection = session.connection()
    for (submission_id,) in connection.execute(select(REVISION.c.submission_id).distinct()):
        if submission_id not in vouched:
            yield f"No event tells of submission {submission_id}, and there are figures of it."
    for (figure_id,) in connection.execute(_not_the_newest()):
        yield f"Figure {figure_id} is not what its newest revision says."


def _vouched(session: Session) -> Iterator[tuple[int, str]]:
    """Submissions, each with the digest of its figures, as the events tell."""
    query = select(EVENT.c.subject_kind, EVENT.c.subject, EVENT.c.data)
    for kind, subject, text in session.connection().execute(
        query.where(EVENT.c.data.contains("rows_sha256"))
    ):
        data = json.loads(text)
        submission = subject if kind == "submission" else data.get("submission")
        if submission is not None:
            yield int(submission), data["rows_sha256"]


def _not_the_newest() -> Any:
    differs = [FIGURE.c[name].is_distinct_from(REVISION.c[name]) for name in VALUE_COLUMNS]
    newest = (REVISION.c.figure_id == FIGURE.c.id) & (REVISION.c.number == FIGURE.c.revision)
    return (
        select(FIGURE.c.id)
        .outerjoin(REVISION, newest)
        .where(or_(REVISION.c.number.is_(None), *differs))
        .order_by(FIGURE.c.id)
    )
