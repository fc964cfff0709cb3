"""How a plan's indicators stand: figures and targets gathered in a few reads, judged, and said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.db import memory
from app.domain.access.authority import Actor
from app.domain.figures import figure as figures
from app.domain.judgement.judgement import Judgement, judge
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from app.models.figures.published_change import ExceptionalPeriod
from app.models.plan.definition import Definition
from app.models.plan.indicator import Indicator, ScorecardItemOut
from app.models.plan.measure_line import MeasureLine
from app.models.plan.partnership import Agency, NamedOut, Partnership
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.queries import visible
from app.queries.figures.figure import MISSING, QUALIFIERS, STATUSES, newest_known, period_of
from app.queries.figures.sight import Sight
from app.queries.judgement.scorecard_item import Asked, Known, Place, item
from app.queries.plan import edition
from app.queries.plan import plan as plans
from app.queries.plan import target as targets

FIGURE, REVISION, INDICATOR = table(Figure), table(FigureRevision), table(Indicator)
LINE, PRIORITY = table(MeasureLine), table(Priority)
MONTHS_READ = 84
"""Seven years: three whole ones for a seasonal shape, and enough for a trend in yearly comparisons."""
STUB = ("id", "code", "seq", "responsible_agency_id", "suppliers", "counts_people", "release_to")


@dataclass(frozen=True, slots=True)
class Stub:
    """An indicator by what tells whether it changed, and who may see its figures."""

    id: int
    code: str
    seq: int
    responsible_agency_id: int | None
    suppliers: list[str]
    counts_people: bool
    release_to: str
    place: Place

    @property
    def is_placed(self) -> bool:
        """Whether the plan measures by it at all."""
        return self.place.priority is not None


def items(
    session: Session, sight: Sight, partnership: Partnership, rows: Sequence[Stub], asked: Asked
) -> list[ScorecardItemOut]:
    """One item an indicator, in the order given.

    An item is worked out once for all who may see the same: an indicator's `seq` moves with every change to it,
    its figures, targets and place in the plan, so a write makes only what it touched be judged again.
    """
    known = memory(session)
    question = (asked.plan.id, asked.period, asked.known_at, asked.day)
    keys = {row.id: (row.id, sight.key(row), question) for row in rows}
    made = {row.id: known.get(keys[row.id], row.seq) for row in rows}
    if None in made.values():
        with known.working:
            made = {row.id: known.get(keys[row.id], row.seq) for row in rows}
            versions = {row.id: row.seq for row in rows if made[row.id] is None}
            for id_, fresh in _judged(session, partnership, list(versions), asked, sight):
                known.put(keys[id_], versions[id_], fresh)
                made[id_] = fresh
    return [made[row.id] for row in rows]


def stubs(session: Session, actor: Actor, partnership: Partnership, plan: Plan) -> list[Stub]:
    """The partnership's indicators in order, with no more than is needed to know whether they changed."""
    query = (
        select(*(INDICATOR.c[name] for name in STUB))
        .where(visible.indicator_in_sight(actor), INDICATOR.c.partnership_id == partnership.id)
        .order_by(INDICATOR.c.id)
    )
    places = indicator_places(session, plan)
    rows = session.connection().execute(query).all()
    nowhere = Place()
    return [_stub(row, places.get(row.code, nowhere)) for row in rows]


def stub(row: Indicator, places: Mapping[str, Place]) -> Stub:
    return _stub(row, places.get(row.code, Place()))


def _stub(row: Any, place: Place) -> Stub:
    return Stub(
        row.id,
        row.code,
        row.seq,
        row.responsible_agency_id,
        row.suppliers,
        row.counts_people,
        row.release_to,
        place,
    )


def _judged(
    session: Session, partnership: Partnership, ids: Sequence[int], asked: Asked, sight: Sight
) -> Iterator[tuple[int, ScorecardItemOut]]:
    """Gathers what is known of some indicators, in a few reads, and judges each."""
    if not ids:
        return
    rows = session.exec(select_rows(Indicator).where(col(Indicator.id).in_(ids))).all()
    plan_id = asked.plan.id
    known_targets = targets.versions(session, plan_id, asked.known_at, ids)
    known_baselines = targets.known_baselines(session, plan_id, asked.known_at, ids)
    definitions = edition.as_known(session, rows, asked.known_at)
    exceptional = exceptional_periods(session, partnership, asked.known_at)
    agencies = agency_names(session, definitions.values())
    places = indicator_places(session, asked.plan)
    titles = pair_titles(session, partnership, definitions.values(), asked.known_at)
    until = asked.period.last if asked.period else asked.day.year * 12 + asked.day.month - 1
    series = read_series(session, rows, partnership.area_code, until - MONTHS_READ, asked.known_at)
    for row in rows:
        id_ = row.id
        defined = definitions[id_]
        known = Known(
            row=row,
            defined=defined,
            measured=replace(defined.judged(exceptional), paired_with=titles.get(defined.paired_with or "")),
            figures=seen(sight, row, series.get(id_, ())),
            baseline=targets.as_baseline(known_baselines.get(id_)),
            targets=known_targets.get(id_, []),
            agency=agencies.get(defined.responsible_agency_id),
            place=places.get(row.code, Place()),
        )
        yield id_, item(known, judge_one(known, asked), asked)


