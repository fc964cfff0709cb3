from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RuleBroken
from app.domain.number import change_words, exact, number_words, six_places


@pytest.mark.parametrize(
    ("given_value", "held"),
    [
        ("43.30", "43.3"),
        ("43.3000000000", "43.3"),
        ("1E+3", "1000"),
        ("-0.0", "0"),
        ("0E+400", "0"),
        ("999999999999999", "999999999999999"),
        ("123456789.123456", "123456789.123456"),
        ("0.000001", "0.000001"),
        ("-12.50", "-12.5"),
    ],
)
def test_exact_numbers_are_held_one_way(given_value: str, held: str) -> None:
    assert str(exact(Decimal(given_value))) == held


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NaN", "not_a_number"),
        ("sNaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("-Infinity", "not_a_number"),
        ("1e400", "too_many_digits"),
        ("1e15", "too_many_digits"),
        ("9" * 5000, "too_many_digits"),
        ("9" * 16, "too_many_digits"),
        ("1234567890.123456", "too_many_digits"),
        ("0.0000001", "too_many_decimals"),
        ("1e-400", "too_many_decimals"),
        ("999999999999999.999", "too_many_digits"),
    ],
)
def test_numbers_that_cannot_be_held_exactly_are_refused(value: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        exact(Decimal(value), "numerator")
    assert (refused.value.field, refused.value.code) == ("numerator", code)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_exact_changes_no_number_it_takes(value: Decimal) -> None:
    try:
        held = exact(value)
    except RuleBroken:
        return
    assert held == value
    assert exact(held) == held
    assert "E" not in str(held)


def test_a_division_is_rounded_half_even_to_six_decimals() -> None:
    assert six_places(Decimal(1) / Decimal(3)) == Decimal("0.333333")
    assert six_places(Decimal("0.0000005")) == 0
    assert six_places(Decimal("0.0000015")) == Decimal("0.000002")


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "words"),
    [
        ("43.3", "%", 1, "43.3%"),
        ("43", "%", 1, "43.0%"),
        ("43.30", "%", None, "43.3%"),
        ("1407", "", 0, "1,407"),
        ("15487", "", None, "15,487"),
        ("5000", "£", None, "£5,000"),
        ("5000.5", "£", None, "£5,000.50"),
        ("1400000", "£", 0, "£1,400,000"),
        ("-250", "£", 0, "-£250"),
        ("4.2", "per 1,000 residents", 1, "4.2 per 1,000 residents"),
        ("14", "days", 0, "14 days"),
        ("2.5", "", 0, "2"),
        ("3.5", "", 0, "4"),
        ("-0.04", "", 1, "0.0"),
        ("0.05", "%", 1, "0.05%"),
        ("0.04", "%", 0, "0.04%"),
        ("0.4", "%", 0, "0.4%"),
        ("0.000001", "%", 1, "0.000001%"),
        ("0.0000001", "%", 1, "0.0%"),
        ("0.051", "%", 1, "0.1%"),
        ("0", "%", 1, "0.0%"),
        ("0.04", "per 1,000 residents", 1, "0.04 per 1,000 residents"),
        ("0.004", "£", None, "£0.004"),
        ("0.4", "", 0, "0.4"),
    ],
)
def test_figures_in_words(value: str, unit: str, decimals: int | None, words: str) -> None:
    assert number_words(Decimal(value), unit, decimals) == words


@pytest.mark.parametrize(
    ("before", "after", "unit", "words"),
    [
        ("1291", "1378", "", "up 6.7%"),
        ("42.4", "43.3", "%", "up 0.9 points"),
        ("80", "78", "%", "down 2.0 points"),
        ("6", "7", "%", "up 1.0 point"),
        ("28.9", "32.9", "%", "up 4.0 points"),
        ("960", "3607", "", "up 275.7%"),
        ("105", "105", "", "unchanged"),
        ("0", "5", "", "up from 0 to 5"),
        ("57740", "57741", "", "up by less than 0.1%"),
        ("5000", "4000", "£", "down 20.0%"),
        ("1", "400", "", "up 39,900%"),
    ],
)
def test_changes_in_words(before: str, after: str, unit: str, words: str) -> None:
    assert change_words(Decimal(before), Decimal(after), unit) == words
