from datetime import date
from decimal import Decimal

import pytest

from app.domain.figures.figure import Figure
from app.domain.judgement.verdict import RatingStatus
from app.domain.period import financial_year
from app.domain.period_text import parse_period
from app.domain.plan.baseline import Baseline, BaselineYear
from app.domain.plan.indicator import AddsUp, Break, Indicator, Measure, Polarity
from app.domain.plan.target_shape import Applies
from tests.domain.judging import HIGHER, HIGHER_RATE, LOWER, TODAY, base, rated
from tests.domain.quarters import fig, quarterly

STEADY = [20, 22, 23, 20] * 3


def test_a_seasonal_year_is_held_to_its_own_shape() -> None:
    """Three fifths of each year come in its first half: 55 by September is on the way to 92, not to 110."""
    summer = [30, 30, 20, 20] * 3
    assert (
        rated(LOWER, "Fewer than 108", base("100"), quarterly(2014, [*summer, 27, 28])).status
        is RatingStatus.ON_TRACK
    )
    assert (
        rated(LOWER, "Fewer than 108", base("100"), quarterly(2017, [27, 28])).status
        is RatingStatus.TOO_EARLY
    )


def test_an_exceptional_year_shapes_nothing() -> None:
    odd = Indicator(exceptional=(financial_year(2016),))
    figures = quarterly(2014, [20, 22, 23, 20, 20, 22, 23, 20, 2, 2, 50, 50, 15, 14])
    rating = rated(odd, "Fewer than 85", base("85"), figures)
    assert "the shape of 2014/15 and 2015/16:" in rating.reason
    assert rating.second == ""


def test_milestones_come_before_any_shape() -> None:
    steps = ((parse_period("2017-18-Q2"), Decimal(30)),)
    rating = rated(LOWER, "Fewer than 85", base("85"), quarterly(2014, [*STEADY, 24, 24]), milestones=steps)
    assert "the plan's milestones" in rating.reason
    assert rating.status is RatingStatus.OFF_TRACK


@pytest.mark.parametrize(
    ("figures", "today", "status", "says"),
    [
        (quarterly(2014, [34, 35, 34, 34] * 4), date(2018, 6, 30), "on_track", "January to December 2018"),
        (
            quarterly(2014, [34, 35, 34, 34] * 4 + [34, 34, 34]),
            date(2019, 2, 1),
            "met",
            "12 months to December 2018",
        ),
        ([fig("2018-19", "150")], date(2019, 6, 1), "not_comparable", "January to December 2019"),
    ],
)
def test_a_bare_year_is_read_as_the_calendar_year_and_says_so(
    figures: list[Figure], today: date, status: str, says: str
) -> None:
    words = "2018: fewer than 173; 2019: fewer than 167"
    rating = rated(LOWER, words, base("137"), figures, today=today)
    assert rating.status.value == status, rating.reason
    assert says in rating.reason


def test_financial_years_of_a_by_year_target_take_their_turn() -> None:
    words = "2017-18: fewer than 90; 2018/19: fewer than 70"
    figures = quarterly(2017, [20] * 8)
    assert (
        rated(LOWER, words, base("95"), figures, period="2017-18", today=date(2019, 6, 1)).status
        is RatingStatus.MET
    )
    assert (
        rated(LOWER, words, base("95"), figures, period="2018-19", today=date(2019, 6, 1)).status
        is RatingStatus.MISSED
    )


@pytest.mark.parametrize(
    ("figures", "status"),
    [
        (quarterly(2016, [25, 25, 25, 25, 15, 15]), "on_track"),
        (quarterly(2016, [25, 25, 25, 25, 35, 35]), "off_track"),
        (quarterly(2016, [25, 25, 25, 25, 25, 25]), "too_early"),
        (quarterly(2016, [25, 25, 25, 25, 24, 25, 25, 25]), "met"),
        (quarterly(2017, [25]), "no_data"),
    ],
)
def test_continued_reduction_is_on_the_year_before(figures: list[Figure], status: str) -> None:
    day = date(2018, 6, 30) if len(figures) == 8 else TODAY
    rating = rated(LOWER, "Continued reduction", base("1"), figures, today=day)
    assert rating.status.value == status, rating.reason


@pytest.mark.parametrize(
    ("baseline", "figures", "status"),
    [
        ("2016-04/2016-09", quarterly(2017, [20, 20]), "met"),
        ("2016-04/2016-09", quarterly(2017, [30, 20]), "missed"),
        ("2016-10/2017-03", quarterly(2017, [20, 20]), "not_comparable"),
        ("2016-17-Q2", quarterly(2017, [20, 20]), "not_comparable"),
        ("2014-04/2017-03", quarterly(2017, [20, 20]), "not_comparable"),
    ],
)
def test_a_baseline_of_another_length_is_not_set_beside_a_part_year(
    baseline: str, figures: list[Figure], status: str
) -> None:
    start = Baseline(parse_period(baseline), Decimal(45))
    assert rated(LOWER, "Reduction", start, figures).status.value == status


