from datetime import date
from decimal import Decimal

import pytest

from app.domain.figures.figure import Figure, Missing
from app.domain.judgement.verdict import RatingStatus
from app.domain.period import financial_year
from app.domain.period_text import parse_period
from app.domain.plan.baseline import AnyBaseline, BaselineYear, NoBaseline
from app.domain.plan.indicator import Indicator
from tests.domain.judging import (
    BANDED,
    HIGHER,
    HIGHER_RATE,
    LOWER,
    MONITOR,
    ROLLING,
    ROLLING_UP,
    TODAY,
    base,
    percentage,
    rated,
)
from tests.domain.quarters import fig, quarterly

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
    day = date(2018, 6, 30) if figures and figures[-1].period.last > parse_period("2017-11").first else TODAY
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


@pytest.mark.parametrize(
    ("indicator", "target", "value", "status"),
    [
        (LOWER, "At most 1,000", "1000", "met"),
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
    ("target", "value", "status"),
    [
        ("No increase", "85", "met"),
        ("No increase", "86", "near"),
        ("Reduction", "85", "near"),
        ("Reduction of 100", "0", "met"),
        ("Reduction of 20%", "68", "met"),
        ("Reduction of 20%", "72", "missed"),
    ],
)
def test_changes_from_the_baseline(target: str, value: str, status: str) -> None:
    rating = rated(LOWER, target, base("85"), [fig("2017-18", value)], today=date(2018, 6, 1))
    assert rating.status.value == status, rating.reason


def test_every_status_has_a_label_and_only_verdicts_have_a_colour() -> None:
    coloured = {status for status in RatingStatus if status.tone != "none"}
    assert coloured == {status for status in RatingStatus if status.judges}
    assert {status.value for status in coloured if status.tone == "bad"} == {"missed", "off_track"}
    assert {status.value for status in coloured if status.tone == "good"} == {"met", "on_track"}
    assert len({status.label for status in RatingStatus}) == len(RatingStatus)


def test_a_verdict_has_a_gist_that_leaves_out_what_stands_beside_it() -> None:
    part_year = rated(LOWER, "Fewer than 85", base("85"), quarterly(2014, [*STEADY, 24, 24]))
    assert part_year.brief.startswith("Heading for about")
    assert part_year.brief in part_year.reason.replace("heading", "Heading")
    assert rated(LOWER, "Target to be set in 2018", base("85"), []).brief == "Target to be set in 2018."
