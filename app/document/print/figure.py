"""Converts stored figures to the document's groups: short values where value and day suffice, else rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.config import LONDON
from app.document.yaml_out import Flow
from app.domain.errors import RuleBroken
from app.domain.figures.figure import ratio_value
from app.domain.period import Period
from app.models.column import plain, table
from app.models.figures.figure import Figure, FigureRevision
from app.models.plan.indicator import Indicator

FIGURE, REVISION = table(Figure), table(FigureRevision)
OPTIONAL_PARTS = ("sample_size", "margin", "margin_level", "margin_of")
PARTS = ("value", "numerator", "denominator", "missing", "expected_on")

Revision = Mapping[Any, Any]


def figures(session: Session, indicators: Sequence[Indicator], own_area: str) -> dict[str, list[Any]]:
    """Groups of figures by indicator code, all in the order of the document."""
    grouped: dict[int, dict[tuple[Any, ...], list[list[Revision]]]] = {}
    for revisions in _histories(session, [row.id for row in indicators]):
        newest, shared = revisions[-1], _shared(revisions)
        key = (newest["area_code"], newest["breakdown"], *shared.values())
        grouped.setdefault(newest["indicator_id"], {}).setdefault(key, []).append(revisions)
    return {
        row.code: [_group(row, members, own_area) for _, members in sorted(groups.items(), key=_first)]
        for row in indicators
        if (groups := grouped.get(row.id))
    }


def _shared(revisions: list[Revision]) -> dict[str, Any]:
    """Columns that a group can hold for a figure and its whole history.

    A row can add a part to its group's but cannot remove one, so a part that a revision added or removed is printed
    in the row.
    """
    newest = revisions[-1]
    shared = {name: newest[name] for name in ("status", "qualifier")}
    for name in ("note", *OPTIONAL_PARTS):
        is_unchanged = all(revision[name] == newest[name] for revision in revisions)
        shared[name] = newest[name] if is_unchanged and newest[name] != "" else None
    return shared


def _first(group: tuple[tuple[Any, ...], list[list[Revision]]]) -> tuple[Any, ...]:
    """Sort key: totals before parts, earliest period first, then a fixed order."""
    key, members = group
    newest = members[0][-1]
    rest = tuple("" if part is None else str(part) for part in key)
    return (key[1] != "", key[0], key[1], newest["first_month"], newest["last_month"], rest)


def _histories(session: Session, indicator_ids: Sequence[int]) -> list[list[Revision]]:
    query = (
        select(
            REVISION,
            FIGURE.c.indicator_id,
            FIGURE.c.area_code,
            FIGURE.c.breakdown,
            FIGURE.c.first_month,
            FIGURE.c.last_month,
        )
        .join(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .where(FIGURE.c.indicator_id.in_(indicator_ids))
        .order_by(
            FIGURE.c.indicator_id,
            FIGURE.c.first_month,
            FIGURE.c.last_month,
            FIGURE.c.area_code,
            FIGURE.c.breakdown,
            REVISION.c.number,
        )
    )
    grouped: dict[int, list[Revision]] = {}
    for row in session.connection().execute(query).mappings():
        grouped.setdefault(row["figure_id"], []).append(row)
    return list(grouped.values())


def _group(indicator: Indicator, members: list[list[Revision]], own_area: str) -> dict[str, Any]:
    newest, shared = members[0][-1], _shared(members[0])
    days = {day(revisions[-1]["recorded_at"]) for revisions in members}
    shared_day = days.pop() if len(days) == 1 else None
    group: dict[str, Any] = {
        "area": newest["area_code"] if newest["area_code"] != own_area else None,
        "breakdown": Flow(part.split("=", 1) for part in newest["breakdown"].split(";") if part),
        "status": shared["status"],
        "qualifier": shared["qualifier"] if shared["qualifier"] != "exact" else None,
        **{name: _scalar(shared[name]) for name in ("note", *OPTIONAL_PARTS)},
        "recorded_on": shared_day,
    }
    simple = [revisions for revisions in members if _is_simple(revisions)]
    group["values"] = {period_of(r[-1]): _value_text(r[-1], shared_day) for r in simple}
    group["rows"] = [_row(indicator, r, shared_day) for r in members if not _is_simple(r)]
    return group


def _is_simple(revisions: list[Revision]) -> bool:
    newest = revisions[-1]
    has_parts = newest["numerator"] is not None or newest["value"] is None
    return len(revisions) == 1 and not has_parts and not newest["reason"]


def _value_text(revision: Revision, shared_day: str | None) -> str:
    number = plain(revision["value"])
    return number if shared_day else f"{number} on {day(revision['recorded_at'])}"


def _row(indicator: Indicator, revisions: list[Revision], shared_day: str | None) -> dict[str, Any]:
    newest, shared = revisions[-1], _shared(revisions)
    row: dict[str, Any] = {"period": period_of(newest), **_own_parts(indicator, newest, shared)}
    row["recorded_on"] = None if shared_day else day(newest["recorded_at"])
    row["reason"] = newest["reason"]
    row["earlier"] = [_earlier(indicator, revision, shared) for revision in revisions[:-1]]
    return row if row["earlier"] or row["reason"] else Flow(row)


def _earlier(indicator: Indicator, revision: Revision, shared: dict[str, Any]) -> dict[str, Any]:
    entry = _own_parts(indicator, revision, shared)
    return {**entry, "recorded_on": day(revision["recorded_at"]), "reason": revision["reason"]}


def _own_parts(indicator: Indicator, revision: Revision, shared: dict[str, Any]) -> dict[str, Any]:
    """A revision's parts, with the columns in which it differs from its group."""
    differing = {name: _scalar(revision[name]) for name, common in shared.items() if revision[name] != common}
    return {**_parts(indicator, revision), **differing}


def _parts(indicator: Indicator, revision: Revision) -> dict[str, Any]:
    parts = {name: _scalar(revision[name]) for name in PARTS}
    if revision["numerator"] is not None and revision["value"] == _computed_ratio(indicator, revision):
        parts["value"] = None
    return parts


def _computed_ratio(indicator: Indicator, revision: Revision) -> Decimal | None:
    try:
        return ratio_value(revision["numerator"], revision["denominator"], indicator.judged())
    except RuleBroken:
        return None


def _scalar(cell: Any) -> str | None:
    if cell is None:
        return None
    return plain(cell) if isinstance(cell, Decimal) else str(cell)


def period_of(revision: Revision) -> str:
    return str(Period(revision["first_month"], revision["last_month"] - revision["first_month"] + 1))


def day(moment: datetime) -> str:
    """Day in the United Kingdom, as YYYY-MM-DD."""
    return moment.astimezone(LONDON).date().isoformat()
