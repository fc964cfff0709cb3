"""Stored figures as the document's groups: values where a value and its day say it all, rows where not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from app.config import LONDON
from app.domain.errors import RuleBroken
from app.domain.figure import ratio_value
from app.domain.period import Period
from app.models.column import plain, table
from app.models.figure import Figure, FigureRevision
from app.models.indicator import Indicator
from app.queries.plan_document.yaml_out import Flow

FIGURE, REVISION = table(Figure), table(FigureRevision)
SHARED = ("status", "qualifier", "note")
SAID = ("sample_size", "margin", "margin_level", "margin_of")
PARTS = ("value", "numerator", "denominator", "missing", "expected_on")

Revision = Mapping[Any, Any]


def figures(session: Session, indicators: Sequence[Indicator], own_area: str) -> dict[str, list[Any]]:
    """By indicator code, in the document's order; groups and periods in theirs."""
    found: dict[int, dict[tuple[Any, ...], list[list[Revision]]]] = {}
    for revisions in _histories(session, [row.id for row in indicators if row.id is not None]):
        newest = revisions[-1]
        key = (newest["area_code"], newest["breakdown"], *(newest[name] for name in (*SHARED, *SAID)))
        found.setdefault(newest["indicator_id"], {}).setdefault(key, []).append(revisions)
    return {
        row.code: [_group(row, members, own_area) for _, members in sorted(groups.items(), key=_first)]
        for row in indicators
        if row.id is not None and (groups := found.get(row.id))
    }


def _first(group: tuple[tuple[Any, ...], list[list[Revision]]]) -> tuple[Any, ...]:
    """Whole before its parts, earliest period first, and a fixed order whatever the rest."""
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
    newest = members[0][-1]
    days = {day(revisions[-1]["recorded_at"]) for revisions in members}
    shared_day = days.pop() if len(days) == 1 else None
    group: dict[str, Any] = {
        "area": newest["area_code"] if newest["area_code"] != own_area else None,
        "breakdown": Flow(part.split("=", 1) for part in newest["breakdown"].split(";") if part),
        "status": newest["status"],
        "qualifier": newest["qualifier"] if newest["qualifier"] != "exact" else None,
        **{name: _scalar(newest[name]) for name in SAID},
        "note": newest["note"],
        "recorded_on": shared_day,
    }
    simple = [revisions for revisions in members if _is_simple(revisions)]
    group["values"] = {period_of(r[-1]): _value(r[-1], shared_day) for r in simple}
    group["rows"] = [_row(indicator, r, shared_day) for r in members if not _is_simple(r)]
    return group


def _is_simple(revisions: list[Revision]) -> bool:
    newest = revisions[-1]
    return len(revisions) == 1 and newest["value"] is not None and newest["numerator"] is None


def _value(revision: Revision, shared_day: str | None) -> str:
    number = plain(revision["value"])
    return number if shared_day else f"{number} on {day(revision['recorded_at'])}"


def _row(indicator: Indicator, revisions: list[Revision], shared_day: str | None) -> dict[str, Any]:
    newest = revisions[-1]
    row: dict[str, Any] = {"period": period_of(newest), **_parts(indicator, newest)}
    row["recorded_on"] = None if shared_day else day(newest["recorded_at"])
    row["reason"] = newest["reason"]
    row["earlier"] = [_earlier(indicator, revision, newest) for revision in revisions[:-1]]
    return row if row["earlier"] or row["reason"] else Flow(row)


def _earlier(indicator: Indicator, revision: Revision, newest: Revision) -> dict[str, Any]:
    """An earlier revision in full where it says more than its group does: a row left out means the same."""
    entry: dict[str, Any] = _parts(indicator, revision)
    for name in (*SHARED, *SAID):
        if revision[name] != newest[name]:
            entry[name] = _scalar(revision[name])
    return {**entry, "recorded_on": day(revision["recorded_at"]), "reason": revision["reason"]}


def _parts(indicator: Indicator, revision: Revision) -> dict[str, Any]:
    parts = {name: _scalar(revision[name]) for name in PARTS}
    if revision["numerator"] is not None and revision["value"] == _made(indicator, revision):
        parts["value"] = None
    return parts


def _made(indicator: Indicator, revision: Revision) -> Decimal | None:
    try:
        return ratio_value(revision["numerator"], revision["denominator"], indicator.judged())
    except RuleBroken:
        return None


def _scalar(value: Any) -> str | None:
    if value is None:
        return None
    return plain(value) if isinstance(value, Decimal) else str(value)


def period_of(revision: Revision) -> str:
    return str(Period(revision["first_month"], revision["last_month"] - revision["first_month"] + 1))


def day(moment: datetime) -> str:
    """The day it was in the United Kingdom."""
    return moment.astimezone(LONDON).date().isoformat()
