"""Reads the draft of a return's form."""

from sqlmodel import Session, col, select

from app.models.plan.partnership import Partnership
from app.models.returns.agency_return import ReturnDraft
from app.queries.returns.agency_return import Return


def draft_of(session: Session, partnership: Partnership, agency_return: Return) -> ReturnDraft | None:
    """The draft of a return; None if there is none."""
    query = select(ReturnDraft).where(
        ReturnDraft.partnership_id == partnership.id,
        ReturnDraft.agency_id == agency_return.agency.id,
        col(ReturnDraft.first_month) == agency_return.quarter.first,
    )
    return session.exec(query).first()
