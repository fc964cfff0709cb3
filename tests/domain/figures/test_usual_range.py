from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.domain.figures.slip import Earlier
from app.domain.figures.usual_range import usual_range, value_warning
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import AddsUp, Break, Frequency, Indicator, Measure, Window

NOW = parse_period("2017-18-Q2")
COUNT = Indicator(unit="incidents")
PERCENT = Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO, decimals=1)
ROLLING = Indicator(measure=Measure.PERCENTAGE, window=Window.ROLLING_YEAR, adds_up=AddsUp.RATIO, decimals=1)
STEADY = (3700, 3820, 3790, 3750, 3860, 3720, 3840, 3810, 3780, 3740, 3850, 3800)
"""Mean 3,788.33, mean moving range 74.55: limits 3,590.04 and 3,986.62."""
SEASONAL = (4800, 4780, 3950, 3640, 4810, 4800, 3930, 3650, 4790, 4770, 3960, 3630)


def before(values: Sequence[float | str], period: Period = NOW, step: int | None = None) -> list[Earlier]:
    """Figures as long as `period`, the last of them just before it."""
    step = step or period.months
    first = period.first - step * len(values)
    return [(first + step * n, Decimal(str(value))) for n, value in enumerate(values)]


def asked(
    value: float | str,
    values: Sequence[float | str] = STEADY,
    indicator: Indicator = COUNT,
    period: Period = NOW,
) -> str | None:
    found = value_warning(Decimal(str(value)), period, before(values, period), indicator)
    return found.code if found is not None else None


def test_the_limits_are_those_of_an_xmr_chart() -> None:
    # Mean 10, moving ranges 2 throughout: 10 plus and minus 2.66 times 2.
    usual = usual_range(NOW, before((9, 11) * 4), COUNT)
    assert usual is not None
    assert (usual.low, usual.high) == pytest.approx((4.68, 15.32))
    assert usual.basis == "over the last 8 quarters"


def test_a_jump_is_told_in_numbers() -> None:
    found = value_warning(Decimal(4200), NOW, before(STEADY), COUNT)
    assert found is not None
    assert found.code == "outside_usual_range"
    assert found.words == (
        "4,200 is well above what this series usually does (3,590 to 3,987 over the last 12 quarters)."
    )


@pytest.mark.parametrize(
    ("value", "code"),
    [(3590, "outside_usual_range"), (3591, None), (3800, None), (3986, None), (3987, "outside_usual_range")],
)
def test_within_its_range_nothing_is_asked(value: int, code: str | None) -> None:
    usual = usual_range(NOW, before(STEADY), COUNT)
    assert usual is not None
    assert 3590 < usual.low < 3591
    assert 3986 < usual.high < 3987
    assert asked(value) == code


def test_only_the_last_twelve_count() -> None:
    long_ago = (2000, 6000) * 4
    assert asked(4200, long_ago + STEADY) == "outside_usual_range"
    assert asked(4200, long_ago + STEADY[:6]) is None


@pytest.mark.parametrize("many", range(9))
def test_fewer_than_eight_are_no_judgement(many: int) -> None:
    assert (asked(5200, STEADY[:many]) == "outside_usual_range") == (many == 8)


def test_figures_that_never_move_say_nothing_of_how_they_move() -> None:
    assert asked(7, (5,) * 12) is None


def test_nothing_is_compared_across_a_break() -> None:
    fifth = NOW.first - 12
    broken = Indicator(breaks=(Break(fifth, "new classes"),))
    assert asked(9000, STEADY, broken) is None
    assert asked(9000, STEADY, Indicator(breaks=(Break(fifth, "new classes", backcast=True),))) is not None


def test_exceptional_periods_are_left_out() -> None:
    values = (*STEADY[:10], 9000, 200)
    assert asked(4300, values) is None
    odd = Indicator(exceptional=(Period(NOW.first - 6, 6),))
    found = value_warning(Decimal(4300), NOW, before(values), odd)
    assert found is not None
    assert found.words.endswith("over 10 earlier quarters).")
    assert asked(4300, STEADY, Indicator(exceptional=(NOW,))) is None, "an exceptional period explains itself"


def test_a_gap_is_not_called_the_last_twelve() -> None:
    held = before(STEADY)
    del held[4]
    found = value_warning(Decimal(4300), NOW, held, COUNT)
    assert found is not None
    assert found.words.endswith("over 11 earlier quarters).")


@pytest.mark.parametrize(
    ("value", "code"),
    [(3950, None), (4800, "outside_usual_range"), (3640, "outside_usual_range")],
)
def test_a_season_is_compared_like_with_like(value: int, code: str | None) -> None:
    """The third quarter of the year that `SEASONAL` began in: every one of these has been seen in other quarters."""
    rising = tuple(level + 5 * (n % 3) for n, level in enumerate(SEASONAL))
    third = parse_period("2017-18-Q3")
    values = (*rising[2:], 4795, 4785)
    assert asked(value, values, period=third) == code


