from datetime import date

import pytest

from app.domain.figures.owed import newest_due
from app.domain.plan.indicator import Frequency, Window


@pytest.mark.parametrize(
    ("frequency", "window", "lag", "today", "due"),
    [
        ("quarter", "period", 0, "2017-09-30", "2017-18-Q1"),
        ("quarter", "period", 0, "2017-10-01", "2017-18-Q2"),
        ("quarter", "period", 14, "2017-10-14", "2017-18-Q1"),
        ("quarter", "period", 14, "2017-10-15", "2017-18-Q2"),
        ("quarter", "rolling_year", 0, "2017-12-20", "2016-10/2017-09"),
        ("month", "period", 30, "2017-12-20", "2017-10"),
        ("year", "period", 90, "2017-05-01", "2015-16"),
        ("year", "period", 90, "2017-12-20", "2016-17"),
        ("year", "rolling_year", 3660, "0001-01-01", "1898-99"),
    ],
)
def test_the_newest_figure_that_can_exist(
    frequency: str, window: str, lag: int, today: str, due: str
) -> None:
    found = newest_due(Frequency(frequency), Window(window), lag, date.fromisoformat(today))
    assert str(found) == due
