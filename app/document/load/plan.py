"""Loads the plan and its priorities. An adopted plan changes only by its next version."""

from typing import Any

from sqlmodel import col, select

from app.document.kit.row import RowEntry, StoredRows, row_entry, update_row, upsert_rows
from app.document.load.document import Work
from app.document.shape import PriorityEntry
from app.models.plan.action import Action
from app.models.plan.measure_line import MeasureLine
from app.models.plan.objective import Objective
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.models.plan.theme import Theme

PARTS = ("themes", "objectives", "actions", "measures")


def upsert_plan(work: Work, partnership: Partnership) -> tuple[Plan, bool]:
    """Creates or changes the plan; returns its row, with an id, and whether it changed. Sets `work.locked`."""
    entry = work.document.plan
    versions = work.session.exec(
        select(Plan)
        .where(Plan.partnership_id == partnership.id, Plan.code == entry.code)
        .order_by(col(Plan.version))
    ).all()
    row = next((plan for plan in versions if plan.version == entry.version), None)
    newest = versions[-1].version if versions else 0
    work.next_version = newest + 1
    if row is None:
        work.earlier_plan_id = versions[-1].id if versions else None
        return _new(work, partnership, newest), True
    if row.status != "draft":
        work.locked = f"{row.status} version {row.version}"
    changed = update_row(work, row, _row_entry(work, row), f"plan {entry.code}")
    if changed and row.status == "adopted":
        row.in_force_at = work.change.now
        _supersede_others(work, row)
    return row, changed


def _row_entry(work: Work, row: Plan | None) -> RowEntry:
    entry = work.document.plan
    status = entry.status
    if row is not None and row.status == "superseded" and status == "adopted":
        work.left_alone.append(f"plan {entry.code} version {entry.version} stays superseded")
        status = "superseded"
    return row_entry(entry, ("plan",), status=status)


def _new(work: Work, partnership: Partnership, newest: int) -> Plan:
    entry = work.document.plan
    if newest and entry.version != newest + 1:
        message = f"The newest version here is {newest}: the next is version: {newest + 1}."
        work.refuse(("plan", "version"), "bad_version", message)
    row = Plan(**_row_entry(work, None).columns, partnership_id=partnership.id)
    work.change.add(row)
    work.did("created", f"plan {entry.code} version {entry.version} ({entry.status})")
    if row.status == "adopted":
        row.in_force_at = work.change.now
        _supersede_others(work, row)
    return row


def _supersede_others(work: Work, adopted: Plan) -> None:
    others = work.session.exec(
        select(Plan).where(
            Plan.partnership_id == adopted.partnership_id,
            Plan.code == adopted.code,
            Plan.id != adopted.id,
            Plan.status == "adopted",
        )
    )
    for other in others:
        other.status = "superseded"
        work.did("changed", f"plan {other.code} version {other.version} is superseded")


def upsert_priorities(work: Work, plan: Plan) -> bool:
    """Creates and changes priorities and their parts; returns whether any changed."""
    stored = work.session.exec(
        select(Priority).where(Priority.plan_id == plan.id).order_by(col(Priority.position))
    ).all()
    entries = [
        _without_parts(row_entry(priority, ("priorities", number)))
        for number, priority in enumerate(work.document.priorities)
    ]
    rows, changed = upsert_rows(work, StoredRows(Priority, "priority", stored, {"plan_id": plan.id}), entries)
    work.session.flush()
    for number, priority in enumerate(work.document.priorities):
        if priority.code in rows and _upsert_parts(work, rows[priority.code], priority, number):
            work.change.touch(rows[priority.code])
            changed = True
    return changed


def _without_parts(entry: RowEntry) -> RowEntry:
    columns = {name: cell for name, cell in entry.columns.items() if name not in PARTS}
    return RowEntry(entry.code, entry.path, columns, entry.named)


def _upsert_parts(work: Work, row: Priority, priority: PriorityEntry, number: int) -> bool:
    path = ("priorities", number)
    changed = False
    for model, name, what in (
        (Theme, "themes", "theme"),
        (Objective, "objectives", "objective"),
        (Action, "actions", "action"),
        (MeasureLine, "measures", "measure"),
    ):
        stored = work.session.exec(
            select(model).where(model.priority_id == row.id).order_by(col(model.position))
        ).all()
        entries = [row_entry(part, (*path, name, i)) for i, part in enumerate(getattr(priority, name))]
        for entry in entries:
            for words in ("baseline_words", "target_words"):
                if words in entry.columns:
                    entry.columns[words] = entry.columns[words] or ""
        owner, noun = {"priority_id": row.id}, f"{priority.code} {what}"
        rows: StoredRows[Any] = StoredRows(model, noun, stored, owner)
        changed |= upsert_rows(work, rows, entries)[1]
    return changed