def judge_one(known: Known, asked: Asked) -> Judgement:
    return judge(
        known.measured,
        [targets.as_version(each) for each in known.targets],
        known.baseline,
        known.figures,
        asked.period,
        asked.day,
        plans.years(asked.plan),
        known_on=asked.day if asked.known_at is not None else None,
    )


def whole_series(
    session: Session, sight: Sight, row: Indicator, area: str, known_at: datetime | None
) -> list[figures.Figure]:
    """All figures of one indicator for an area, as far as the actor may see them."""
    found = read_series(session, [row], area, 0, known_at).get(row.id, [])
    return seen(sight, row, found)


def read_series(
    session: Session, rows: Iterable[Indicator], area: str, from_month: int, known_at: datetime | None
) -> dict[int, list[figures.Figure]]:
    """Whole-area, whole-breakdown figures that end in or after a month, by indicator, in order of period."""
    ids = [row.id for row in rows]
    source = FIGURE if known_at is None else REVISION
    query = select(
        FIGURE.c.indicator_id, FIGURE.c.first_month, FIGURE.c.last_month, *(source.c[name] for name in SAID)
    )
    if known_at is not None:
        query = query.select_from(FIGURE).join(REVISION, newest_known(known_at))
    query = query.where(
        FIGURE.c.indicator_id.in_(ids),
        FIGURE.c.area_code == area,
        FIGURE.c.breakdown == "",
        FIGURE.c.last_month >= from_month,
    ).order_by(FIGURE.c.indicator_id, FIGURE.c.first_month, FIGURE.c.last_month)
    grouped: dict[int, list[figures.Figure]] = {}
    for row in session.connection().execute(query).all():
        grouped.setdefault(row.indicator_id, []).append(_figure(row))
    return grouped


def _figure(row: Sequence[Any]) -> figures.Figure:
    """A row of a series as judging takes it."""
    _, first, last, value, status, qualifier, numerator, denominator, size, margin, level, of, missing, on = (
        row
    )
    return figures.Figure(
        period_of(first, last),
        value,
        STATUSES[status],
        QUALIFIERS[qualifier],
        numerator,
        denominator,
        size,
        margin,
        level,
        of,
        MISSING[missing] if missing is not None else None,
        on,
    )


SAID = (
    "value",
    "status",
    "qualifier",
    "numerator",
    "denominator",
    "sample_size",
    "margin",
    "margin_level",
    "margin_of",
    "missing",
    "expected_on",
)


def seen(sight: Sight, row: Indicator, found: Sequence[figures.Figure]) -> list[figures.Figure]:
    """An indicator's figures as an actor may see them."""
    if sight.key(row) is None:
        return list(found)
    if sight.is_open(row):
        return list(found)
    withheld = ((each, sight.withholds(row, each.period.last)) for each in found)
    return [each if why is None else each.kept_back(why) for each, why in withheld]


def exceptional_periods(
    session: Session, partnership: Partnership, known_at: datetime | None = None
) -> tuple[Period, ...]:
    query = select_rows(ExceptionalPeriod.period).where(ExceptionalPeriod.partnership_id == partnership.id)
    if known_at is not None:
        said_at = col(ExceptionalPeriod.recorded_at)
        query = query.where(or_(said_at.is_(None), said_at <= known_at))
    return tuple(parse_period(period) for period in session.exec(query))


def agency_names(session: Session, rows: Iterable[Definition]) -> dict[int | None, NamedOut]:
    ids = {row.responsible_agency_id for row in rows}
    found = session.exec(select_rows(Agency).where(col(Agency.id).in_(ids)))
    return {agency.id: NamedOut(code=agency.code, name=agency.name) for agency in found}


def pair_titles(
    session: Session, partnership: Partnership, rows: Iterable[Definition], known_at: datetime | None
) -> dict[str, str]:
    """Titles of the indicators that some are to be read with, by code: reasons name them so."""
    codes = {row.paired_with for row in rows if row.paired_with}
    if not codes:
        return {}
    query = select_rows(Indicator).where(
        Indicator.partnership_id == partnership.id, col(Indicator.code).in_(codes)
    )
    pairs = session.exec(query).all()
    known = edition.as_known(session, pairs, known_at)
    return {row.code: known[row.id].title for row in pairs}


def answered_by(
    session: Session, partnership: Partnership, agency: str, known_at: datetime | None
) -> set[int]:
    """Ids of the indicators that an agency answers for, or did then."""
    rows = session.exec(select_rows(Indicator).where(Indicator.partnership_id == partnership.id)).all()
    found = session.exec(select_rows(Agency.id).where(Agency.code == agency)).first()
    known = edition.as_known(session, rows, known_at)
    return {id_ for id_, each in known.items() if found is not None and each.responsible_agency_id == found}


def indicator_places(session: Session, plan: Plan) -> dict[str, Place]:
    """The priority and line each indicator is first measured under."""
    query = (
        select(PRIORITY.c.code.label("priority"), LINE.c.code, LINE.c.indicators)
        .join(LINE, LINE.c.priority_id == PRIORITY.c.id)
        .where(PRIORITY.c.plan_id == plan.id)
        .order_by(PRIORITY.c.position, LINE.c.position)
    )
    found: dict[str, Place] = {}
    for row in session.connection().execute(query):
        for code in row.indicators:
            found.setdefault(code, Place(row.priority, row.code))
    return found
