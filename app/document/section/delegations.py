"""Money that groups may award. It is no part of the plan, so it may change under an adopted one."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from sqlmodel import Session, col, select

from app.document.kit.entry import Code, Entry, Line
from app.document.kit.load import Load
from app.document.kit.money import Pounds
from app.document.kit.names import Names
from app.document.kit.row import RowEntry, StoredRows, upsert_rows
from app.document.kit.section import Export, Section
from app.document.refusal import Problem
from app.domain.grants.bank_details import mask_bank_details
from app.domain.grants.money import Spending, pence_of, pounds_of
from app.models.grants.allocation import Allocation
from app.models.grants.delegation import Delegation
from app.models.plan.partnership import Partnership


class DelegationEntry(Entry):
    """A sum that a group was given to award."""

    code: Code
    group: Code
    amount: Pounds
    allocation: Code | None = None
    spending: Spending = Spending.REVENUE
    decision: Line = ""


def _references(names: Names, delegations: Sequence[DelegationEntry]) -> Iterator[Problem]:
    for number, entry in enumerate(delegations):
        path = ("delegations", number)
        yield from names.unknown((*path, "allocation"), "allocation", entry.allocation, "allocations")
        yield from names.unknown((*path, "group"), "group", entry.group, "groups")


def _upsert(load: Load, delegations: Sequence[DelegationEntry]) -> None:
    entries = [_row_entry(load, entry, number) for number, entry in enumerate(delegations)]
    owner = {"partnership_id": load.partnership.id}
    stored = _rows(load.session, load.partnership)
    rows, _ = upsert_rows(
        load, StoredRows(Delegation, "delegation", stored, owner, is_plan_content=False), entries
    )
    load.session.flush()
    load.ids["delegations"] = {code: row.id for code, row in rows.items()}


def _row_entry(load: Load, entry: DelegationEntry, number: int) -> RowEntry:
    allocation = entry.allocation
    columns = {
        "code": entry.code,
        "group_code": entry.group,
        "amount": pence_of(entry.amount, "amount"),
        "allocation_id": load.ids["allocations"][allocation] if allocation is not None else None,
        "spending": entry.spending.value,
        "decision": mask_bank_details(entry.decision),
    }
    return RowEntry(entry.code, ("delegations", number), columns, frozenset(columns))


def _entries(export: Export) -> Iterator[DelegationEntry]:
    allocations = dict(export.session.exec(select(Allocation.id, Allocation.code)).all())
    for row in _rows(export.session, export.partnership):
        yield DelegationEntry.model_construct(
            code=row.code,
            group=row.group_code,
            amount=pounds_of(row.amount),
            allocation=allocations[row.allocation_id] if row.allocation_id is not None else None,
            spending=Spending(row.spending),
            decision=row.decision,
        )


def _rows(session: Session, partnership: Partnership) -> Sequence[Delegation]:
    query = select(Delegation).where(Delegation.partnership_id == partnership.id)
    return session.exec(query.order_by(col(Delegation.position))).all()


SECTION = Section("delegations", DelegationEntry, _references, _upsert, _entries)
DelegationEntries = Annotated[list[DelegationEntry], SECTION]
