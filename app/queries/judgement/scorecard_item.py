"""Builds a line of the scorecard: one indicator with its rating, trend and newest figures."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.domain.figures import figure as figures
from app.domain.judgement.judgement import Judgement, JudgementQuery, judge
from app.domain.judgement.trend import Direction
from app.domain.period import Period
from app.domain.plan.indicator import Indicator as Measured
from app.domain.plan.indicator import Polarity
from app.domain.returns.owed_from import is_owed
from app.models.plan.indicator import LatestOut, OwedOut, PointOut, RatingOut, ScorecardItemOut, TrendOut
from app.models.plan.plan import Plan
from app.models.plan.target import Target
from app.models.wire import json_number
from app.queries.figures.owed import due_period, owed_out
from app.queries.judgement.indicator_facts import IndicatorFacts
from app.queries.plan import plan as plans
from app.queries.plan import target as targets

RECENT = 8
TONES = {Direction.IMPROVING: "good", Direction.WORSENING: "bad"}


@dataclass(frozen=True, slots=True)
class ScorecardQuery:
    """Plan, period and day of a scorecard; `period` None is each indicator's newest ended period with a figure."""

    plan: Plan
    period: Period | None
    known_at: datetime | None
    day: date
    """Day it is judged on: today, or an earlier one with `known_at`."""

    @property
    def key(self) -> Hashable:
        """Cache key: equal for two queries with the same scorecard."""
        return (self.plan.id, self.period, self.known_at, self.day)


def scorecard_item(
    facts: IndicatorFacts, series: Sequence[figures.Figure], query: ScorecardQuery
) -> ScorecardItemOut:
    """Judges an indicator by `series`: its figures as the viewer may see them, in order of period."""
    defined, measured, judgement = facts.defined, facts.measured, judge_one(facts, series, query)
    rating, trend = judgement.rating, judgement.trend
    waiting = waiting_for(series, query)
    return ScorecardItemOut(
        id=str(facts.id),
        code=facts.code,
        title=defined.title,
        unit=defined.unit,
        decimals=defined.decimals,
        measure=defined.measure,
        adds_up=defined.adds_up,
        polarity=defined.polarity,
        reporting_sensitive=defined.reporting_sensitive,
        responsible_agency=facts.agency,
        priority=facts.place.priority,
        measure_line=facts.place.line,
        baseline=targets.baseline_out(facts.baseline, measured),
        target=targets.target_out(_target_judged(facts, judgement), measured, facts.baseline),
        latest=latest(judgement, measured, waiting),
        rating=RatingOut(
            status=rating.status.value,
            label=rating.label,
            tone=rating.tone,
            reason=rating.reason,
            brief=rating.brief,
            second=rating.second or None,
        ),
        trend=TrendOut(
            direction=trend.direction.value,
            label=trend.label,
            tone=TONES.get(trend.direction, "none"),
            moved=moved(trend.direction, measured.polarity),
            reason=trend.reason,
            test=trend.test or None,
        ),
        recent=recent(series, measured, judgement),
        owed=_owed(facts, query, judgement, waiting),
        retired_on=defined.retired_on.isoformat() if defined.retired_on else None,
    )


def _owed(
    facts: IndicatorFacts, query: ScorecardQuery, judgement: Judgement, waiting: figures.Figure | None
) -> OwedOut | None:
    if query.day < plans.years(query.plan).start:
        return None
    due = due_period(facts.defined, facts.measured, query.period, query.day)
    if due is None or not is_owed(due, facts.owed_from):
        return None
    return owed_out(due, facts.measured, judgement.latest, waiting)


def judge_one(facts: IndicatorFacts, series: Sequence[figures.Figure], query: ScorecardQuery) -> Judgement:
    known_on = query.day if query.known_at is not None else None
    judgement_query = JudgementQuery(query.period, query.day, plans.years(query.plan), known_on=known_on)
    return judge(facts.measured, facts.versions, facts.baseline, series, judgement_query)


def _target_judged(facts: IndicatorFacts, judgement: Judgement) -> Target | None:
    version = judgement.version
    return next((row for row in facts.targets if version and row.number == version.number), None)


def moved(direction: Direction, polarity: Polarity) -> Literal["up", "down"] | None:
    """Direction of the values themselves; None if the trend is not certain."""
    if direction in (Direction.UP, Direction.DOWN):
        return "up" if direction is Direction.UP else "down"
    if direction not in TONES or polarity not in (Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER):
        return None
    better = direction is Direction.IMPROVING
    return "up" if better is (polarity is Polarity.HIGHER_IS_BETTER) else "down"


def latest(judgement: Judgement, measured: Measured, waiting: figures.Figure | None) -> LatestOut | None:
    """Position that the rating judges, with the mark of its newest figure; without one, the newest missing figure."""
    newest, position = judgement.latest or waiting, judgement.position
    if newest is None:
        return None
    period = position.period if position is not None else newest.period
    amount = position.value if position is not None else newest.value
    return LatestOut(
        period=str(period),
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        period_label=period.label,
        value=json_number(amount),
        words=_position_words(newest, amount, measured),
        words_in_full=position.words if position is not None else figures.figure_words(newest, measured),
        mark=figures.mark(newest),
        missing=newest.missing.value if newest.missing is not None else None,
        withheld=newest.withheld,
        expected_on=newest.expected_on.isoformat() if newest.expected_on else None,
        status=newest.status.value,
    )


def _position_words(newest: figures.Figure, amount: Decimal | None, measured: Measured) -> str:
    if amount is None or amount == newest.value:
        return figures.figure_words(newest, measured)
    return measured.words(amount)


def waiting_for(series: Sequence[figures.Figure], query: ScorecardQuery) -> figures.Figure | None:
    """Newest figure without a value, up to the query's period."""
    last = query.period.last if query.period is not None else query.day.year * 12 + query.day.month - 2
    return next((each for each in reversed(series) if each.value is None and each.period.last <= last), None)


def recent(series: Sequence[figures.Figure], measured: Measured, judgement: Judgement) -> list[PointOut]:
    """The newest figures of one length up to the judged period, oldest first."""
    newest = judgement.latest
    if newest is None:
        return []
    months, last = newest.period.months, newest.period.last
    alike = [each for each in series if each.period.months == months and each.period.last <= last]
    return [
        PointOut(
            period=str(each.period),
            period_start=each.period.start.isoformat(),
            period_end=each.period.end.isoformat(),
            period_label=each.period.short_label,
            value=json_number(each.value),
            words=figures.figure_words(each, measured),
        )
        for each in alike[-RECENT:]
    ]
