"""Agencies in the partnership. They belong to no plan, so they may change under an adopted one.

An agency may serve several partnerships: no partnership's document changes its name.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from sqlmodel import col, select

from app.document.kit.entry import Code, FlowEntry, Line
from app.document.kit.load import Load
from app.document.kit.row import entry_of
from app.document.kit.section import Export, Section, no_references
from app.models.plan.partnership import Agency, PartnershipAgency


class AgencyEntry(FlowEntry):
    code: Code
    name: Line
    kind: Literal["responsible_authority", "co_operating_body", "provider", "funder", "other"]


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
                partnership_id=load.partnership.id, agency_id=ids[entry.code], position=position
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
        select(Agency)
        .join(PartnershipAgency, col(PartnershipAgency.agency_id) == col(Agency.id))
        .where(PartnershipAgency.partnership_id == export.partnership.id)
        .order_by(col(PartnershipAgency.position), col(Agency.code))
    )
    for row in export.session.exec(query):
        yield entry_of(AgencyEntry, row)


SECTION = Section("agencies", AgencyEntry, no_references, _upsert, _entries)
AgencyEntries = Annotated[list[AgencyEntry], SECTION]
