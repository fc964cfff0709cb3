"""One line judged, with the facts most tests share: Bradford's plan for 2017-20, in December 2017."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.figures.figure import Figure
from app.domain.judgement.judgement import JudgementQuery, judge
from app.domain.judgement.rating_input import Comparator
from app.domain.judgement.verdict import Rating
from app.domain.period import Period, financial_year
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline, Baseline
from app.domain.plan.indicator import AddsUp, Frequency, Indicator, Measure, Polarity, Window
from app.domain.plan.target_shape import Applies, Milestones
from app.domain.plan.target_version import TargetVersion
from app.domain.plan.target_words import parse

TODAY = date(2017, 12, 20)
PLAN = parse_period("2017-04/2020-03")
LOWER = Indicator()
HIGHER = Indicator(polarity=Polarity.HIGHER_IS_BETTER)
MONITOR = Indicator(polarity=Polarity.MONITOR)


def percentage(**facts: Any) -> Indicator:
    facts = {"polarity": Polarity.HIGHER_IS_BETTER, "decimals": 1, **facts}
    return Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO, **facts)


HIGHER_RATE = percentage()
LOWER_RATE = percentage(polarity=Polarity.LOWER_IS_BETTER)
ROLLING = percentage(polarity=Polarity.LOWER_IS_BETTER, window=Window.ROLLING_YEAR)
ROLLING_UP = percentage(window=Window.ROLLING_YEAR)
BANDED = percentage(polarity=Polarity.IN_BAND)
SURVEY = percentage(survey=True, frequency=Frequency.YEAR)


def base(value: str, year: int = 2016) -> Baseline:
    return Baseline(financial_year(year), Decimal(value))


def rated(
    indicator: Indicator,
    target: str | None,
    baseline: AnyBaseline | None,
    figures: list[Figure],
    *,
    period: str | None = None,
    today: date = TODAY,
    applies: Applies = Applies.EACH_YEAR,
    milestones: Milestones = (),
    plan: Period | None = PLAN,
    since: str | None = None,
    comparators: tuple[Comparator, ...] = (),
) -> Rating:
    asked = None if period is None else parse_period(period)
    first = None if since is None else parse_period(since)
    versions = [] if target is None else [TargetVersion(parse(target), applies, milestones, first)]
    figures = sorted(figures, key=lambda f: f.period)
    query = JudgementQuery(asked, today, plan, comparators)
    return judge(indicator, versions, baseline, figures, query).rating
