"""Adds agencies to a partnership, and their numbers in public registers."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from app.commands.change import Change
from app.domain.errors import RuleBroken
from app.domain.grants.identifier import Identifier, parse_identifier, require_checked
from app.models.plan.agency import AgencyIdentifier, AgencyIn, IdentifierIn
from app.models.plan.partnership import Agency, PartnershipAgency


def add_agency(change: Change, body: AgencyIn) -> Agency:
    """Adds an organisation to the partnership, with its numbers; one of another partnership joins this one too.

    RuleBroken for a code that another organisation has, and for a number that another agency has.
    """
    row = change.session.exec(select(Agency).where(Agency.code == body.code)).first()
    if row is not None:
        _require_joining(change, row, body.name)
        # Pollers of this partnership see the agency from now on.
        change.touch(row)
    else:
        row = change.add(Agency(code=body.code, name=body.name, kind=body.kind))
    members = select(PartnershipAgency.position).where(
        PartnershipAgency.partnership_id == change.partnership.id
    )
    last = change.session.exec(members.order_by(col(PartnershipAgency.position).desc())).first() or 0
    change.session.add(
        PartnershipAgency(
            partnership_id=change.partnership.id,
            agency_id=row.id,
            position=last + 1,
            is_recipient=body.is_recipient,
        )
    )
    change.record("agency added", "agency", row.code, name=row.name, kind=row.kind)
    add_identifiers(change, row, body.identifiers)
    return row


def _require_joining(change: Change, row: Agency, name: str) -> None:
    """RuleBroken where the agency is in the partnership already, or has another name: then it may be another."""
    if change.session.get(PartnershipAgency, (change.partnership.id, row.id)) is not None:
        text = f"There is an agency “{row.code}” already. Choose another short name, or use that agency."
        raise RuleBroken("code", "code_in_use", text)
    if row.name.casefold() != name.casefold():
        text = (
            f"“{row.code}” is the short name of {row.name}, in another partnership. Enter that name where you mean "
            "that organisation, or choose another short name."
        )
        raise RuleBroken("code", "code_in_use", text)


def add_identifiers(change: Change, agency: Agency, identifiers: Sequence[IdentifierIn]) -> None:
    """Adds numbers that the agency has not, and the days on which those it has were checked.

    RuleBroken `other_number` where it has another in that register, `number_in_use` where another agency has it.
    """
    for place, each in enumerate(identifiers):
        require_checked(each.checked_on, change.today, f"identifiers.{place}.checked_on")
        field = f"identifiers.{place}.value"
        set_identifier(
            change, agency, parse_identifier(each.scheme, each.value, field), each.checked_on, field
        )


def set_identifier(
    change: Change, agency: Agency, identifier: Identifier, checked_on: date | None, field: str
) -> None:
    """As `add_identifiers`, for one number."""
    own = change.session.exec(
        select(AgencyIdentifier).where(
            AgencyIdentifier.agency_id == agency.id, AgencyIdentifier.scheme == identifier.register.value
        )
    ).first()
    if own is not None and own.value != identifier.value:
        text = (
            f"{agency.name} has the {identifier.register.label} {own.value} already. An agency with another number "
            "is another agency: add it under a short name of its own."
        )
        raise RuleBroken(field, "other_number", text)
    if own is None:
        _require_unused(change, identifier, field)
        own = AgencyIdentifier(agency_id=agency.id, scheme=identifier.register.value, value=identifier.value)
    elif checked_on in (None, own.checked_on):
        return
    own.checked_on = checked_on or own.checked_on
    change.add(own)
    change.touch(agency)
    facts = {
        "scheme": own.scheme,
        "value": own.value,
        "checked_on": checked_on.isoformat() if checked_on else None,
    }
    change.record("agency number entered", "agency", agency.code, **facts)


def _require_unused(change: Change, identifier: Identifier, field: str) -> None:
    other = change.session.exec(
        select(Agency)
        .join(AgencyIdentifier, col(AgencyIdentifier.agency_id) == col(Agency.id))
        .where(
            AgencyIdentifier.scheme == identifier.register.value, AgencyIdentifier.value == identifier.value
        )
    ).first()
    if other is not None:
        text = (
            f"{other.name} ({other.code}) has the {identifier.register.label} {identifier.value}. Use that "
            "agency, adding it by that name and short name where it is not in your list, or correct the number."
        )
        raise RuleBroken(field, "number_in_use", text)
