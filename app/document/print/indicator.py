"""Converts indicators to the document's entries, with every version of baseline and target."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.document.print.figure import day
from app.document.print.section import columns, text
from app.document.yaml_out import Flow, FlowList
from app.domain.access.audience import Audience
from app.domain.period import year_named
from app.models.column import plain
from app.models.figures.published_change import PublishedChange
from app.models.figures.release import Release
from app.models.plan.baseline import Baseline
from app.models.plan.indicator import Indicator
from app.models.plan.plan import Plan
from app.models.plan.target import Target
from app.queries.figures.release import period_ending

BEFORE = ("code", "title", "definition", "measure")
BETWEEN = ("denominator", "polarity", "frequency")
AFTER = ("adds_up", "survey", "counts_people")
CARE = ("reporting_sensitive", "paired_with")


def indicator_sections(
    session: Session, plan: Plan, indicators: Sequence[Indicator], agencies: dict[int, str]
) -> list[Any]:
    ids = [row.id for row in indicators]
    baselines = _by_indicator(session, select(Baseline).where(Baseline.plan_id == plan.id), Baseline.number)
    targets = _by_indicator(session, select(Target).where(Target.plan_id == plan.id), Target.number)
    mine = select(PublishedChange).where(col(PublishedChange.indicator_id).in_(ids))
    changes = _by_indicator(session, mine, PublishedChange.position)
    released = select(Release).where(col(Release.indicator_id).in_(ids))
    approvals = _by_indicator(session, released, Release.id)
    return [
        {
            **_facts(row, agencies, approvals.get(row.id, [])),
            "baseline": _one_or_list([_baseline(version) for version in baselines.get(row.id, [])]),
            "target": _one_or_list([_target(version, plan) for version in targets.get(row.id, [])]),
            "published_changes": [_change(change) for change in changes.get(row.id, [])],
        }
        for row in indicators
    ]


def _by_indicator(session: Session, query: Any, order: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in session.exec(query.order_by(order)):
        grouped.setdefault(row.indicator_id, []).append(row)
    return grouped


def _facts(row: Indicator, agencies: dict[int, str], approvals: Sequence[Release]) -> dict[str, Any]:
    lag, responsible = row.publication_lag_days, row.responsible_agency_id
    return {
        **columns(row, *BEFORE, "per", *BETWEEN),
        "window": row.window if row.window != "period" else None,
        "publication_lag_days": str(lag) if lag else None,
        "unit": row.unit,
        "decimals": str(row.decimals) if row.decimals else None,
        **columns(row, *AFTER),
        "release": _release(row, approvals),
        **columns(row, *CARE),
        "tolerance": plain(row.tolerance) if row.tolerance is not None else None,
        "responsible": agencies[responsible] if responsible is not None else None,
        "suppliers": FlowList(row.suppliers),
        "breakdowns": {name: FlowList(members) for name, members in row.breakdowns.items()},
        "breaks": text(row.breaks),
        **columns(row, "note", "retired_on", "retired_reason"),
    }


def _release(row: Indicator, approvals: Sequence[Release]) -> Any:
    to = row.release_to if row.release_to != Audience.PUBLIC else None
    if not approvals:
        return to
    return {"to": to, "approvals": [_approval(row, each) for each in approvals]}


def _approval(row: Indicator, approval: Release) -> Flow:
    return Flow(
        {
            "period": str(period_ending(row, approval.last_month)),
            "to": approval.audience,
            "from": approval.from_on.isoformat(),
            "reason": approval.reason,
            "recorded_on": day(approval.recorded_at),
        }
    )


def _one_or_list(versions: list[dict[str, Any]]) -> Any:
    return versions[0] if len(versions) == 1 else versions


def _baseline(row: Baseline) -> dict[str, Any]:
    return {
        **columns(row, "period"),
        "value": plain(row.value) if row.value is not None else None,
        **columns(row, "caveat", "none_because", "year", "reason"),
        "recorded_on": day(row.recorded_at),
    }


def _target(row: Target, plan: Plan) -> dict[str, Any]:
    return {
        "words": row.words,
        "applies": row.applies if row.applies != "each_year" else None,
        "milestones": text(row.milestones),
        "from_period": row.from_period if row.from_period != str(year_named(plan.first_year)) else None,
        "reason": row.reason,
        "recorded_on": day(row.recorded_at),
    }


def _change(row: PublishedChange) -> dict[str, Any]:
    return {
        "area": row.area_code,
        **columns(row, "period", "compared_with"),
        "change": plain(row.change),
        **columns(row, "unit", "words", "source"),
    }
