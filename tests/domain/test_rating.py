from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.baseline import AnyBaseline, Baseline, BaselineYear, NoBaseline
from app.domain.case import Comparator
from app.domain.figure import Figure, Missing
from app.domain.indicator import AddsUp, Break, Frequency, Indicator, Measure, Polarity, Window
from app.domain.judgement import judge
from app.domain.period import Period, financial_year
from app.domain.target import Applies, Milestones, parse
from app.domain.verdict import Rating, RatingStatus
from tests.domain.quarters import fig, quarterly

TODAY = date(2017, 12, 20)
PLAN = Period.parse("2017-04/2020-03")
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
    comparators: tuple[Comparator, ...] = (),
) -> Rating:
    asked = None if period is None else Period.parse(period)
    read = None if target is None else parse(target)
    figures = sorted(figures, key=lambda f: f.period)
    return judge(
        indicator, read, applies, milestones, baseline, figures, asked, today, plan, comparators
    ).rating


STEADY = [20, 22, 23, 20] * 3


@pytest.mark.parametrize(
    ("indicator", "target", "baseline", "figures", "status", "second"),
    [
        # Bradford's evidence table; levels after the plan began are made up but for the published repeat rate.
        (ROLLING, "Lower than 41.4%", base("41.4"), [fig("2016-10/2017-09", "43.3")], "missed", ""),
        (LOWER, "Fewer than 85", base("85"), quarterly(2014, [*STEADY, 15, 14]), "on_track", ""),
        (LOWER, "Fewer than 85", base("85"), quarterly(2014, [*STEADY, 30, 32]), "off_track", ""),
        (LOWER, "Fewer than 85", base("85"), quarterly(2014, [*STEADY, 21, 20]), "too_early", ""),
        (HIGHER, "Increase", base("817"), quarterly(2015, [200] * 8 + [260, 270]), "on_track", ""),
        (
            LOWER,
            "Fewer than 59,757",
            base("57740"),
            quarterly(2014, [14400] * 12 + [14600, 14650]),
            "on_track",
            "on track, heading worse than baseline; target is looser than its baseline",
        ),
        (LOWER, "Target to be set in 2018", NoBaseline("new classification"), [], "target_deferred", ""),
        (HIGHER_RATE, "Greater than 76%", base("76"), [fig("2017-18-Q2", "75.4")], "near", ""),
        (HIGHER_RATE, "Greater than 76%", base("76"), [fig("2017-18-Q2", "76")], "near", ""),
        (HIGHER_RATE, "Greater than 76%", base("76"), [fig("2017-18-Q2", "76.1")], "met", ""),
        (HIGHER_RATE, "Greater than 76%", base("76"), [fig("2017-18-Q2", "74")], "missed", ""),
        (
            HIGHER_RATE,
            "Greater than 72.7%",
            base("72.6"),
            [fig("2017-18-Q2", "72.7")],
            "near",
            "improved, short of target",
        ),
        (HIGHER, "Create baseline", NoBaseline(""), quarterly(2017, [12, 15]), "baseline_year", ""),
        (
            LOWER,
            "2018: fewer than 173 2019: fewer than 167",
            base("137"),
            quarterly(2017, [30, 35]),
            "no_target",
            "",
        ),
        (ROLLING_UP, "8%", base("4.7"), [fig("2016-10/2017-09", "4.7")], "missed", ""),
        (
            ROLLING_UP,
            "8%",
            base("4.7"),
            [fig("2016-10/2017-09", "5.6")],
            "missed",
            "improved, short of target",
        ),
        (ROLLING_UP, "43%", base("40.4"), [fig("2016-10/2017-09", "43")], "met", ""),
        (
            ROLLING_UP,
            "35%",
            base("39"),
            [fig("2016-10/2017-09", "37")],
            "met",
            "target met, worse than baseline; target is looser than its baseline",
        ),
        (
            ROLLING_UP,
            "35%",
            base("39"),
            [fig("2016-10/2017-09", "40")],
            "met",
            "target is looser than its baseline",
        ),
        # A year sent whole, and one made of its quarters, are complete.
        (LOWER, "Fewer than 85", base("85"), [fig("2017-18", "84")], "met", ""),
        (LOWER, "Fewer than 85", base("85"), quarterly(2017, [21, 21, 21, 22]), "near", ""),
        (LOWER, "Fewer than 85", base("85"), quarterly(2017, [25, 25, 25, 25]), "missed", ""),
        (
            LOWER,
            "Fewer than 85",
            base("95"),
            quarterly(2017, [23, 23, 23, 23]),
            "missed",
            "improved, short of target",
        ),
        # Twelve months that end elsewhere are set directly against a yearly target.
        (LOWER, "Fewer than 85", base("85"), [fig("2016-10/2017-09", "84")], "met", ""),
        # Either kind of no answer.
        (LOWER, "Fewer than 85", base("85"), [], "no_data", ""),
        (LOWER, "Fewer than 85", base("85"), [fig("2016-17", "84")], "no_data", ""),
        (LOWER, "Fewer than 85", base("85"), [fig("2017-18-Q2", "20")], "no_data", ""),
        (LOWER, None, base("85"), quarterly(2017, [20]), "no_target", ""),
        (LOWER, "As few as we can", base("85"), quarterly(2017, [20]), "no_target", ""),
        (MONITOR, "85", base("85"), quarterly(2017, [20]), "no_target", ""),
        (MONITOR, "Improvement", base("85"), quarterly(2017, [20]), "no_target", ""),
        (LOWER, "Reduction", NoBaseline("never counted"), quarterly(2017, [20]), "no_baseline", ""),
        (LOWER, "Reduction", None, quarterly(2017, [20]), "no_baseline", ""),
        (LOWER, "Reduction", BaselineYear(financial_year(2017)), quarterly(2017, [20]), "baseline_year", ""),
        (HIGHER_RATE, "Increase of 5%", base("76"), [fig("2017-18-Q2", "81")], "no_target", ""),
        (HIGHER_RATE, "Increase of 5 points", base("76"), [fig("2017-18-Q2", "81")], "met", ""),
        # Already settled, however much of the year is left.
        (LOWER, "Fewer than 85", base("85"), quarterly(2017, [50, 40]), "off_track", ""),
        (HIGHER, "At least 80", base("70"), quarterly(2017, [50, 40]), "on_track", ""),
        # A band says which side was missed.
        (BANDED, "Between 28% and 40%", base("30"), [fig("2017-18-Q2", "24")], "missed", ""),
        (BANDED, "28% to 40%", base("30"), [fig("2017-18-Q2", "28")], "met", ""),
    ],
)
def test_ratings(
    indicator: Indicator,
    target: str | None,
    baseline: AnyBaseline | None,
    figures: list[Figure],
    status: str,
    second: str,
) -> None:
    day = date(2018, 6, 30) if figures and figures[-1].period.last > Period.parse("2017-11").first else TODAY
    rating = rated(indicator, target, baseline, figures, today=day)
    assert rating.status.value == status, rating.reason
    assert rating.second == second
    assert rating.reason.endswith(".")


