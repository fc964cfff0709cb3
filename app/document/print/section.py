"""Converts a partnership, a plan and its priorities to sections of the document."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from app.document.yaml_out import Flow
from app.models.plan.action import Action
from app.models.plan.measure_line import MeasureLine
from app.models.plan.objective import Objective
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.models.plan.theme import Theme


def text(cell: Any) -> Any:
    """Converts a column to text: "yes" for true, None for false; lists and mappings part by part."""
    if cell is None or cell is False:
        return None
    if cell is True:
        return "yes"
    if isinstance(cell, list):
        return [text(entry) for entry in cell]
    if isinstance(cell, dict):
        return {key: text(entry) for key, entry in cell.items()}
    if isinstance(cell, Decimal):
        raise TypeError("numbers are written by plain")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: text(getattr(row, name)) for name in names}


def partnership_section(partnership: Partnership) -> dict[str, Any]:
    section = columns(partnership, "code", "name", "short_name")
    if partnership.short_name == partnership.name:
        section["short_name"] = None
    return {**section, "area": partnership.area_code, **columns(partnership, "owed_from")}


def plan_section(plan: Plan) -> dict[str, Any]:
    return columns(
        plan,
        "code",
        "version",
        "title",
        "status",
        "first_year",
        "last_year",
        "baseline_period",
        "adopted_on",
        "aligned_with",
        "principles",
        "emerging_issues",
        "source",
        "note",
    )


def priority_sections(session: Session, plan: Plan) -> list[Any]:
    query = select(Priority).where(Priority.plan_id == plan.id).order_by(col(Priority.position))
    priorities = session.exec(query).all()
    ids = [row.id for row in priorities]
    parts = {model: _by_priority(session, model, ids) for model in (Theme, Objective, Action, MeasureLine)}
    return [
        {
            **columns(row, "code", "title", "cross_cutting", "aligned_with", "findings", "outcomes"),
            "themes": [Flow(columns(theme, "code", "title")) for theme in parts[Theme].get(row.id, [])],
            "objectives": [
                Flow(columns(objective, "code", "title", "theme"))
                for objective in parts[Objective].get(row.id, [])
            ],
            "actions": [_action(action) for action in parts[Action].get(row.id, [])],
            "measures": [_measure(measure) for measure in parts[MeasureLine].get(row.id, [])],
        }
        for row in priorities
    ]


def _by_priority(session: Session, model: Any, ids: list[int]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in session.exec(select(model).where(model.priority_id.in_(ids)).order_by(model.position)):
        grouped.setdefault(row.priority_id, []).append(row)
    return grouped


def _action(row: Action) -> dict[str, Any]:
    named = columns(row, "code", "title", "objective", "theme", "owner", "delivery_group", "due")
    return {**named, **columns(row, "intended_change", "evidence", "what_changed")}


def _measure(row: MeasureLine) -> dict[str, Any]:
    section = columns(row, "code", "words", "theme", "measured_by", "baseline_words", "target_words", "note")
    if row.measured_by == "indicator":
        section["measured_by"] = None
    return {**section, "indicators": text(row.indicators)}
