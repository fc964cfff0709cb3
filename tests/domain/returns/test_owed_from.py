"""From which day figures are owed: the whole period counts, by its last day."""

from datetime import date

import pytest

from app.domain.errors import RuleBroken
from app.domain.period_text import parse_period
from app.domain.plan.indicator import Frequency, Window
from app.domain.returns.owed_figure import owed_periods
from app.domain.returns.owed_from import check_owed_from

TODAY = date(2017, 12, 20)


@pytest.mark.parametrize(
    ("frequency", "window", "quarter", "owed_from", "periods"),
    [
        (Frequency.QUARTER, Window.PERIOD, "2017-18-Q2", None, ["2017-18-Q2"]),
        (Frequency.QUARTER, Window.PERIOD, "2017-18-Q2", date(2017, 7, 1), ["2017-18-Q2"]),
        (Frequency.QUARTER, Window.PERIOD, "2017-18-Q2", date(2017, 9, 30), ["2017-18-Q2"]),
        (Frequency.QUARTER, Window.PERIOD, "2017-18-Q2", date(2017, 10, 1), []),
        (Frequency.QUARTER, Window.ROLLING_YEAR, "2017-18-Q2", date(2017, 9, 1), ["2016-10/2017-09"]),
        (Frequency.QUARTER, Window.ROLLING_YEAR, "2017-18-Q2", date(2017, 10, 1), []),
        (Frequency.MONTH, Window.PERIOD, "2017-18-Q2", date(2017, 8, 31), ["2017-08", "2017-09"]),
        (Frequency.MONTH, Window.PERIOD, "2017-18-Q2", date(2017, 9, 1), ["2017-09"]),
        (Frequency.YEAR, Window.PERIOD, "2017-18-Q4", date(2018, 3, 31), ["2017-18"]),
        (Frequency.YEAR, Window.PERIOD, "2017-18-Q4", date(2018, 4, 1), []),
    ],
)
def test_periods_that_ended_before_are_not_owed(
    frequency: Frequency, window: Window, quarter: str, owed_from: date | None, periods: list[str]
) -> None:
    owed = owed_periods(frequency, window, parse_period(quarter), owed_from)
    assert [str(period) for period in owed] == periods


@pytest.mark.parametrize("day", [None, date(1900, 1, 1), TODAY, date(2018, 12, 21)])
def test_a_day_up_to_a_year_ahead(day: date | None) -> None:
    check_owed_from(day, TODAY)


@pytest.mark.parametrize("day", [date(2018, 12, 22), date(9999, 12, 31)])
def test_a_day_that_would_end_all_that_is_owed(day: date) -> None:
    with pytest.raises(RuleBroken) as caught:
        check_owed_from(day, TODAY)
    assert (caught.value.field, caught.value.code) == ("owed_from", "too_far_ahead")
