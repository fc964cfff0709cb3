"""Agencies by their ids, as answers name them."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from app.domain.errors import RuleBroken
from app.models.plan.partnership import Agency, NamedOut, Partnership, PartnershipAgency


def agencies_by_id(session: Session, ids: Collection[int]) -> dict[int, NamedOut]:
    rows = session.exec(select(Agency).where(col(Agency.id).in_(ids)))
    return {row.id: NamedOut(code=row.code, name=row.name) for row in rows}


def require_agency(session: Session, partnership: Partnership, code: str, field: str) -> Agency:
    """The partnership's agency of a code; RuleBroken on `field` if there is no such agency."""
    agency = session.exec(
        select(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == col(Agency.id))
        .where(PartnershipAgency.partnership_id == partnership.id, Agency.code == code)
    ).first()
    if agency is None:
        message = f"“{code}” is no agency of {partnership.short_name}. Check its code, or name another."
        raise RuleBroken(field, "unknown_agency", message)
    return agency
