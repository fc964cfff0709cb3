"""Finds the day a ledger number was reached: changes that come by date are reported from that day on."""

from datetime import date

from sqlmodel import Session, col, select

from app.config import LONDON
from app.models.record.ledger import AuditEvent


def day_reached(session: Session, since: int) -> date:
    """The London day by which a ledger number was reached; a response with that number is of that day or later."""
    query = select(AuditEvent.at).where(AuditEvent.seq <= since)
    at = session.exec(query.order_by(col(AuditEvent.seq).desc(), col(AuditEvent.id).desc()).limit(1)).first()
    return at.astimezone(LONDON).date() if at is not None else date.min
