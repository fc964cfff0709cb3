from decimal import Decimal

import pytest

from app.domain.figures.figure import Figure
from app.domain.judgement.rating_input import Comparator
from app.domain.judgement.verdict import RatingStatus
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Indicator
from tests.domain.judging import LOWER, LOWER_RATE, SURVEY, base, rated
from tests.domain.quarters import fig, quarterly


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
        (fig("2016-17", "77", margin=Decimal(3)), "near"),
        (fig("2016-17", "76.9", margin=Decimal(3)), "missed"),
        (fig("2016-17", "78", sample_size=1000), "near"),
        (fig("2016-17", "78", sample_size=10000), "missed"),
        (fig("2016-17", "78", margin=Decimal(3), margin_of="difference"), "missed"),
        (fig("2016-17", "80.1", margin=Decimal(3)), "met"),
    ],
)
def test_a_survey_that_misses_by_less_than_its_margin_is_near(figure: Figure, status: str) -> None:
    rating = rated(SURVEY, "At least 80%", base("80", 2015), [figure], plan=parse_period("2016-17"))
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
        ("Below force", (Comparator("force", Decimal(70), parse_period("2016-17")),), "50", "no_data"),
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
