"""Runs the domain's plan checks on a stored plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.domain.figures.published_change import PublishedChange as Change
from app.domain.judgement.plan_check import HeadingFacts, LineFacts, PlanCheck, PlanFacts, check
from app.domain.period_text import parse_period
from app.domain.plan.target_words import parse
from app.models.figures.published_change import PublishedChange
from app.models.plan.indicator import Indicator
from app.models.plan.measure_line import MeasureLine
from app.models.plan.partnership import Agency
from app.models.plan.plan import Plan, PlanCheckOut
from app.models.plan.priority import Priority
from app.models.plan.theme import Theme
from app.queries.plan import plan as plans
from app.queries.plan import target as targets
from app.queries.plan.published_change import to_domain


def checks(session: Session, plan: Plan, today: date) -> list[PlanCheckOut]:
    """Warnings in plain words, each with the indicator or the heading it is about."""
    facts = _facts(session, plan)
    measured = {line.code for line in facts.lines}
    return [
        PlanCheckOut(
            code=each.code,
            indicator=each.subject if each.subject in measured else None,
            priority=None if each.subject in measured else each.subject.partition("/")[0] or None,
            message=each.message,
        )
        for each in check(facts, today)
    ]


def findings(session: Session, plan: Plan, today: date) -> tuple[PlanCheck, ...]:
    """The same warnings as the domain's checks, each with its subject's code."""
    return check(_facts(session, plan), today)


def _facts(session: Session, plan: Plan) -> PlanFacts:
    priorities = plans.priorities(session, [plan.id])
    codes = {priority.id: priority.code for priority in priorities}
    serves = _serves(codes, plans.measure_lines(session, list(codes)))
    return PlanFacts(
        headings=tuple(_headings(session, priorities)),
        lines=tuple(_lines(session, plan, serves)),
        baseline_heading=parse_period(plan.baseline_period) if plan.baseline_period else None,
    )


def _serves(codes: Mapping[int, str], lines: Mapping[int, Sequence[MeasureLine]]) -> dict[str, list[str]]:
    """Priorities and themes (`PRIORITY/THEME`) of each indicator, by its code."""
    serves: dict[str, list[str]] = defaultdict(list)
    for priority_id, group in lines.items():
        for line in group:
            for indicator in line.indicators:
                serves[indicator].append(codes[priority_id])
                if line.theme:
                    serves[indicator].append(f"{codes[priority_id]}/{line.theme}")
    return serves


def _headings(session: Session, priorities: Sequence[Priority]) -> list[HeadingFacts]:
    ids = [priority.id for priority in priorities]
    themes = session.exec(
        select(Theme).where(col(Theme.priority_id).in_(ids)).order_by(col(Theme.position))
    ).all()
    headings = []
    for priority in priorities:
        headings.append(HeadingFacts(priority.code, priority.title))
        headings += [
            HeadingFacts(f"{priority.code}/{theme.code}", theme.title, "theme", priority.code)
            for theme in themes
            if theme.priority_id == priority.id
        ]
    return headings


def _lines(session: Session, plan: Plan, serves: Mapping[str, Sequence[str]]) -> list[LineFacts]:
    rows = session.exec(
        select(Indicator, Agency.code)
        .outerjoin(Agency, col(Agency.id) == Indicator.responsible_agency_id)
        .where(Indicator.partnership_id == plan.partnership_id, col(Indicator.code).in_(list(serves)))
        .order_by(col(Indicator.id))
    ).all()
    versions = targets.versions(session, plan.id, None)
    baselines = targets.known_baselines(session, plan.id, None)
    changes = _changes(session, [row.id for row, _ in rows])
    lines = []
    for row, agency in rows:
        newest = next(iter(versions.get(row.id, [])), None)
        baseline = baselines.get(row.id)
        lines.append(
            LineFacts(
                code=row.code,
                title=row.title,
                indicator=row.judged(),
                serves=tuple(serves[row.code]),
                responsible=agency or "",
                baseline=targets.as_baseline(baseline) if baseline is not None else None,
                target=parse(newest.words) if newest is not None else None,
                changes=tuple(changes.get(row.id, ())),
            )
        )
    return lines


def _changes(session: Session, ids: Sequence[int]) -> dict[int, list[Change]]:
    grouped: dict[int, list[Change]] = defaultdict(list)
    rows = session.exec(
        select(PublishedChange)
        .where(col(PublishedChange.indicator_id).in_(ids))
        .order_by(col(PublishedChange.position))
    )
    for row in rows:
        grouped[row.indicator_id].append(to_domain(row))
    return grouped
