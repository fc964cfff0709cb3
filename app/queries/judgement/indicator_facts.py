"""Reads facts to judge an indicator by: its definition, baseline, targets and place in the plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.db import caches
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline
from app.domain.plan.indicator import Indicator as Measured
from app.domain.plan.target_version import TargetVersion
from app.models.column import table
from app.models.figures.published_change import ExceptionalPeriod
from app.models.plan.definition import Definition
from app.models.plan.indicator import Indicator
from app.models.plan.measure_line import MeasureLine
from app.models.plan.partnership import Agency, NamedOut, Partnership
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.models.plan.target import Target
from app.queries.frame import look_up
from app.queries.plan import target as targets
from app.queries.plan.indicator_version import definitions_at
from app.queries.plan.partnership import owed_from_at

LINE, PRIORITY = table(MeasureLine), table(Priority)


@dataclass(frozen=True, slots=True)
class Place:
    """Priority and line of the plan that an indicator is measured under."""

    priority: str | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """Facts of one indicator of a plan, as known at a moment; without its figures, which change far more often."""

    id: int
    code: str
    partnership_id: int
    defined: Definition
    measured: Measured
    baseline: AnyBaseline
    targets: Sequence[Target]
    """Every version, newest first."""
    versions: Sequence[TargetVersion]
    """The same versions, in the domain's type."""
    agency: NamedOut | None
    place: Place
    owed_from: date | None
    """The partnership's day from which figures are owed."""


def facts_of(
    session: Session, partnership: Partnership, plan: Plan, ids: Collection[int], known_at: datetime | None
) -> Mapping[int, IndicatorFacts]:
    """Facts by id, of at least these indicators of the partnership."""
    if known_at is not None or caches(session) is None:
        return _read_facts(session, partnership, plan, ids, known_at)
    key = (partnership.id, plan.id)
    return look_up(session, "facts", key, lambda: _read_facts(session, partnership, plan, None, None))


def _read_facts(
    session: Session,
    partnership: Partnership,
    plan: Plan,
    ids: Collection[int] | None,
    known_at: datetime | None,
) -> dict[int, IndicatorFacts]:
    """Facts of these indicators, or of all, in a few statements."""
    rows = session.exec(
        select_rows(Indicator).where(
            col(Indicator.id).in_(ids) if ids is not None else Indicator.partnership_id == partnership.id
        )
    ).all()
    known_targets = targets.versions(session, plan.id, known_at, ids)
    known_baselines = targets.known_baselines(session, plan.id, known_at, ids)
    definitions = definitions_at(session, rows, known_at)
    exceptional = exceptional_periods(session, partnership, known_at)
    agencies = agency_names(session, definitions.values())
    places = indicator_places(session, plan)
    owed_from = owed_from_at(session, partnership, known_at)
    titles = pair_titles(session, partnership, definitions.values(), known_at)
    facts = {}
    for row in rows:
        defined = definitions[row.id]
        own_targets = known_targets.get(row.id, [])
        facts[row.id] = IndicatorFacts(
            id=row.id,
            code=row.code,
            partnership_id=row.partnership_id,
            defined=defined,
            measured=replace(defined.judged(exceptional), paired_with=titles.get(defined.paired_with or "")),
            baseline=targets.as_baseline(known_baselines.get(row.id)),
            targets=own_targets,
            versions=[targets.as_version(each) for each in own_targets],
            agency=agencies.get(defined.responsible_agency_id),
            place=places.get(row.code, Place()),
            owed_from=owed_from,
        )
    return facts


def exceptional_periods(
    session: Session, partnership: Partnership, known_at: datetime | None = None
) -> tuple[Period, ...]:
    query = select_rows(ExceptionalPeriod.period).where(ExceptionalPeriod.partnership_id == partnership.id)
    if known_at is not None:
        recorded_at = col(ExceptionalPeriod.recorded_at)
        query = query.where(or_(recorded_at.is_(None), recorded_at <= known_at))
    return tuple(parse_period(period) for period in session.exec(query))


def agency_names(session: Session, rows: Iterable[Definition]) -> dict[int | None, NamedOut]:
    ids = {row.responsible_agency_id for row in rows}
    agencies = session.exec(select_rows(Agency).where(col(Agency.id).in_(ids)))
    return {agency.id: NamedOut(code=agency.code, name=agency.name) for agency in agencies}


def pair_titles(
    session: Session, partnership: Partnership, rows: Iterable[Definition], known_at: datetime | None
) -> dict[str, str]:
    """Titles by code of the indicators that others are paired with, for use in reasons."""
    codes = {row.paired_with for row in rows if row.paired_with}
    if not codes:
        return {}
    query = select_rows(Indicator).where(
        Indicator.partnership_id == partnership.id, col(Indicator.code).in_(codes)
    )
    pairs = session.exec(query).all()
    definitions = definitions_at(session, pairs, known_at)
    return {row.code: definitions[row.id].title for row in pairs}


def indicator_places(session: Session, plan: Plan) -> Mapping[str, Place]:
    """The priority and line each indicator is first measured under, by code."""
    return look_up(session, "places", plan.id, lambda: _read_places(session, plan.id))


def _read_places(session: Session, plan_id: int) -> dict[str, Place]:
    query = (
        select(PRIORITY.c.code.label("priority"), LINE.c.code, LINE.c.indicators)
        .join(LINE, LINE.c.priority_id == PRIORITY.c.id)
        .where(PRIORITY.c.plan_id == plan_id)
        .order_by(PRIORITY.c.position, LINE.c.position)
    )
    places: dict[str, Place] = {}
    for row in session.connection().execute(query):
        for code in row.indicators:
            places.setdefault(code, Place(row.priority, row.code))
    return places
