"""How a plan's indicators stand: figures and targets gathered in a few reads, judged, and said."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.domain import figure as figures
from app.domain.authority import Actor
from app.domain.baseline import AnyBaseline
from app.domain.indicator import Indicator as Measured
from app.domain.judgement import Judgement, judge
from app.domain.period import Period
from app.domain.target import Applies
from app.domain.target import Target as TargetWords
from app.domain.trend import Direction
from app.models.column import table
from app.models.figure import Figure, FigureRevision
from app.models.indicator import Indicator, IndicatorItemOut, LatestOut, PointOut, RatingOut, TrendOut
from app.models.partnership import Agency, NamedOut, Partnership
from app.models.plan import Plan
from app.models.published_change import ExceptionalPeriod
from app.models.target import Target
from app.models.wire import json_number
from app.queries import plan as plans
from app.queries import target as targets
from app.queries.figure import HIDDEN, conceals, domain_figure, newest_known, period_of

FIGURE, REVISION = table(Figure), table(FigureRevision)
MONTHS_READ = 84
"""Seven years: three whole ones for a seasonal shape, and enough for a trend in yearly comparisons."""
RECENT = 8
REMEMBERED = 20_000
TONES = {Direction.IMPROVING: "good", Direction.WORSENING: "bad"}


@dataclass(frozen=True)
class Asked:
    """What the scorecard is of. `period` None is the newest ended period with a figure, indicator by indicator."""

    plan: Plan
    period: Period | None
    known_at: datetime | None
    today: date


@dataclass(frozen=True)
class Place:
    """Where in the plan an indicator is measured."""

    priority: str | None = None
    line: str | None = None


class Remembered:
    """Judgements by what they were computed from. An indicator's `seq` moves with any change to it or its
    figures, so a write makes only the indicators it touched be judged again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], IndicatorItemOut] = OrderedDict()

    def get(self, key: tuple[Any, ...]) -> IndicatorItemOut | None:
        return self._kept.get(key)

    def put(self, key: tuple[Any, ...], item: IndicatorItemOut) -> None:
        self._kept[key] = item
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)


def items(
    session: Session, actor: Actor, partnership: Partnership, rows: Sequence[Indicator], asked: Asked
) -> list[IndicatorItemOut]:
    """One item an indicator, in the order given."""
    if not rows:
        return []
    plan_id = asked.plan.id or 0
    known_targets = targets.versions(session, plan_id, asked.known_at)
    known_baselines = targets.known_baselines(session, plan_id, asked.known_at)
    exceptional = exceptional_periods(session, partnership)
    agencies = agency_names(session, rows)
    places = indicator_places(session, asked.plan)
    until = asked.period.last if asked.period else asked.today.year * 12 + asked.today.month - 1
    series = read_series(session, rows, partnership.area_code, until - MONTHS_READ, asked.known_at)
    made = []
    for row in rows:
        measured = row.judged(exceptional)
        baseline = targets.as_baseline(known_baselines.get(row.id or 0))
        found: Sequence[figures.Figure] = series.get(row.id or 0, ())
        if conceals(row, actor):
            found = [conceal(each) for each in found]
        target = targets.in_force(known_targets.get(row.id or 0, []), asked.period)
        judgement = judge_one(measured, target, baseline, found, asked)
        agency = agencies.get(row.responsible_agency_id or 0)
        made.append(
            item(
                row,
                measured,
                judgement,
                baseline,
                target,
                found,
                agency,
                places.get(row.code, Place()),
                asked,
            )
        )
    return made


def judge_one(
    measured: Measured,
    target: Target | None,
    baseline: AnyBaseline,
    found: Sequence[figures.Figure],
    asked: Asked,
) -> Judgement:
    words: TargetWords | None = targets.parse(target.words) if target is not None else None
    return judge(
        measured,
        words,
        Applies(target.applies) if target is not None else Applies.EACH_YEAR,
        targets.milestones(target) if target is not None else (),
        baseline,
        found,
        asked.period,
        asked.today,
        plans.years(asked.plan),
    )


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
    for row in session.connection().execute(query).mappings():
        period = period_of(row["first_month"], row["last_month"])
        grouped.setdefault(row["indicator_id"], []).append(domain_figure(dict(row), period))
    return grouped


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


def conceal(found: figures.Figure) -> figures.Figure:
    """The same figure, for those outside the information-sharing agreement."""
    return domain_figure({**HIDDEN, "status": found.status.value}, found.period)


