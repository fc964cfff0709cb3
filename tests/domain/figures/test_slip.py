"""Slips by the neighbours, else by the baseline or target; and the ordinary series that are not asked about."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.domain.figures.slip import Yardstick, neighbours, planned, slip_warning
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan.indicator import AddsUp, Break, Indicator, Measure, Window

NOW = parse_period("2017-18-Q2")
YEAR = parse_period("2016-17")
COUNT = Indicator(unit="offences")
PERCENT = Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO, decimals=1)
WHOLE_PERCENT = Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.LATEST)
ROLLING = Indicator(measure=Measure.PERCENTAGE, window=Window.ROLLING_YEAR, adds_up=AddsUp.RATIO, decimals=1)
MONEY = Indicator(measure=Measure.MONEY)
RATE = Indicator(measure=Measure.RATE, adds_up=AddsUp.RATIO, per=1000, decimals=1)


def code(value: object, yardstick: Yardstick | None, indicator: Indicator) -> str | None:
    warning = slip_warning(Decimal(str(value)), yardstick, indicator)
    return warning.code if warning is not None else None


def before(values: Sequence[object], indicator: Indicator, period: Period = NOW) -> Yardstick | None:
    first = period.first - period.months * len(values)
    near = [(first + period.months * n, Decimal(str(each))) for n, each in enumerate(values)]
    return neighbours(near, period, indicator)


@pytest.mark.parametrize(
    ("value", "earlier", "indicator", "expected"),
    [
        (10880, (1052,), COUNT, "ten_times"),
        (1000, (100,), COUNT, "ten_times"),
        (100, (1000,), COUNT, "ten_times"),
        (10, (1052,), COUNT, "ten_times"),
        (15480, (1052,), COUNT, "ten_times"),
        (105200, (1052, 998), COUNT, "ten_times"),
        (1000, (0, 100), COUNT, "ten_times"),
        (60, (6,), COUNT, "ten_times"),
        (500, (0,), COUNT, "ten_times"),
        (500, (0, 0, 0), COUNT, "ten_times"),
        (20, (0, 0), COUNT, "ten_times"),
        (500, (0, 0, 0, 0, 0, 0), COUNT, "ten_times"),
        (90, (0, 3, 1, 7, 2), COUNT, "ten_times"),
        ("43.3", (0, 0), PERCENT, "ten_times"),
        (41000, (4000,), MONEY, "ten_times"),
        ("71.2", ("7.1",), RATE, "ten_times"),
        ("4.33", ("43.1",), PERCENT, "ten_times"),
        ("0.433", ("43.1",), PERCENT, "percentage_as_fraction"),
        ("0.43", ("43",), WHOLE_PERCENT, "percentage_as_fraction"),
        ("0.433", (), PERCENT, "percentage_as_fraction"),
    ],
)
def test_a_slip_is_told_from_the_first_neighbour_on(
    value: object, earlier: Sequence[object], indicator: Indicator, expected: str
) -> None:
    assert code(value, before(earlier, indicator), indicator) == expected


@pytest.mark.parametrize(
    ("value", "earlier", "indicator"),
    [
        (12, (1,), COUNT),
        (19, (2,), COUNT),
        (2, (14,), COUNT),
        (0, (1052,), COUNT),
        (5, (0, 0, 0), COUNT),
        (19, (0, 0, 0), COUNT),
        (480, (0, 500, 0, 0, 0, 0), COUNT),
        (19, (0, 3, 1, 7, 2), COUNT),
        (30, (0, 3, 1, 7, 2), COUNT),
        (60, (12, 1, 9, 2), COUNT),
        (1, (9, 0, 14, 3), COUNT),
        (-500, (0, 0), MONEY),
        (700, (100,), COUNT),
        (1500, (1052,), COUNT),
        (200, (1052,), COUNT),
        (40, (1052,), COUNT),
        (240, (30, 25, 260, 28), COUNT),
        (1000, (100, 1000), COUNT),
        (100, (100, 1000), COUNT),
        ("1.9", ("0.2",), PERCENT),
        ("0.4", ("0.5",), PERCENT),
        ("0.8", ("6.1",), PERCENT),
        (9, (1,), WHOLE_PERCENT),
        (-4000, (400,), MONEY),
        (0, (), COUNT),
        (1052, (), COUNT),
        (0, (), PERCENT),
        (1, (), PERCENT),
    ],
)
def test_ordinary_series_are_not_asked_about(
    value: object, earlier: Sequence[object], indicator: Indicator
) -> None:
    """Small counts, a fall to almost nothing, a season seen before, a jump that was settled a quarter ago."""
    assert code(value, before(earlier, indicator), indicator) is None


def test_the_same_time_of_other_years_counts_as_near() -> None:
    """November's fireworks: 8 months ago there was as much."""
    november = parse_period("2017-11")
    year = (4, 5, 6, 5, 4, 6, 5, 110, 4, 5, 6, 5)
    assert code(120, before((110, *year[:11]), COUNT, november), COUNT) is None
    assert code(120, before(year[8:], COUNT, november), COUNT) == "ten_times"