def test_a_baseline_year_that_is_over_becomes_the_baseline() -> None:
    figures = quarterly(2016, [25, 25, 25, 25, 10, 10])
    rating = rated(LOWER, "Reduction", BaselineYear(financial_year(2016)), figures)
    assert rating.status is RatingStatus.ON_TRACK
    assert "from 100" in rating.reason


APRIL_2017 = financial_year(2017).first


@pytest.mark.parametrize(
    ("breaks", "status"),
    [
        ((Break(APRIL_2017, "new classification"),), "not_comparable"),
        ((Break(APRIL_2017, "new classification", backcast=True),), "on_track"),
        ((Break(APRIL_2017 + 4, "new system"),), "not_comparable"),
        ((Break(APRIL_2017 - 24, "long ago"),), "on_track"),
    ],
)
def test_nothing_is_compared_across_a_break(breaks: tuple[Break, ...], status: str) -> None:
    figures = quarterly(2016, [25, 25, 25, 25, 10, 10])
    assert rated(Indicator(breaks=breaks), "Reduction", base("100"), figures).status.value == status


def test_a_number_set_for_the_new_way_of_counting_is_judged_but_not_beside_the_old_baseline() -> None:
    counted_anew = Indicator(breaks=(Break(APRIL_2017, "new classification"),))
    rating = rated(counted_anew, "Fewer than 120", base("100"), quarterly(2016, [25, 25, 25, 25, 26, 26]))
    assert rating.status.judges
    assert rating.second == ""
    assert "a straight line" in rating.reason


def test_a_break_after_the_plan_began_leaves_its_target_behind() -> None:
    later = Indicator(
        breaks=(Break(APRIL_2017 + 3, "new system"),), measure=Measure.MEAN, adds_up=AddsUp.MEAN
    )
    rating = rated(later, "Fewer than 120", base("100"), [fig("2017-18-Q2", "90")])
    assert rating.status is RatingStatus.NOT_COMPARABLE
    assert "new system" in rating.reason


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ([18, 18], "on_track"),
        ([35, 35], "off_track"),
        ([22, 22, 22, 21], "on_track"),
        ([24, 24, 24, 24], "off_track"),
    ],
)
def test_a_target_for_the_plans_end_is_approached_along_a_path(values: list[int], status: str) -> None:
    """From 100 in 2016/17 to under 70 by March 2020 the path stands at 90 in March 2018."""
    day = date(2018, 6, 1) if len(values) == 4 else TODAY
    rating = rated(
        LOWER,
        "Fewer than 70",
        base("100"),
        quarterly(2016, [25] * 4 + values),
        applies=Applies.BY_PLAN_END,
        today=day,
    )
    assert rating.status.value == status, rating.reason
    assert "March 2020" in rating.reason


def test_at_the_plans_end_the_target_itself_counts() -> None:
    figures = quarterly(2019, [18] * 4)
    rating = rated(
        LOWER, "Fewer than 70", base("100"), figures, applies=Applies.BY_PLAN_END, today=date(2020, 6, 1)
    )
    assert rating.status is RatingStatus.NEAR


@pytest.mark.parametrize(
    ("values", "today", "status"),
    [
        ([30] * 6, date(2018, 10, 5), "on_track"),
        ([15] * 6, date(2018, 10, 5), "off_track"),
        ([30] * 12, date(2020, 5, 1), "met"),
        ([20] * 12, date(2020, 5, 1), "missed"),
    ],
)
def test_a_cumulative_target_counts_from_the_plans_start(values: list[int], today: date, status: str) -> None:
    rating = rated(
        HIGHER, "At least 300", None, quarterly(2017, values), applies=Applies.CUMULATIVE, today=today
    )
    assert rating.status.value == status, rating.reason


def test_a_baseline_that_meets_the_plans_target_already_makes_no_path_to_it() -> None:
    figures = quarterly(2016, [25] * 4 + [28, 28, 27, 27])
    rating = rated(
        LOWER, "Fewer than 120", base("100"), figures, applies=Applies.BY_PLAN_END, today=date(2018, 6, 1)
    )
    assert rating.status is RatingStatus.ON_TRACK


