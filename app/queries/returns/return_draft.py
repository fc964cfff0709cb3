"""A return's form, half filled in."""

from sqlmodel import Session, col, select

from app.models.plan.partnership import Partnership
from app.models.returns.agency_return import ReturnDraft
from app.queries.returns.agency_return import Return


def draft_of(session: Session, partnership: Partnership, found: Return) -> ReturnDraft | None:
    """None where nobody has begun it."""
    query = select(ReturnDraft).where(
        ReturnDraft.partnership_id == partnership.id,
        ReturnDraft.agency_id == found.agency.id,
        col(ReturnDraft.first_month) == found.quarter.first,
    )
    return session.exec(query).first()
