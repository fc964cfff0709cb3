"""Agencies in the partnership, recipients of grants too. They may change under an adopted plan.

An agency may serve several partnerships: no partnership's document changes its name.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import col, select

from app.commands.plan.agency import set_identifier
from app.document.kit.entry import Code, Day, FlowEntry, Line, YesNo
from app.document.kit.load import Load
from app.document.kit.refusing import refusing_at
from app.document.kit.row import entry_of
from app.document.kit.section import Export, Section, no_references
from app.domain.grants.identifier import Register, parse_identifier
from app.models.plan.agency import AgencyKind
from app.models.plan.partnership import Agency, PartnershipAgency
from app.queries.plan.partnership import identifiers_by_agency


class IdentifierEntry(FlowEntry):
    """An organisation's number in a public register."""

    scheme: Register
    value: Line
    checked_on: Day | None = None


class AgencyEntry(FlowEntry):
    code: Code
    name: Line
    kind: AgencyKind
    recipient: YesNo = False
    identifiers: list[IdentifierEntry] = []


def _upsert(load: Load, agencies: Sequence[AgencyEntry]) -> None:
    codes = [entry.code for entry in agencies]
    rows = {row.code: row for row in load.session.exec(select(Agency).where(col(Agency.code).in_(codes)))}
    new = {entry.code for entry in agencies if entry.code not in rows}
    for entry in agencies:
        row = rows.get(entry.code)
        if row is None:
            agency = Agency(code=entry.code, name=entry.name, kind=entry.kind)
            rows[entry.code] = load.change.add(agency)
            load.did("created", f"agency {entry.code}")
        elif (row.name, row.kind) != (entry.name, entry.kind):
            load.left_alone.append(
                f"agency {entry.code} is known as {row.name} ({row.kind}) and keeps that name: "
                "agencies are shared between partnerships"
            )
    load.session.flush()
    load.ids["agencies"] = {code: row.id for code, row in rows.items()}
    _join(load, agencies, new)
    for number, entry in enumerate(agencies):
        for place, each in enumerate(entry.identifiers):
            path = ("agencies", number, "identifiers", place)
            load.check_recorded(each.checked_on, (*path, "checked_on"))
            with refusing_at(load, path):
                identifier = parse_identifier(each.scheme, each.value, "value")
                set_identifier(load.change, rows[entry.code], identifier, each.checked_on, "value")


def _join(load: Load, agencies: Sequence[AgencyEntry], new: set[str]) -> None:
    """Adds agencies to the partnership that are not in it yet."""
    ids = load.ids["agencies"]
    joined = load.session.exec(
        select(PartnershipAgency, Agency.code)
        .join(Agency, col(Agency.id) == col(PartnershipAgency.agency_id))
        .where(PartnershipAgency.partnership_id == load.partnership.id)
        .order_by(col(PartnershipAgency.position))
    ).all()
    members = {code: link for link, code in joined}
    for position, entry in enumerate(agencies, start=len(members) + 1):
        if entry.code not in members:
            link = PartnershipAgency(
                partnership_id=load.partnership.id,
                agency_id=ids[entry.code],
                position=position,
                is_recipient=entry.recipient,
            )
            load.session.add(link)
            if entry.code in new:
                continue
            # Pollers of this partnership see the agency from now on.
            load.change.touch(load.session.get_one(Agency, ids[entry.code]))
            load.did("changed", f"agency {entry.code} joins the partnership")
    load.left_alone.extend(f"agency {code} is not in the document" for code in members if code not in ids)


def _entries(export: Export) -> Iterator[AgencyEntry]:
    query = (
        select(Agency, PartnershipAgency.is_recipient)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == col(Agency.id))
        .where(PartnershipAgency.partnership_id == export.partnership.id)
        .order_by(col(PartnershipAgency.position), col(Agency.code))
    )
    rows = export.session.exec(query).all()
    stored = identifiers_by_agency(export.session, [row for row, _ in rows])
    for row, is_recipient in rows:
        identifiers = [
            entry_of(IdentifierEntry, each, scheme=Register(each.scheme)) for each in stored[row.id]
        ]
        yield entry_of(AgencyEntry, row, recipient=is_recipient, identifiers=identifiers)


SECTION = Section("agencies", AgencyEntry, no_references, _upsert, _entries)
AgencyEntries = Annotated[list[AgencyEntry], SECTION]
