"""Reads partnerships, their areas and their agencies."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound, RuleBroken
from app.domain.grants.identifier import Register
from app.models.plan.agency import AgencyIdentifier
from app.models.plan.partnership import (
    Agency,
    AgencyOut,
    Area,
    AreaOut,
    IdentifierOut,
    Partnership,
    PartnershipAgency,
    PartnershipOut,
)
from app.models.record.ledger import AuditEvent


def areas(actor: Actor) -> SelectOfScalar[Area]:
    return select(Area).where(col(Area.partnership_id).in_(actor.within(Scope.READ)))


def agencies(
    actor: Actor, *, with_recipients: bool = True, scope: Scope = Scope.READ
) -> SelectOfScalar[Agency]:
    """Agencies of the partnerships where the actor has the scope, each once.

    Those that are there for a grant alone are recipients.
    """
    own = select(PartnershipAgency.agency_id).where(
        col(PartnershipAgency.partnership_id).in_(actor.within(scope))
    )
    if not with_recipients:
        own = own.where(col(PartnershipAgency.is_recipient).is_(False))
    return select(Agency).where(col(Agency.id).in_(own))


def get_agency(session: Session, actor: Actor, code: str, scope: Scope = Scope.READ) -> Agency:
    """The agency of a code in the partnerships where the actor has the scope; NotFound if there is none."""
    row = session.exec(agencies(actor, scope=scope).where(Agency.code == code)).first()
    if row is None:
        raise NotFound(f"The agency “{code[:80]}”")
    return row


def agency_named(session: Session, partnership: Partnership, code: str | None) -> Agency | None:
    """The partnership's agency of a code; None for None. RuleBroken on `agency` if there is no such agency."""
    if code is None:
        return None
    agency = session.exec(
        select(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == Agency.id)
        .where(PartnershipAgency.partnership_id == partnership.id, Agency.code == code)
    ).first()
    if agency is None:
        message = f"“{code}” is no agency of {partnership.short_name}. Check its code, or name another."
        raise RuleBroken("agency", "unknown_agency", message)
    return agency


def partnership_out(row: Partnership) -> PartnershipOut:
    return PartnershipOut(
        id=str(row.id),
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        area=row.area_code,
        owed_from=row.owed_from.isoformat() if row.owed_from is not None else None,
    )


def owed_from_at(session: Session, partnership: Partnership, known_at: datetime | None) -> date | None:
    """The day from which figures are owed, as it was set at a moment; None for now."""
    if known_at is None:
        return partnership.owed_from
    later = session.exec(
        select(AuditEvent.data)
        .where(
            AuditEvent.partnership_id == partnership.id,
            AuditEvent.subject_kind == "partnership",
            AuditEvent.at > known_at,
        )
        .order_by(col(AuditEvent.id))
    )
    before = next((edit["before"] for edit in map(json.loads, later) if "owed_from" in edit["before"]), None)
    if before is None:
        return partnership.owed_from
    return date.fromisoformat(before["owed_from"]) if before["owed_from"] is not None else None


def area_out(row: Area) -> AreaOut:
    return AreaOut(
        id=str(row.id),
        code=row.code,
        name=row.name,
        kind=row.kind,
        within=row.within,
        designated_from=row.designated_from,
        designated_to=row.designated_to,
    )


def identifiers_by_agency(session: Session, rows: Sequence[Agency]) -> dict[int, list[AgencyIdentifier]]:
    """Registered numbers of agencies, by the agency's id."""
    by_agency: dict[int, list[AgencyIdentifier]] = defaultdict(list)
    query = select(AgencyIdentifier).where(col(AgencyIdentifier.agency_id).in_([row.id for row in rows]))
    for each in session.exec(query.order_by(col(AgencyIdentifier.scheme))):
        by_agency[each.agency_id].append(each)
    return by_agency


def list_agencies_out(session: Session, rows: Sequence[Agency]) -> dict[int, AgencyOut]:
    """Agencies with their registered numbers, by id."""
    identifiers = identifiers_by_agency(session, rows)
    return {
        row.id: AgencyOut(
            id=str(row.id),
            code=row.code,
            name=row.name,
            kind=row.kind,
            identifiers=[_identifier_out(each) for each in identifiers[row.id]],
        )
        for row in rows
    }


def _identifier_out(row: AgencyIdentifier) -> IdentifierOut:
    checked_on = row.checked_on.isoformat() if row.checked_on is not None else None
    return IdentifierOut(scheme=Register(row.scheme), value=row.value, checked_on=checked_on)
