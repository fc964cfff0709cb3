"""Funds of the partnership's funders, with their rules. A fund is the funder's: no document changes one that exists."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from sqlmodel import Session, col, select

from app.document.kit.entry import Code, Entry, FlowEntry, Line, Prose, WholeNumber
from app.document.kit.load import Load
from app.document.kit.money import Pounds, pence_or_none, pounds_or_none
from app.document.kit.names import Names
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.grants.bank_details import mask_bank_details
from app.domain.grants.fund_rules import Basis, FundRules, UnderspendOver, Vat
from app.domain.grants.underspend_draft import CarryOver
from app.models.grants.fund import Fund
from app.models.plan.partnership import Agency, Partnership, PartnershipAgency

USUAL = FundRules()


class ObjectiveEntry(FlowEntry):
    """An objective of the funder's own."""

    code: Code
    title: Line


class FundEntry(Entry):
    """A funder's programme. A rule that is not given is one that the funder does not state."""

    code: Code
    title: Line
    funder: Code
    note: Prose = ""
    objectives: list[ObjectiveEntry] = []
    virement_percent: WholeNumber | None = None
    virement_amount: Pounds | None = None
    small_grant_cap: Pounds | None = None
    lines_above: Pounds | None = None
    underspend_limit: Pounds | None = None
    underspend_over: UnderspendOver = UnderspendOver.FUND
    report_days: WholeNumber = USUAL.report_days
    keep_years: WholeNumber = USUAL.keep_years
    carry_over: CarryOver = CarryOver.NONE
    basis: Basis | None = None
    vat: Vat | None = None


def _references(names: Names, funds: Sequence[FundEntry]) -> Iterator[Problem]:
    for number, fund in enumerate(funds):
        yield from names.unknown(("funds", number, "funder"), "agency", fund.funder, "agencies")


def _upsert(load: Load, funds: Sequence[FundEntry]) -> None:
    codes = [entry.code for entry in funds]
    rows = {row.code: row for row in load.session.exec(select(Fund).where(col(Fund.code).in_(codes)))}
    for entry in funds:
        columns = _columns(load, entry)
        row = rows.get(entry.code)
        if row is None:
            rows[entry.code] = load.change.add(Fund(code=entry.code, **columns))
            load.did("created", f"fund {entry.code}")
        elif any(getattr(row, name) != stored for name, stored in columns.items()):
            load.left_alone.append(f"fund {entry.code} is there already and stays: it is the funder's")
    load.ids["funds"] = {code: row.id for code, row in rows.items()}
    here = _rows(load.session, load.partnership)
    load.left_alone.extend(f"fund {row.code} is not in the document" for row in here if row.code not in rows)


def _columns(load: Load, entry: FundEntry) -> dict[str, Any]:
    cap, above = pence_or_none(entry.small_grant_cap), pence_or_none(entry.lines_above)
    return {
        "title": entry.title,
        "funder_id": load.ids["agencies"][entry.funder],
        "note": mask_bank_details(entry.note),
        "objectives": [each.model_dump() for each in entry.objectives],
        "virement_percent": entry.virement_percent,
        "virement_amount": pence_or_none(entry.virement_amount),
        "small_grant_cap": USUAL.small_grant_cap if cap is None else cap,
        "lines_above": USUAL.lines_above if above is None else above,
        "underspend_limit": pence_or_none(entry.underspend_limit),
        "underspend_over": entry.underspend_over.value,
        "report_days": entry.report_days,
        "keep_years": entry.keep_years,
        "carry_over": entry.carry_over.value,
        "basis": entry.basis.value if entry.basis is not None else None,
        "vat": entry.vat.value if entry.vat is not None else None,
    }


def _entries(export: Export) -> Iterator[FundEntry]:
    codes = dict(export.session.exec(select(Agency.id, Agency.code)).all())
    for row in _rows(export.session, export.partnership):
        yield FundEntry(
            code=row.code,
            title=row.title,
            funder=codes[row.funder_id],
            note=row.note,
            objectives=[ObjectiveEntry(**each) for each in row.objectives],
            virement_percent=row.virement_percent,
            virement_amount=pounds_or_none(row.virement_amount),
            small_grant_cap=_unless_usual(row.small_grant_cap, USUAL.small_grant_cap),
            lines_above=_unless_usual(row.lines_above, USUAL.lines_above),
            underspend_limit=pounds_or_none(row.underspend_limit),
            underspend_over=UnderspendOver(row.underspend_over),
            report_days=row.report_days,
            keep_years=row.keep_years,
            carry_over=CarryOver(row.carry_over),
            basis=Basis(row.basis) if row.basis is not None else None,
            vat=Vat(row.vat) if row.vat is not None else None,
        )


def _unless_usual(pence: int, usual: int) -> Any:
    return None if pence == usual else pounds_or_none(pence)


def _rows(session: Session, partnership: Partnership) -> Sequence[Fund]:
    """Funds of the agencies in the partnership."""
    agencies = select(PartnershipAgency.agency_id).where(PartnershipAgency.partnership_id == partnership.id)
    return session.exec(select(Fund).where(col(Fund.funder_id).in_(agencies)).order_by(col(Fund.id))).all()


SECTION = Section("funds", FundEntry, _references, _upsert, _entries)
FundEntries = Annotated[list[FundEntry], SECTION]