@pytest.mark.parametrize(
    ("steps", "values", "status"),
    [
        ((("2018-19", 60),), [13, 13, 12, 12], "on_track"),
        ((("2018-19", 60),), [16, 16, 16, 16], "off_track"),
        ((), [13, 13, 12, 12], "too_early"),
        ((), [9, 9, 9, 9], "on_track"),
    ],
)
def test_without_a_baseline_the_way_to_the_plans_end_starts_at_its_first_milestone(
    steps: tuple[tuple[str, int], ...], values: list[int], status: str
) -> None:
    milestones = tuple((parse_period(text), Decimal(value)) for text, value in steps)
    rating = rated(
        LOWER,
        "Fewer than 40",
        None,
        quarterly(2017, values),
        applies=Applies.BY_PLAN_END,
        milestones=milestones,
        today=date(2018, 6, 1),
    )
    assert rating.status.value == status, rating.reason


def test_a_milestone_on_the_way_to_the_plans_end_is_a_level_not_a_running_total() -> None:
    steps = ((parse_period("2017-18-Q2"), Decimal(95)),)
    figures = quarterly(2014, [*STEADY, 20, 20])
    rating = rated(LOWER, "Fewer than 70", base("85"), figures, applies=Applies.BY_PLAN_END, milestones=steps)
    assert "the shape of" in rating.reason


def test_a_cumulative_total_is_due_year_by_year() -> None:
    rating = rated(
        HIGHER,
        "At least 300",
        None,
        quarterly(2017, [30] * 5),
        applies=Applies.CUMULATIVE,
        today=date(2018, 7, 5),
    )
    assert "42% of the whole" in rating.reason


def test_the_shape_is_that_of_the_latest_three_years() -> None:
    rating = rated(LOWER, "Fewer than 85", base("85"), quarterly(2012, [20, 22, 23, 20] * 5 + [15, 14]))
    assert "the shape of 2014/15, 2015/16 and 2016/17:" in rating.reason


@pytest.mark.parametrize(
    ("indicator", "target", "figures", "status"),
    [
        # Nothing yet is not nothing ever.
        (LOWER, "Fewer than 2", quarterly(2017, [0]), "too_early"),
        # Two comparisons are too few to say how clustered a series is.
        (LOWER, "Fewer than 560", quarterly(2016, [125] * 4 + [200, 50]), "on_track"),
        # Years of different shapes leave room for doubt; money has no chance variation of its own.
        (
            Indicator(measure=Measure.MONEY),
            "Lower than £120",
            quarterly(2015, [20, 20, 30, 30, 30, 30, 20, 20, 25, 25]),
            "too_early",
        ),
        (Indicator(measure=Measure.MONEY), "Lower than £120", quarterly(2015, [25] * 10), "on_track"),
        # A range wider than the band on both sides.
        (Indicator(polarity=Polarity.IN_BAND), "Between 79 and 81", quarterly(2017, [20, 20]), "too_early"),
        (Indicator(polarity=Polarity.IN_BAND), "Between 40 and 120", quarterly(2017, [20, 20]), "on_track"),
        (Indicator(polarity=Polarity.IN_BAND), "Between 10 and 20", quarterly(2017, [20, 20]), "off_track"),
        # A gap in the middle is no total.
        (LOWER, "Fewer than 85", [fig("2017-04", 5), fig("2017-06", 5)], "no_data"),
    ],
)
def test_forecasts_are_as_wide_as_they_should_be(
    indicator: Indicator, target: str, figures: list[Figure], status: str
) -> None:
    rating = rated(indicator, target, base("85"), figures)
    assert rating.status.value == status, rating.reason


def test_what_cannot_be_undone_is_said_at_once() -> None:
    assert "already reaches it" in rated(HIGHER, "At least 80", None, quarterly(2017, [50, 40])).reason
    assert "already breaks" in rated(LOWER, "Fewer than 85", None, quarterly(2017, [50, 40])).reason


def test_a_forecast_year_is_not_set_beside_a_half_year_baseline() -> None:
    half = Baseline(parse_period("2016-04/2016-09"), Decimal(45))
    rating = rated(LOWER, "Fewer than 85", half, quarterly(2014, [*STEADY, 15, 14]))
    assert (rating.status, rating.second) == (RatingStatus.ON_TRACK, "")


def test_an_exceptional_baseline_is_no_baseline() -> None:
    odd = Indicator(exceptional=(financial_year(2016),))
    rating = rated(odd, "Reduction", base("85"), quarterly(2017, [10, 10]))
    assert rating.status is RatingStatus.NOT_COMPARABLE


@pytest.mark.parametrize(("value", "status"), [(55, "on_track"), (54, "off_track")])
def test_in_the_middle_of_a_year_the_path_is_where_it_should_be_by_then(value: int, status: str) -> None:
    """Half of the way to the next March, not all of it: only what adds up is profiled to the year's end."""
    rating = rated(
        HIGHER_RATE,
        "80%",
        base("50"),
        [fig("2017-18-Q2", value)],
        applies=Applies.BY_PLAN_END,
    )
    assert rating.status == status, rating.reason
    assert "by September 2017 a straight line from the baseline gives 55" in rating.reason
