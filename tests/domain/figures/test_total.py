"""What shorter figures add up to, year by year: only where every part is there, else what is missing."""

from decimal import Decimal

import pytest

from app.domain.figures.figure import Figure, FigureStatus
from app.domain.figures.total import totals
from app.domain.period_text import parse_period
from app.domain.plan.indicator import AddsUp, Indicator, Measure, Window

YEAR = ["2016-17-Q1", "2016-17-Q2", "2016-17-Q3", "2016-17-Q4"]
COUNT = Indicator()
SHARE = Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO, decimals=1)


def sent(period: str, value: str | None, status: str = "final") -> Figure:
    number = Decimal(value) if value is not None else None
    return Figure(parse_period(period), number, FigureStatus(status))


def ratio(period: str, numerator: int, denominator: int) -> Figure:
    value = Decimal(100 * numerator) / denominator
    parts = (Decimal(numerator), Decimal(denominator))
    return sent(period, str(value))._replace(numerator=parts[0], denominator=parts[1])


@pytest.mark.parametrize(
    ("indicator", "figures", "value", "reason"),
    [
        (COUNT, [sent(each, "10") for each in YEAR], "40", ""),
        (
            COUNT,
            [sent(f"2016-{month:02}", "1") for month in range(4, 13)],
            None,
            "Q4 2016/17 (January to March",
        ),
        (COUNT, [sent(each, "10") for each in YEAR[:3]], None, "Q4 2016/17 (January to March 2017) missing"),
        (COUNT, [*(sent(each, "10") for each in YEAR[:3]), sent(YEAR[3], None)], None, "Q4 2016/17"),
        (SHARE, [ratio(each, 1, n) for each, n in zip(YEAR, (2, 4, 8, 6), strict=True)], "20", ""),
        (SHARE, [sent(each, "50") for each in YEAR], None, "a ratio is recomputed from its parts"),
        (Indicator(adds_up=AddsUp.LATEST), [sent(each, each[-1]) for each in YEAR], "4", ""),
    ],
)
def test_a_year_of_its_quarters(
    indicator: Indicator, figures: list[Figure], value: str | None, reason: str
) -> None:
    (total,) = totals(figures, indicator, 12)
    assert str(total.period) == "2016-17"
    assert total.value == (Decimal(value) if value is not None else None)
    assert reason in total.reason
    assert bool(total.reason) is (value is None)


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["final"] * 4, "final"),
        (["final", "provisional", "final", "final"], "provisional"),
        (["final", "provisional", "estimated", "final"], "estimated"),
    ],
)
def test_a_total_is_as_certain_as_its_least_certain_part(statuses: list[str], status: str) -> None:
    (total,) = totals([sent(*each) for each in zip(YEAR, "1111", statuses, strict=True)], COUNT, 12)
    assert total.status == status


def test_a_year_that_was_sent_is_not_added_up() -> None:
    assert totals([*(sent(each, "10") for each in YEAR), sent("2016-17", "41")], COUNT, 12) == []


def test_rolling_years_are_not_added_up() -> None:
    rolling = Indicator(window=Window.ROLLING_YEAR)
    assert totals([sent(each, "10") for each in YEAR], rolling, 12) == []


def test_months_make_quarters() -> None:
    figures = [sent(f"2016-{month:02}", "2") for month in (4, 5, 6, 7, 8)]
    assert [(str(each.period), each.value) for each in totals(figures, COUNT, 3)] == [
        ("2016-17-Q1", Decimal(6)),
        ("2016-17-Q2", None),
    ]