def test_a_season_is_named() -> None:
    found = value_warning(Decimal(6000), NOW.next(-1), before(SEASONAL, NOW.next(-1)), COUNT)
    assert found is not None
    assert "at this time of year" in found.words
    assert "the same quarter a year before" in found.words


def test_less_than_three_years_know_no_season() -> None:
    usual = usual_range(NOW, before(SEASONAL[1:]), COUNT)
    assert usual is not None
    assert not usual.seasonal


@pytest.mark.parametrize("indicator", [PERCENT, ROLLING, Indicator(measure=Measure.MONEY, survey=True)])
def test_only_counts_of_events_have_seasons(indicator: Indicator) -> None:
    usual = usual_range(NOW, before([value / 100 for value in SEASONAL]), indicator)
    assert usual is not None
    assert not usual.seasonal


def test_windows_that_overlap_have_no_usual_range() -> None:
    year = parse_period("2016-10/2017-09")
    overlapping = before((40, 41, 40, 42, 41, 40, 41, 42, 41, 40, 41, 40), year, step=3)
    assert value_warning(Decimal(60), year, overlapping, ROLLING) is None
    found = value_warning(Decimal("4.1"), year, overlapping, ROLLING)
    assert found is not None
    assert found.code == "ten_times"


def test_a_year_has_a_range_too() -> None:
    yearly = Indicator(frequency=Frequency.YEAR)
    assert asked(200, (100, 104, 98, 101, 99, 103, 97, 102), yearly, parse_period("2016-17")) is not None


@pytest.mark.parametrize(
    ("indicator", "values", "low", "high"),
    [
        (COUNT, (0, 3, 0, 4, 1, 0, 5, 0), 0.0, 10.745),
        (PERCENT, (95, 99, 94, 98, 96, 99, 95, 98), 87.25, 100.0),
        (Indicator(measure=Measure.MONEY), (0, 3, 0, 4, 1, 0, 5, 0), -7.495, 10.745),
    ],
)
def test_no_range_goes_where_no_value_can(
    indicator: Indicator, values: Sequence[float], low: float, high: float
) -> None:
    usual = usual_range(NOW, before(values), indicator)
    assert usual is not None
    assert (usual.low, usual.high) == pytest.approx((low, high), abs=0.01)


@pytest.mark.parametrize(
    ("value", "values", "indicator", "code"),
    [
        (41200, (4120, 4380, 3651), COUNT, "ten_times"),
        (412000, (4120, 4380, 3651), COUNT, "ten_times"),
        (412, (4120, 4380, 3651), COUNT, "ten_times"),
        (41, (4120, 4380, 3651), COUNT, "ten_times"),
        (20000, (4120, 4380, 3651), COUNT, None),
        (41200, (4120, 4380), COUNT, "ten_times"),
        (41200, (9000, 4120, 4380), COUNT, None),
        (4120, (0, 412, 412), COUNT, "ten_times"),
        (0, (4120, 4380, 3651), COUNT, None),
        ("4.33", (43.1, 42.9, 43.3), PERCENT, "ten_times"),
        ("0.433", (43.1, 42.9, 43.3), PERCENT, "percentage_as_fraction"),
        ("0.433", (43.1,), PERCENT, "percentage_as_fraction"),
        ("0.433", (4.31, 4.4, 4.2), PERCENT, "ten_times"),
        ("0.433", (0.5, 0.4, 0.6), PERCENT, None),
        ("0.9", (43.1, 42.9, 43.3), Indicator(measure=Measure.MEAN, adds_up=AddsUp.MEAN), None),
        ("0.433", (), PERCENT, "percentage_as_fraction"),
    ],
)
def test_a_slip_of_the_pen(
    value: float | str, values: Sequence[float], indicator: Indicator, code: str | None
) -> None:
    assert asked(value, values, indicator) == code


def test_a_slip_says_what_was_probably_meant() -> None:
    found = value_warning(Decimal("0.433"), NOW, before((43.1, 42.9)), PERCENT)
    assert found is not None
    assert found.words == (
        "0.433 is less than 1%, and about 43.0% is expected from what this series was last (43.1% in Q4 2016/17 and "
        "42.9% in Q1 2017/18). Send 43.3 for 43.3%."
    )
    found = value_warning(Decimal(41200), NOW, before(STEADY), COUNT)
    assert found is not None
    assert found.words == (
        "41,200 is about 10 times what this series was last (3,740 in Q3 2016/17, 3,850 in Q4 2016/17 and 3,800 in "
        "Q1 2017/18). "
        "Has a decimal point or a nought slipped?"
    )