def test_a_recording_change_hides_no_slip() -> None:
    changed = Indicator(breaks=(Break(NOW.first, "new classes"),))
    assert code(10880, before((1052,), changed), changed) == "ten_times"
    assert code(2100, before((1052,), changed), changed) is None


def test_an_exceptional_period_is_no_yardstick() -> None:
    odd = Indicator(exceptional=(NOW.next(-1),))
    assert before((5,), odd) is None
    assert code(400, before((390, 5), odd), odd) is None


@pytest.mark.parametrize(
    ("value", "of", "level", "indicator", "expected"),
    [
        (3900, YEAR, 15487, COUNT, None),
        (38700, YEAR, 15487, COUNT, "ten_times"),
        (387, YEAR, 15487, COUNT, "ten_times"),
        (15487, YEAR, 15487, COUNT, None),
        (21, None, 85, COUNT, None),
        (210, None, 85, COUNT, "ten_times"),
        (3, YEAR, 4, COUNT, None),
        (45, YEAR, 0, COUNT, None),
        (45, None, 0, COUNT, None),
        ("0.433", YEAR, "41.4", ROLLING, "percentage_as_fraction"),
        ("0.433", None, "41.4", ROLLING, "percentage_as_fraction"),
        ("0.433", YEAR, "0.5", ROLLING, None),
        ("5.1", YEAR, "4.7", ROLLING, None),
        ("47.1", YEAR, "4.7", ROLLING, "ten_times"),
        (380, Period(NOW.first - 12, 3), 400, COUNT, None),
    ],
)
def test_the_first_figure_is_compared_with_the_baseline_or_target(
    value: object, of: Period | None, level: object, indicator: Indicator, expected: str | None
) -> None:
    """A year's count is worked down to the quarter."""
    assert code(value, planned(Decimal(str(level)), of, NOW, indicator, "baseline"), indicator) == expected


def test_the_message_says_what_was_expected_from_what() -> None:
    slip = slip_warning(Decimal(10880), before((1052,), COUNT), COUNT)
    assert slip is not None
    assert slip.words == (
        "10,880 is about 10 times what this series was last (1,052 in Q1 2017/18). "
        "Has a decimal point or a nought slipped?"
    )
    risen = slip_warning(Decimal(500), before((0, 0), COUNT), COUNT)
    assert risen is not None
    assert risen.words == (
        "500 is far above what this series was last (0 in Q4 2016/17 and 0 in Q1 2017/18). "
        "Has a decimal point or a nought slipped?"
    )
    first = slip_warning(Decimal(38700), planned(Decimal(15487), YEAR, NOW, COUNT, "baseline"), COUNT)
    assert first is not None
    assert first.words == (
        "38,700 is about 10 times the baseline (15,487 in 2016/17, or about 3,872 for 3 months). "
        "Has a decimal point or a nought slipped?"
    )
    alone = slip_warning(Decimal("0.433"), None, PERCENT)
    assert alone is not None
    assert alone.words == "0.433 is less than 1%. If 43.3% is meant, send 43.3."
