"""Whatever is held, a judgement comes back with its reason: a scorecard must not fall over one odd line."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures.figure import Figure, FigureStatus, Missing
from app.domain.judgement.judgement import JudgementQuery, judge
from app.domain.judgement.rating_input import Comparator
from app.domain.judgement.verdict import RatingStatus
from app.domain.period import EARLIEST, LATEST, Period
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline, Baseline, BaselineYear, NoBaseline
from app.domain.plan.indicator import AddsUp, Break, Frequency, Indicator, Measure, Polarity, Window
from app.domain.plan.target_shape import Applies, Target
from app.domain.plan.target_version import TargetVersion
from app.domain.plan.target_words import parse

near = st.integers(2014 * 12, 2018 * 12)
months = st.sampled_from([1, 3, 3, 3, 6, 8, 12, 12, 36])
periods = st.builds(Period, near | st.sampled_from([EARLIEST, LATEST - 35]), months) | st.builds(
    lambda quarter: Period(2014 * 12 + 3 * quarter, 3), st.integers(0, 15)
)
values = st.one_of(
    st.integers(0, 300).map(Decimal),
    st.decimals(0, 100, places=1),
    st.sampled_from([Decimal(0), Decimal(-5)]),
)
sizes = st.none() | st.integers(0, 2000)
figures = st.builds(
    Figure,
    periods,
    st.none() | values,
    st.sampled_from(FigureStatus),
    numerator=st.none() | values,
    denominator=st.none() | values,
    sample_size=sizes,
    margin=st.none() | st.decimals(0, 10, places=1),
    margin_level=st.none() | st.sampled_from([Decimal(0), Decimal(90), Decimal(100)]),
    margin_of=st.sampled_from([None, "wave", "difference"]),
    missing=st.none() | st.sampled_from(Missing),
)
indicators = st.builds(
    Indicator,
    st.sampled_from(Measure),
    st.sampled_from(Polarity),
    st.sampled_from(Frequency),
    st.sampled_from(Window),
    st.sampled_from(AddsUp),
    decimals=st.integers(0, 6),
    per=st.none() | st.just(1000),
    survey=st.booleans(),
    reporting_sensitive=st.booleans(),
    tolerance=st.none() | st.just(Decimal(0)) | st.just(Decimal(3)),
    breaks=st.lists(st.builds(Break, near, st.just("recording changed"), st.booleans()), max_size=1).map(
        tuple
    ),
    exceptional=st.lists(periods, max_size=1).map(tuple),
)
targets = st.none() | st.sampled_from(
    [
        "Fewer than 85", "At least 50%", "8%", "0", "Fewer than 0", "Increase", "Continued reduction", "Improvement",
        "Reduction of 10%", "Increase of 5 points", "Between 20 and 30", "2016: fewer than 90; 2017-18: at least 5",
        "2016: 20 to 30; 2018: 5", "Target to be set in 2016", "Create baseline", "Below force and region", "Maintain",
        "as written",
    ]
).map(parse)  # fmt: skip
baselines: st.SearchStrategy[AnyBaseline | None] = st.one_of(
    st.none(),
    st.builds(Baseline, periods, values),
    st.builds(NoBaseline, st.just("")),
    st.builds(BaselineYear, st.builds(Period, near, st.just(12))),
)
milestones = st.lists(st.tuples(periods, values), max_size=2).map(tuple)
comparators = st.lists(
    st.builds(Comparator, st.sampled_from(["force", "region"]), values, st.none() | periods), max_size=2
).map(tuple)


@given(
    indicators,
    targets,
    st.sampled_from(Applies),
    milestones,
    baselines,
    st.lists(figures, max_size=20, unique_by=lambda f: f.period),
    st.none() | periods,
    st.dates(date(2014, 1, 1), date(2019, 12, 31)),
    st.none() | st.just(parse_period("2015-04/2018-03")),
    comparators,
    st.none() | periods,
)
def test_anything_is_judged_with_a_reason(
    indicator: Indicator,
    target: Target | None,
    applies: Applies,
    steps: tuple[tuple[Period, Decimal], ...],
    baseline: AnyBaseline | None,
    held: list[Figure],
    period: Period | None,
    today: date,
    plan: Period | None,
    others: tuple[Comparator, ...],
    since: Period | None,
) -> None:
    held = sorted(held, key=lambda f: f.period)
    versions = [] if target is None else [TargetVersion(target, applies, steps, since)]
    found = judge(indicator, versions, baseline, held, JudgementQuery(period, today, plan, others))
    assert found.rating.reason.endswith(".")
    assert found.trend.reason.endswith(".")
    if found.latest is not None:
        assert found.latest.period.has_ended(today)
        assert found.latest.status is not FigureStatus.FORECAST
    if target is None or found.latest is None:
        assert not found.rating.status.judges
    if indicator.reporting_sensitive:
        assert found.rating.tone == "none"
    if found.rating.status is RatingStatus.REPORTING_SENSITIVE:
        assert indicator.reporting_sensitive
