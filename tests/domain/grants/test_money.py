"""Money: whole pence in, nothing lost in between."""

from decimal import Decimal

import pytest

from app.domain.errors import RuleBroken
from app.domain.grants.money import pence_of, pounds_words, split_pence


@pytest.mark.parametrize(
    ("pounds", "pence"), [("0", 0), ("38000", 38_000_00), ("9099.15", 9_099_15), ("0.1", 10), ("5.00", 500)]
)
def test_pounds_are_pence(pounds: str, pence: int) -> None:
    assert pence_of(Decimal(pounds), "amount") == pence


@pytest.mark.parametrize(
    ("pounds", "code"),
    [("-0.01", "negative_amount"), ("1.005", "part_of_a_penny"), ("100000000000.01", "amount_too_large")],
)
def test_what_is_no_amount_is_refused(pounds: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        pence_of(Decimal(pounds), "amount")
    assert (caught.value.field, caught.value.code) == ("amount", code)


@pytest.mark.parametrize(
    ("pence", "words"),
    [
        (0, "£0"),
        (5, "£0.05"),
        (123_400, "£1,234"),
        (123_450, "£1,234.50"),
        (-15_000, "−£150"),
        (-1, "−£0.01"),
    ],
)
def test_words(pence: int, words: str) -> None:
    assert pounds_words(pence) == words


@pytest.mark.parametrize(
    ("pence", "weights", "shares"),
    [
        (100, [1, 1, 1], (34, 33, 33)),
        (200, [1, 1, 1], (67, 67, 66)),
        (1, [1, 2], (0, 1)),
        (100, [2, 1], (67, 33)),
        (-100, [1, 1, 1], (-34, -33, -33)),
        (0, [0, 0], (0, 0)),
        (0, [], ()),
        (999, [5, 0, 5], (500, 0, 499)),
        (10**13, [3, 7], (3 * 10**12, 7 * 10**12)),
    ],
)
def test_a_line_is_split_between_funders(pence: int, weights: list[int], shares: tuple[int, ...]) -> None:
    assert split_pence(pence, weights) == shares


@pytest.mark.parametrize(("pence", "weights"), [(1, []), (1, [0]), (1, [2, -1])])
def test_money_is_not_split_by_nothing(pence: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_pence(pence, weights)