def exceptional_periods(session: Session, partnership: Partnership) -> tuple[Period, ...]:
    rows = session.exec(
        select_rows(ExceptionalPeriod.period).where(ExceptionalPeriod.partnership_id == partnership.id)
    )
    return tuple(Period.parse(period) for period in rows)


def agency_names(session: Session, rows: Iterable[Indicator]) -> dict[int, NamedOut]:
    ids = {row.responsible_agency_id for row in rows}
    found = session.exec(select_rows(Agency).where(col(Agency.id).in_(ids)))
    return {agency.id or 0: NamedOut(code=agency.code, name=agency.name) for agency in found}


def indicator_places(session: Session, plan: Plan) -> dict[str, Place]:
    """The priority and line each indicator is first measured under."""
    priorities = plans.priorities(session, [plan.id or 0])
    lines = plans.measure_lines(session, [each.id or 0 for each in priorities])
    found: dict[str, Place] = {}
    for priority in priorities:
        for line in lines.get(priority.id or 0, []):
            for code in line.indicators:
                found.setdefault(code, Place(priority.code, line.code))
    return found


def item(
    row: Indicator,
    measured: Measured,
    judgement: Judgement,
    baseline: AnyBaseline,
    target: Target | None,
    found: Sequence[figures.Figure],
    agency: NamedOut | None,
    place: Place,
    asked: Asked,
) -> IndicatorItemOut:
    """A line of the scorecard."""
    rating, trend = judgement.rating, judgement.trend
    return IndicatorItemOut(
        id=str(row.id),
        code=row.code,
        title=row.title,
        unit=row.unit,
        decimals=row.decimals,
        measure=row.measure,
        adds_up=row.adds_up,
        polarity=row.polarity,
        reporting_sensitive=row.reporting_sensitive,
        responsible_agency=agency,
        priority=place.priority,
        measure_line=place.line,
        baseline=targets.baseline_out(baseline, measured),
        target=targets.target_out(target, measured, baseline),
        latest=latest(judgement, measured, waiting_for(found, asked)),
        rating=RatingOut(
            status=rating.status.value,
            label=rating.label,
            tone=rating.tone,
            reason=rating.reason,
            second=rating.second or None,
        ),
        trend=TrendOut(
            direction=trend.direction.value,
            label=trend.label,
            tone=TONES.get(trend.direction, "none"),
            reason=trend.reason,
            test=trend.test or None,
        ),
        recent=recent(found, measured, judgement),
        retired_on=row.retired_on.isoformat() if row.retired_on else None,
    )


def latest(judgement: Judgement, measured: Measured, waiting: figures.Figure | None) -> LatestOut | None:
    """The position the rating speaks of, marked as its newest figure is; without one, the gap that waits."""
    newest, position = judgement.latest or waiting, judgement.position
    if newest is None:
        return None
    period = position.period if position is not None else newest.period
    value = position.value if position is not None else newest.value
    return LatestOut(
        period=str(period),
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        period_label=period.label,
        value=json_number(value),
        words=_position_words(newest, value, measured),
        words_in_full=position.words if position is not None else figures.words(newest, measured),
        mark=figures.mark(newest),
        missing=newest.missing.value if newest.missing is not None else None,
        expected_on=newest.expected_on.isoformat() if newest.expected_on else None,
        status=newest.status.value,
    )


def _position_words(newest: figures.Figure, value: Decimal | None, measured: Measured) -> str:
    if value is None or value == newest.value:
        return figures.words(newest, measured)
    return measured.words(value)


def waiting_for(found: Sequence[figures.Figure], asked: Asked) -> figures.Figure | None:
    """The newest figure without a value up to the period asked for."""
    last = asked.period.last if asked.period is not None else asked.today.year * 12 + asked.today.month - 2
    return next((each for each in reversed(found) if each.value is None and each.period.last <= last), None)


def recent(found: Sequence[figures.Figure], measured: Measured, judgement: Judgement) -> list[PointOut]:
    """The newest figures of one length up to the judged period, oldest first."""
    newest = judgement.latest
    if newest is None:
        return []
    months, last = newest.period.months, newest.period.last
    alike = [each for each in found if each.period.months == months and each.period.last <= last]
    return [
        PointOut(
            period=str(each.period),
            period_label=each.period.short_label,
            value=json_number(each.value),
            words=figures.words(each, measured),
        )
        for each in alike[-RECENT:]
    ]