@pytest.mark.parametrize(
    ("figures", "target", "says"),
    [
        (quarterly(2014, [*STEADY, 15, 14]), "Fewer than 85", "the shape of 2014/15, 2015/16 and 2016/17"),
        (quarterly(2016, [20, 22, 23, 20, 15, 14]), "Fewer than 85", "the shape of 2016/17"),
        (quarterly(2017, [15, 14]), "Fewer than 85", "a straight line"),
        (quarterly(2017, [15, 14]), "Fewer than 85", "29 in April to September 2017"),
        ([fig("2017-18-Q2", "20")], "Fewer than 85", "missing: Q1 2017/18"),
        (quarterly(2017, [25, 25, 25, 25]), "Fewer than 85", "15 above"),
        (quarterly(2017, [21, 21, 21, 22]), "Fewer than 85", "Level with it"),
        (
            [fig("2017-18-Q2", None, missing=Missing.AWAITED, expected_on=date(2017, 11, 30))],
            "Fewer than 85",
            "30 November 2017",
        ),
        ([], "Target to be set in 2016", "2016 is over"),
        ([fig("2016-17", "84")], "Fewer than 85", "before the plan began in April 2017"),
    ],
)
def test_reasons_say_how(figures: list[Figure], target: str, says: str) -> None:
    day = date(2018, 6, 30) if len(figures) == 4 else TODAY
    assert says in rated(LOWER, target, base("85"), figures, today=day).reason


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
    steps = ((Period.parse("2017-18-Q2"), Decimal(30)),)
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
        ("2016-17-Q2", quarterly(2017, [20, 20]), "not_comparable"),
        ("2014-04/2017-03", quarterly(2017, [20, 20]), "not_comparable"),
    ],
)
def test_a_baseline_of_another_length_is_not_set_beside_a_part_year(
    baseline: str, figures: list[Figure], status: str
) -> None:
    start = Baseline(Period.parse(baseline), Decimal(45))
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


