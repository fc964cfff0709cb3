"""Profiles by quarter: years are derived, and first and last quarters weigh by their days."""

from datetime import date

import pytest

from app.domain.errors import RuleBroken
from app.domain.grants.quarter_profile import amounts_by_year, even_profile

D = date.fromisoformat


@pytest.mark.parametrize(
    ("pence", "starts", "ends", "profile"),
    [
        (12_000_00, "2017-04-01", "2018-03-31", [3_000_00] * 4),
        (12_000_00, "2017-10-01", "2018-09-30", [3_000_00] * 4),
        (100, "2017-04-01", "2018-03-31", [25] * 4),
        (101, "2017-04-01", "2018-03-31", [26, 25, 25, 25]),
        (1_000_00, "2017-05-17", "2017-05-17", [1_000_00]),
        # 46 of 92 days of the second quarter and a whole third: one part to two.
        (900_00, "2017-08-16", "2017-12-31", [300_00, 600_00]),
    ],
)
def test_an_even_profile(pence: int, starts: str, ends: str, profile: list[int]) -> None:
    assert list(even_profile(pence, D(starts), D(ends)).values()) == profile


def test_october_to_september_is_two_years() -> None:
    years = amounts_by_year(even_profile(12_000_00, D("2017-10-01"), D("2018-09-30")))
    assert {str(year): pence for year, pence in years.items()} == {"2017-18": 6_000_00, "2018-19": 6_000_00}


def test_days_that_cross_are_refused() -> None:
    with pytest.raises(RuleBroken) as caught:
        even_profile(1, D("2018-01-01"), D("2017-12-31"))
    assert (caught.value.field, caught.value.code) == ("ends", "dates_cross")
