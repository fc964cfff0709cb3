"""Which version of a target a figure is held to, and what is said where none is for it."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.figures.figure import Figure
from app.domain.judgement.judgement import Judgement, JudgementQuery, judge
from app.domain.period import APRIL
from app.domain.period_text import parse_period
from app.domain.plan.indicator import AddsUp, Break, Indicator, Measure
from app.domain.plan.target_version import TargetVersion
from app.domain.plan.target_words import parse
from tests.domain.judging import HIGHER_RATE, LOWER, PLAN, base, rated
from tests.domain.quarters import fig, quarterly

MAY_2018 = date(2018, 5, 20)
FIRST, SECOND = parse_period("2017-18"), parse_period("2018-19")
VERSIONS = [
    TargetVersion(parse("Fewer than 40"), since=SECOND, number=2),
    TargetVersion(parse("Fewer than 85"), since=FIRST, number=1),
]
YEAR = quarterly(2017, [20, 20, 20, 20])


def held(
    figures: list[Figure], versions: list[TargetVersion], period: str | None = None, today: date = MAY_2018
) -> Judgement:
    asked = parse_period(period) if period else None
    return judge(LOWER, versions, base("85"), figures, JudgementQuery(asked, today, PLAN))


@pytest.mark.parametrize(
    ("figures", "period", "number", "status"),
    [
        (YEAR, None, 1, "met"),
        (YEAR, "2017-18-Q4", 1, "met"),
        (YEAR, "2018-19", 2, "no_data"),
        ([*YEAR, *quarterly(2018, [20])], None, 2, "off_track"),
        ([*YEAR, *quarterly(2018, [20])], "2017-18-Q4", 1, "met"),
        ([], None, 2, "no_data"),
        ([], "2017-18-Q3", 1, "no_data"),
    ],
)
def test_a_figure_is_held_to_the_target_of_its_own_period(
    figures: list[Figure], period: str | None, number: int, status: str
) -> None:
    """In May the year just ended is still judged by its own target, not by the new year's."""
    today = date(2018, 7, 20) if len(figures) > 4 else MAY_2018
    found = held(figures, VERSIONS, period, today)
    assert found.version is not None
    assert (found.version.number, found.rating.status.value) == (number, status)


def test_a_target_for_later_years_judges_nothing_before_them() -> None:
    found = held(YEAR, VERSIONS[:1])
    assert found.rating.status.value == "no_target"
    assert found.rating.reason == "No target was set for Q4 2017/18: this one is from 2018/19 on."


def test_a_target_ends_with_its_plan() -> None:
    figures = quarterly(2019, [20, 20, 20, 20, 90])
    rating = rated(LOWER, "Fewer than 85", base("85"), figures, today=date(2020, 8, 1))
    assert rating.status.value == "no_target"
    assert rating.reason.startswith("The plan ended in March 2020")


@pytest.mark.parametrize(
    ("since", "status"), [(None, "not_comparable"), ("2017-18", "not_comparable"), ("2018-19", "met")]
)
def test_a_target_set_after_a_recording_change_is_judged(since: str | None, status: str) -> None:
    at = Break(2018 * 12 + APRIL, "new system")
    mean = Indicator(measure=Measure.MEAN, adds_up=AddsUp.MEAN, breaks=(at,))
    rating = rated(mean, "At most 85", None, [fig("2018-19-Q1", "50")], today=date(2018, 8, 1), since=since)
    assert rating.status.value == status


@pytest.mark.parametrize(
    ("indicator", "words", "status", "says"),
    [
        (LOWER, "8%", "no_target", "its figures are counts"),
        (LOWER, "2017-18: 8%", "no_target", "its figures are counts"),
        (LOWER, "£8,000", "no_target", "its figures are counts"),
        (LOWER, "Between 5% and 8%", "no_target", "its figures are counts"),
        (HIGHER_RATE, "At least 8 people", "no_target", "its figures are percentages"),
        (HIGHER_RATE, "At least 8", "met", ""),
        (HIGHER_RATE, "At least 8%", "met", ""),
        (LOWER, "Fewer than 85 people", "met", ""),
    ],
)
def test_a_number_in_another_unit_is_no_target(
    indicator: Indicator, words: str, status: str, says: str
) -> None:
    rating = rated(indicator, words, None, [Figure(FIRST, Decimal(50))], today=MAY_2018)
    assert rating.status.value == status
    assert says in rating.reason
