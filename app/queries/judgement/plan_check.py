"""Runs the domain's plan checks on a stored plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.domain.figures.published_change import PublishedChange as Change
from app.domain.judgement.plan_check import HeadingFacts, LineFacts, PlanCheck, PlanFacts, check
from app.domain.judgement.proposed_target import present_level
from app.domain.judgement.series import Series
from app.domain.period_text import parse_period
from app.domain.plan.baseline import Baseline as AsBaseline
from app.domain.plan.target_words import parse
from app.models.figures.published_change import PublishedChange
from app.models.plan.baseline import Baseline
from app.models.plan.indicator import Indicator
from app.models.plan.measure_line import MeasureLine
from app.models.plan.partnership import Agency, Partnership
from app.models.plan.plan import Plan, PlanCheckOut
from app.models.plan.priority import Priority
from app.models.plan.target import Target
from app.models.plan.theme import Theme
from app.queries.figures.read.series import figures_of, read_series
from app.queries.figures.visibility import FigureVisibility
from app.queries.plan import plan as plans
from app.queries.plan import target as targets
from app.queries.plan.published_change import to_domain


def checks(session: Session, visibility: FigureVisibility, plan: Plan, today: date) -> list[PlanCheckOut]:
    """Warnings in plain words, each with the indicator or the heading it is about."""
    facts = _facts(session, visibility, plan)
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


def findings(
    session: Session, visibility: FigureVisibility, plan: Plan, today: date
) -> tuple[PlanCheck, ...]:
    """The same warnings as the domain's checks, each with its subject's code."""
    return check(_facts(session, visibility, plan), today)


def _facts(session: Session, visibility: FigureVisibility, plan: Plan) -> PlanFacts:
    priorities = plans.priorities(session, [plan.id])
    codes = {priority.id: priority.code for priority in priorities}
    serves = _serves(codes, plans.measure_lines(session, list(codes)))
    return PlanFacts(
        headings=tuple(_headings(session, priorities)),
        lines=tuple(_lines(session, visibility, plan, serves)),
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


def _lines(
    session: Session, visibility: FigureVisibility, plan: Plan, serves: Mapping[str, Sequence[str]]
) -> list[LineFacts]:
    rows = session.exec(
        select(Indicator, Agency.code)
        .outerjoin(Agency, col(Agency.id) == Indicator.responsible_agency_id)
        .where(Indicator.partnership_id == plan.partnership_id, col(Indicator.code).in_(list(serves)))
        .order_by(col(Indicator.id))
    ).all()
    versions = targets.versions(session, plan.id, None)
    baselines = targets.known_baselines(session, plan.id, None)
    changes = _changes(session, [row.id for row, _ in rows])
    without = [row for row, _ in rows if row.id in versions and _has_no_figure(baselines.get(row.id))]
    levels = _levels_before(session, visibility, without, {row.id: versions[row.id][0] for row in without})
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
                level_before=levels.get(row.id),
            )
        )
    return lines


def _has_no_figure(baseline: Baseline | None) -> bool:
    return baseline is None or baseline.value is None


def _levels_before(
    session: Session,
    visibility: FigureVisibility,
    indicators: Sequence[Indicator],
    newest: Mapping[int, Target],
) -> dict[int, AsBaseline]:
    """Levels just before each indicator's newest target came into force, by id."""
    if not indicators:
        return {}
    partnership = session.get_one(Partnership, indicators[0].partnership_id)
    series = read_series(session, visibility, indicators, (partnership.area_code, ""), None)
    levels = {}
    for row in indicators:
        first = parse_period(newest[row.id].from_period).first
        earlier = [each for each in figures_of(series[row.id]) if each.period.last < first]
        if level := present_level(Series(row.judged(), earlier)):
            levels[row.id] = AsBaseline(level.period, level.value)
    return levels


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
