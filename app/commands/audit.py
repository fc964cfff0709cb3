"""Verifies the audit record and the rows that it covers."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from app.models.record.ledger import AuditEvent
from app.record.baseline import BEGUN
from app.record.check_chain import Chain
from app.record.check_figure import check_figures
from app.record.check_file import check_files
from app.record.check_row import Digests, check_digests, check_rows
from app.record.check_spelling import check_spelling


def verify(session: Session, exported_head: str | None = None) -> Iterator[str]:
    """Yields a sentence for each event or covered row that differs from what was recorded.

    `record.columns.not_covered` lists what is not covered.
    """
    connection, chain = session.connection(), Chain()
    yield from chain.check(connection, exported_head)
    stored = Digests(connection)
    yield from check_digests(stored.hashes, chain.digests)
    yield from check_spelling(connection)
    yield from check_rows(connection, stored.newest)
    yield from check_files(connection)
    yield from check_figures(connection, chain.submissions, stored.newest.get("figure", {}))


def covered_since(session: Session) -> list[str]:
    """A sentence with the event that began to cover rows, unless the first event did."""
    newest_begin = (
        select(AuditEvent).where(AuditEvent.action == BEGUN).order_by(col(AuditEvent.id).desc()).limit(1)
    )
    event = session.exec(newest_begin).first()
    return [] if event is None else [f"rows before event {event.id} of {event.at:%Y-%m-%d %H:%M} UTC."]
