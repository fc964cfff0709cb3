from decimal import Decimal
from typing import Literal

import pytest

from app.domain.figures.published_change import Agreement, PublishedChange, recompute
from app.domain.period_text import parse_period

YEAR, BEFORE = parse_period("2016-17"), parse_period("2015-16")


@pytest.mark.parametrize(
    ("change", "unit", "now", "before", "agreement", "says"),
    [
        ("6.7", "percent", "1378", "1291", "agrees", "up 6.7%"),
        ("8", "percent", "1080", "1000", "agrees", "up 8%"),
        ("8", "percent", "1084.9", "1000", "agrees", "up 8%"),
        ("8", "percent", "1086", "1000", "differs", "up 8.6%"),
        ("-2.3", "percent", "977", "1000", "agrees", "down 2.3%"),
        ("-2.3", "percent", "1023", "1000", "differs", "up 2.3%"),
        ("-2", "points", "78", "80", "agrees", "down 2 points"),
        ("4", "points", "32.9", "28.9", "agrees", "up 4 points"),
        ("3", "points", "32.9", "28.9", "differs", "up 4.0 points"),
        ("4", "percent", "32.9", "28.9", "differs", "meant in points"),
        ("0", "percent", "137", "137", "agrees", "unchanged"),
        ("211", "percent", "311", "100", "agrees", "up 211%"),
        ("8", "percent", None, "1000", "cannot", "levels are not held"),
        ("8", "percent", "1080", None, "cannot", "levels are not held"),
        ("8", "percent", "8", "0", "cannot", "per cent of nothing"),
    ],
)
def test_published_changes_worked_again(
    change: str,
    unit: Literal["percent", "points"],
    now: str | None,
    before: str | None,
    agreement: str,
    says: str,
) -> None:
    published = PublishedChange(YEAR, BEFORE, Decimal(change), unit)
    again = recompute(
        published, None if now is None else Decimal(now), None if before is None else Decimal(before)
    )
    assert again.agreement is Agreement(agreement)
    assert says in again.words


@pytest.mark.parametrize(
    ("now", "before", "decimals", "says"),
    [
        ("43.4", "39.543041", 1, "the levels, 39.5 and then 43.4, make it up 9.8%"),
        ("43.4", "39.543041", None, "the levels, 39.5 and then 43.4, make it"),
        ("1378", "1291", 2, "the levels, 1,291 and then 1,378, make it"),
        ("0.043478", "0.04", None, "the levels, 0.04 and then 0.043478, make it"),
    ],
)
def test_levels_are_told_as_people_read_them(now: str, before: str, decimals: int | None, says: str) -> None:
    published = PublishedChange(YEAR, BEFORE, Decimal(2))
    again = recompute(published, Decimal(now), Decimal(before), decimals=decimals)
    assert says in again.words


def test_unequal_lengths_are_never_compared_by_percentage() -> None:
    published = PublishedChange(parse_period("2017-04/2017-11"), BEFORE, Decimal(8))
    assert recompute(published, Decimal(1080), Decimal(1000)).agreement is Agreement.CANNOT


def test_a_change_is_summed_up_with_both_periods() -> None:
    published = PublishedChange(parse_period("2017-04/2017-11"), parse_period("2016-04/2016-11"), Decimal(8))
    assert published.summary == "up 8% in April to November 2017 on April to November 2016"