@pytest.mark.parametrize("values", [[200, 200], [600, 600], [330, 340]])
def test_a_reporting_sensitive_indicator_is_never_red_or_green(values: list[int]) -> None:
    hate_crime = Indicator(reporting_sensitive=True, paired_with="satisfaction of victims")
    rating = rated(hate_crime, "Fewer than 1,353", base("1353"), quarterly(2017, values))
    assert rating.status is RatingStatus.REPORTING_SENSITIVE
    assert rating.tone == "none"
    assert "better reporting" in rating.reason
    assert "satisfaction of victims" in rating.reason


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (fig("2016-17", "78", margin=Decimal(3)), "near"),
        (fig("2016-17", "76.9", margin=Decimal(3)), "missed"),
        (fig("2016-17", "78", sample_size=1000), "near"),
        (fig("2016-17", "78", sample_size=10000), "missed"),
        (fig("2016-17", "78", margin=Decimal(3), margin_of="difference"), "missed"),
        (fig("2016-17", "80.1", margin=Decimal(3)), "met"),
    ],
)
def test_a_survey_that_misses_by_less_than_its_margin_is_near(figure: Figure, status: str) -> None:
    rating = rated(SURVEY, "At least 80%", base("80", 2015), [figure], plan=Period.parse("2016-17"))
    assert rating.status.value == status, rating.reason


@pytest.mark.parametrize(
    ("indicator", "target", "value", "status"),
    [
        (LOWER, "At most 1,000", "1049", "near"),
        (LOWER, "At most 1,000", "1050", "missed"),
        (Indicator(tolerance=Decimal(10)), "At most 1,000", "1099", "near"),
        (Indicator(tolerance=Decimal(0)), "At most 1,000", "1001", "missed"),
        (HIGHER_RATE, "8%", "7.61", "near"),
        (HIGHER_RATE, "8%", "7.6", "missed"),
        (HIGHER_RATE, "At least 80%", "79.01", "near"),
        (HIGHER_RATE, "At least 80%", "79", "missed"),
        (percentage(tolerance=Decimal(3)), "At least 80%", "77.1", "near"),
    ],
)
def test_near_is_missed_by_less_than_the_tolerance(
    indicator: Indicator, target: str, value: str, status: str
) -> None:
    rating = rated(indicator, target, None, [fig("2017-18", value)], today=date(2018, 6, 1))
    assert rating.status.value == status, rating.reason


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


FORCE, REGION = Comparator("Force", Decimal(70)), Comparator("region", Decimal(60))


@pytest.mark.parametrize(
    ("target", "comparators", "value", "status"),
    [
        (
            "Below force, region and England and Wales",
            (FORCE, REGION, Comparator("England and Wales", Decimal(80))),
            "50",
            "met",
        ),
        ("Below force and region", (FORCE, REGION), "65", "missed"),
        ("Below any of force and region", (FORCE, REGION), "65", "met"),
        ("Below most of force, region and Kirklees", (FORCE, REGION), "65", "no_data"),
        ("Below most of force, region and Kirklees", (FORCE, REGION), "50", "met"),
        ("Below force and region", (FORCE,), "65", "no_data"),
        ("Below force and region", (FORCE,), "75", "missed"),
        ("Better than force", (FORCE,), "75", "missed"),
        ("Above force", (FORCE,), "75", "met"),
        ("Below force", (Comparator("force", Decimal(70), Period.parse("2016-17")),), "50", "no_data"),
    ],
)
def test_verdicts_against_comparators(
    target: str, comparators: tuple[Comparator, ...], value: str, status: str
) -> None:
    rating = rated(LOWER_RATE, target, None, [fig("2017-18-Q2", value)], comparators=comparators)
    assert rating.status.value == status, rating.reason


def test_counts_are_not_compared_with_other_areas() -> None:
    rating = rated(LOWER, "Below force", None, quarterly(2017, [5]), comparators=(FORCE,))
    assert rating.status is RatingStatus.NOT_COMPARABLE


def test_every_status_has_a_label_and_only_verdicts_have_a_colour() -> None:
    coloured = {status for status in RatingStatus if status.tone != "none"}
    assert coloured == {status for status in RatingStatus if status.judges}
    assert {status.value for status in coloured if status.tone == "bad"} == {"missed", "off_track"}
    assert {status.value for status in coloured if status.tone == "good"} == {"met", "on_track"}
    assert len({status.label for status in RatingStatus}) == len(RatingStatus)
