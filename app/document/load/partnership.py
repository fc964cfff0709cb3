"""The partnership a document is about, its areas, agencies and exceptional periods.

They belong to no plan, so they may change under an adopted one. An agency may serve several partnerships:
its name is nobody's to change from one partnership's document.
"""

from typing import Any

from sqlmodel import col, select

from app.document.kit.row import Wanted, update
from app.document.load.document import Work
from app.models.figures.published_change import ExceptionalPeriod
from app.models.plan.partnership import Agency, Partnership, PartnershipAgency
from app.models.plan.plan import Plan


def bring_partnership(work: Work) -> Partnership:
    """The partnership's row, with an id."""
    entry = work.document.partnership
    columns: dict[str, Any] = {
        "name": entry.name,
        "short_name": entry.short_name or entry.name,
        "area_code": entry.area,
    }
    given = frozenset(columns if "short_name" in entry.model_fields_set else columns.keys() - {"short_name"})
    row = work.session.exec(select(Partnership).where(Partnership.code == entry.code)).first()
    if row is None:
        row = Partnership(**columns, code=entry.code, seq=work.seq)
        work.session.add(row)
        work.did("created", f"partnership {entry.code}")
    elif row.area_code != entry.area:
        message = f"The partnership's own area is {row.area_code}: its figures are counted there."
        work.refuse(("partnership", "area"), "own_area", message)
    else:
        wants = Wanted(entry.code, ("partnership",), columns, given)
        update(work, row, wants, f"partnership {entry.code}", settled=False)
    work.session.flush()
    return row


def bring_agencies(work: Work, partnership: Partnership) -> dict[str, int]:
    """The ids of the document's agencies by code."""
    codes = [agency.code for agency in work.document.agencies]
    found = {a.code: a for a in work.session.exec(select(Agency).where(col(Agency.code).in_(codes)))}
    new = {entry.code for entry in work.document.agencies if entry.code not in found}
    for entry in work.document.agencies:
        agency = found.get(entry.code)
        if agency is None:
            found[entry.code] = Agency(code=entry.code, name=entry.name, kind=entry.kind, seq=work.seq)
            work.session.add(found[entry.code])
            work.did("created", f"agency {entry.code}")
        elif (agency.name, agency.kind) != (entry.name, entry.kind):
            work.left_alone.append(
                f"agency {entry.code} is known as {agency.name} ({agency.kind}) and keeps that name: "
                "agencies are shared between partnerships"
            )
    work.session.flush()
    ids = {code: agency.id for code, agency in found.items()}
    _join(work, partnership, ids, new)
    return ids


def _join(work: Work, partnership: Partnership, ids: dict[str, int], new: set[str]) -> None:
    joined = work.session.exec(
        select(PartnershipAgency, Agency.code)
        .join(Agency, col(Agency.id) == col(PartnershipAgency.agency_id))
        .where(PartnershipAgency.partnership_id == partnership.id)
        .order_by(col(PartnershipAgency.position))
    ).all()
    members = {code: link for link, code in joined}
    for position, entry in enumerate(work.document.agencies, start=len(members) + 1):
        if entry.code not in members:
            link = PartnershipAgency(
                partnership_id=partnership.id, agency_id=ids[entry.code], position=position
            )
            work.session.add(link)
            if entry.code in new:
                continue
            # Whoever follows this partnership's changes sees the agency from now on.
            work.session.get_one(Agency, ids[entry.code]).seq = work.seq
            work.did("changed", f"agency {entry.code} joins the partnership")
    for code in members.keys() - ids.keys():
        work.left_alone.append(f"agency {code} is not in the document")


def bring_exceptional_periods(work: Work, partnership: Partnership) -> None:
    stored = {
        row.period: row
        for row in work.session.exec(
            select(ExceptionalPeriod)
            .where(ExceptionalPeriod.partnership_id == partnership.id)
            .order_by(col(ExceptionalPeriod.position))
        )
    }
    # What comes with the first plan holds for the time before it too, as what is said of its indicators does.
    is_first = work.session.exec(select(Plan.id).where(Plan.partnership_id == partnership.id)).first() is None
    for position, entry in enumerate(work.document.exceptional_periods, start=1):
        row = stored.pop(entry.period, None)
        if row is None:
            made = ExceptionalPeriod(
                partnership_id=partnership.id,
                position=position,
                period=entry.period,
                reason=entry.reason,
                recorded_at=None if is_first else work.now,
                seq=work.seq,
            )
            work.session.add(made)
            work.did("created", f"exceptional period {entry.period}")
        elif row.reason != entry.reason:
            row.reason, row.seq = entry.reason, work.seq
            work.did("changed", f"exceptional period {entry.period}: its reason")
    work.left_alone.extend(f"exceptional period {period} is not in the document" for period in stored)
