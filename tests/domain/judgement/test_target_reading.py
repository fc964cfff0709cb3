import pytest

from app.domain.judgement.target_reading import read_target
from app.domain.plan.baseline import AnyBaseline, NoBaseline
from app.domain.plan.indicator import Indicator, Measure
from tests.domain.judging import BANDED, HIGHER, HIGHER_RATE, LOWER, LOWER_RATE, base

RATE = Indicator(measure=Measure.RATE, per=1000, unit="residents")
DAYS = Indicator(measure=Measure.MEAN, unit="days")
SENSITIVE = Indicator(reporting_sensitive=True)


@pytest.mark.parametrize(
    ("words", "indicator", "understood_as"),
    [
        ("85 or fewer", LOWER, "at most 85"),
        ("85", LOWER, "at most 85"),
        ("85", HIGHER, "at least 85"),
        ("within 14 days", DAYS, "at most 14 days"),
        ("7.5 per 1,000", RATE, "at most 7.5 per 1,000 residents"),
        ("reduce to 85 by March 2020", LOWER, "in 2019-20 at most 85"),
        ("10% reduction on 2016/17", LOWER, "reduction of 10% on 2016/17"),
        ("Improved confidence", HIGHER, "improvement in confidence"),
    ],
)
def test_what_is_judged(words: str, indicator: Indicator, understood_as: str) -> None:
    reading = read_target(words, indicator, base("90"))
    assert (reading.understood_as, reading.is_judged, reading.not_judged_because) == (understood_as, True, "")


@pytest.mark.parametrize(
    ("words", "indicator", "baseline", "says"),
    [
        ("As many as we can", LOWER, base("90"), "write it like"),
        ("Fewer than 5 per month", LOWER, base("90"), "the number for a year"),
        ("85 by June 2019", LOWER, base("90"), "by March 2020"),
        ("Lower than 2016", LOWER, base("90"), "2,016"),
        ("85 by the end of the plan", LOWER, base("90"), "By the end of the plan"),
        ("About 85", LOWER, base("90"), "At most 85"),
        ("Significant reduction", LOWER, base("90"), "by how much"),
        ("Reduction in line with the national figure", LOWER_RATE, base("90"), "other areas"),
        ("Reduce harm and increase trust", LOWER, base("90"), "several things"),
        ("No more than 2% increase", LOWER, base("90"), "limit to a change"),
        ("Below most similar group average", LOWER_RATE, base("90"), "no figures of other areas"),
        ("Below most similar group average", LOWER, base("90"), "needs a rate"),
        ("8%", LOWER, base("90"), "counts"),
        ("within 14 days", LOWER, base("90"), "counts"),
        ("within 14 days", RATE, base("90"), "rates"),
        ("7.5 per 1,000", LOWER, base("90"), "counts"),
        ("7.5 per 100,000", RATE, base("90"), "per 1,000 residents"),
        ("60%", BANDED, base("90"), "which side is better"),
        ("5% reduction", HIGHER_RATE, base("90"), "reads two ways"),
        ("2018: 60%; 2019: 70", LOWER, base("90"), "counts"),
        ("Reduction", LOWER, NoBaseline(""), "no baseline"),
        ("Reduce fear of crime", HIGHER, base("90"), "higher is better"),
        ("Fewer than 85", SENSITIVE, base("90"), "not rated by itself"),
        ("Create baseline", LOWER, NoBaseline(""), "becomes the baseline"),
        ("Target to be set in 2018", LOWER, base("90"), "still to be set"),
    ],
)
def test_what_is_not_judged_says_why(
    words: str, indicator: Indicator, baseline: AnyBaseline, says: str
) -> None:
    reading = read_target(words, indicator, baseline)
    assert not reading.is_judged
    assert says in reading.not_judged_because


def test_a_named_year_needs_no_baseline() -> None:
    assert read_target("Reduction on 2016/17", LOWER, NoBaseline("")).is_judged
    assert read_target("Reduction on last year", LOWER, NoBaseline("")).is_judged


def test_days_are_counted_where_the_indicator_counts_days() -> None:
    reading = read_target("At most 14 days", Indicator(unit="bed days"), base("90"))
    assert reading.understood_as == "at most 14"
