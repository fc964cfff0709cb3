"""Doubts about a figure by itself: parts that were rounded, a sample, a note."""

from decimal import Decimal
from typing import NamedTuple

import pytest

from app.domain.figures.row_doubt import Agreement, agreement, row_doubts
from app.domain.plan.indicator import AddsUp, Indicator, Measure


class Sent(NamedTuple):
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    sample_size: int | None = None
    note: str = ""
    margin: Decimal | None = None


def percentage(decimals: int) -> Indicator:
    return Indicator(measure=Measure.PERCENTAGE, adds_up=AddsUp.RATIO, decimals=decimals)


@pytest.mark.parametrize(
    ("value", "ratio", "decimals", "expected"),
    [
        ("75", "75.125", 0, Agreement.AGREES),
        ("33", "33.333333", 0, Agreement.AGREES),
        ("67", "66.666667", 0, Agreement.AGREES),
        ("66", "66.666667", 0, Agreement.DOUBTFUL),
        ("12", "12.5", 0, Agreement.AGREES),
        ("13", "12.5", 0, Agreement.AGREES),
        ("68", "66.666667", 0, Agreement.DIFFERS),
        ("34", "33.333333", 0, Agreement.DIFFERS),
        ("65", "66.666667", 0, Agreement.DIFFERS),
        ("43.3", "43.34", 1, Agreement.AGREES),
        ("66.6", "66.666667", 1, Agreement.DOUBTFUL),
        ("75", "75.125", 1, Agreement.DIFFERS),
        ("50", "10", 1, Agreement.DIFFERS),
        ("0.9", "0.909091", 2, Agreement.AGREES),
        ("66.67", "66.666667", 2, Agreement.AGREES),
        ("66.66", "66.666667", 2, Agreement.DOUBTFUL),
        ("66.63", "66.666667", 2, Agreement.DOUBTFUL),
        ("66.5", "66.666667", 2, Agreement.DIFFERS),
    ],
)
def test_parts_agree_within_half_a_unit(value: str, ratio: str, decimals: int, expected: Agreement) -> None:
    assert agreement(Decimal(value), Decimal(ratio), percentage(decimals)) is expected


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        (Sent(Decimal(43), sample_size=3), ["small_sample"]),
        (Sent(Decimal(43), sample_size=10), []),
        (Sent(Decimal(43), sample_size=1200), []),
        (Sent(None, sample_size=3), ["small_sample"]),
        (Sent(Decimal(43), note="3"), ["number_for_note"]),
        (Sent(Decimal(43), margin=Decimal("0.03")), ["margin_as_fraction"]),
        (Sent(Decimal(43), margin=Decimal("0.1")), []),
        (Sent(Decimal(43), margin=Decimal(0)), []),
        (Sent(Decimal(43), note="3 forces were merged"), []),
        (Sent(Decimal(66), Decimal(2), Decimal(3)), ["parts_rounded_down"]),
        (Sent(Decimal(33), Decimal(1), Decimal(3)), []),
        (Sent(None, Decimal(2), Decimal(3)), []),
    ],
)
def test_an_odd_field_is_asked_about(sent: Sent, codes: list[str]) -> None:
    assert [each.code for each in row_doubts(sent, percentage(0))] == codes


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (
            Sent(Decimal(43), sample_size=3),
            "A sample of 3 is very small: 10 or more are expected. If “43,3” was one number, send 43.3.",
        ),
        (
            Sent(Decimal(1), note="407"),
            "The note is the number 407 alone. If “1,407” was one number, send 1407.",
        ),
        (
            Sent(Decimal("43.5"), sample_size=3),
            "A sample of 3 is very small: 10 or more are expected.",
        ),
        (
            Sent(Decimal(66), Decimal(2), Decimal(3)),
            "2 of 3 make 66.666667, and the value is 66: 67% is expected. Send that, or leave the value out.",
        ),
    ],
)
def test_the_message_says_what_to_send(sent: Sent, words: str) -> None:
    (warning,) = row_doubts(sent, percentage(0))
    assert warning.words == words


@pytest.mark.parametrize(
    ("value", "size", "is_asked"),
    [("43", 25, True), ("43", 99, True), ("75", 40, False), ("43", 100, False), ("43.5", 25, False)],
)
def test_a_cut_decimal_comma_is_told_by_a_share_that_cannot_be(value: str, size: int, is_asked: bool) -> None:
    """43,25 without quotes: 43% of a sample of 25 would be 10.75 people; 75% of 40 are 30."""
    doubts = list(row_doubts(Sent(Decimal(value), sample_size=size), percentage(1)))
    assert bool(doubts) == is_asked
    assert list(row_doubts(Sent(Decimal(value), sample_size=size), percentage(0))) == []
