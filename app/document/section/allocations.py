"""What funds give the partnership. They are no part of the plan, so they may change under an adopted one."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from sqlmodel import Session, col, select

from app.commands.grants.allocation import parse_amounts, require_status
from app.document.kit.entry import Code, Day, Entry, FinancialYear, Line, Prose
from app.document.kit.load import Load
from app.document.kit.money import Pounds, pounds_or_none
from app.document.kit.names import Names
from app.document.kit.row import RowEntry, StoredRows, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.errors import RuleBroken
from app.domain.grants.available import AllocationStatus
from app.domain.grants.bank_details import mask_bank_details
from app.models.grants.allocation import Allocation
from app.models.grants.fund import Fund
from app.models.plan.partnership import Agency, Partnership


class AllocationEntry(Entry):
    """What a fund gives, as the paper states it. What that does not say is left out."""

    code: Code
    fund: Code
    accountable_body: Code
    financial_year: FinancialYear | None = None
    amount: Pounds | None = None
    capital: Pounds | None = None
    revenue: Pounds | None = None
    status: AllocationStatus = AllocationStatus.CONFIRMED
    told_by: Day | None = None
    not_said: list[Line] = []
    source: Prose = ""
    note: Prose = ""


def _references(names: Names, allocations: Sequence[AllocationEntry]) -> Iterator[Problem]:
    for number, entry in enumerate(allocations):
        path = ("allocations", number)
        yield from names.unknown((*path, "fund"), "fund", entry.fund, "funds")
        yield from names.unknown((*path, "accountable_body"), "agency", entry.accountable_body, "agencies")
        try:
            amounts = parse_amounts(_pounds(entry))
            require_status(entry.status, amounts)
        except RuleBroken as error:
            yield names.problem((*path, error.field), error.code, error.message)


def _pounds(entry: AllocationEntry) -> dict[str, Decimal | None]:
    return {"amount": entry.amount, "capital": entry.capital, "revenue": entry.revenue}


def _upsert(load: Load, allocations: Sequence[AllocationEntry]) -> None:
    entries = [_row_entry(load, entry, number) for number, entry in enumerate(allocations)]
    owner = {"partnership_id": load.partnership.id}
    stored = _rows(load.session, load.partnership)
    rows, _ = upsert_rows(
        load, StoredRows(Allocation, "allocation", stored, owner, is_plan_content=False), entries
    )
    load.session.flush()
    load.ids["allocations"] = {code: row.id for code, row in rows.items()}


def _row_entry(load: Load, entry: AllocationEntry, number: int) -> RowEntry:
    columns = {
        "code": entry.code,
        "fund_id": load.ids["funds"][entry.fund],
        "accountable_body_id": load.ids["agencies"][entry.accountable_body],
        "financial_year": entry.financial_year,
        **parse_amounts(_pounds(entry))._asdict(),
        "status": entry.status.value,
        "told_by": entry.told_by,
        "not_said": list(entry.not_said),
        "source": mask_bank_details(entry.source),
        "note": mask_bank_details(entry.note),
    }
    return RowEntry(entry.code, ("allocations", number), columns, frozenset(columns))


def _entries(export: Export) -> Iterator[AllocationEntry]:
    agencies = dict(export.session.exec(select(Agency.id, Agency.code)).all())
    funds = dict(export.session.exec(select(Fund.id, Fund.code)).all())
    for row in _rows(export.session, export.partnership):
        is_kind_said = row.capital is not None or row.revenue is not None
        yield AllocationEntry(
            code=row.code,
            fund=funds[row.fund_id],
            accountable_body=agencies[row.accountable_body_id],
            financial_year=row.financial_year,
            amount=None if is_kind_said else pounds_or_none(row.amount),
            capital=pounds_or_none(row.capital or None),
            revenue=pounds_or_none(row.revenue or (None if row.capital else row.revenue)),
            status=AllocationStatus(row.status),
            told_by=row.told_by,
            not_said=row.not_said,
            source=row.source,
            note=row.note,
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[Allocation]:
    query = select(Allocation).where(Allocation.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Allocation.position))).all()


SECTION = Section("allocations", AllocationEntry, _references, _upsert, _entries)
AllocationEntries = Annotated[list[AllocationEntry], SECTION]
