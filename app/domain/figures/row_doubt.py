"""Warns of a figure that is odd by itself: its parts, its sample, its note."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from app.domain.errors import RuleBroken
from app.domain.figures.figure import ratio_value
from app.domain.figures.row_warning import RowWarning
from app.domain.number import plain
from app.domain.plan.indicator import Indicator, Measure

ONE_DECIMAL = Decimal("0.1")
"""Half of it is never refused: ratios are often rounded to a decimal, whatever the indicator shows."""
SMALL_SAMPLE = 10
FINEST_MARGIN = Decimal("0.1")
"""Smallest margin of a percentage, in points: a finer one would take a sample of about a million."""
TWO_DIGITS = 100
DIGITS_OF_A_GROUP = 3


class Agreement(StrEnum):
    """Result of comparing a value with the ratio of its parts."""

    AGREES = "agrees"
    DOUBTFUL = "doubtful"
    """It was rounded down, or is no further off than a decimal that was rounded."""
    DIFFERS = "differs"


class SentFigure(Protocol):
    """The fields of a figure that are looked at."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def sample_size(self) -> int | None: ...
    @property
    def margin(self) -> Decimal | None: ...
    @property
    def note(self) -> str: ...


def agreement(value: Decimal, ratio: Decimal, indicator: Indicator) -> Agreement:
    """Compares a value with its ratio: within half a unit of the indicator's last decimal they agree."""
    unit, difference = Decimal(1).scaleb(-indicator.decimals), abs(ratio - value)
    is_within_a_decimal = difference * 2 <= ONE_DECIMAL
    if difference * 2 <= unit or (is_within_a_decimal and value % ONE_DECIMAL == 0):
        return Agreement.AGREES
    is_truncated = difference < unit and abs(value) < abs(ratio)
    return Agreement.DOUBTFUL if is_truncated or is_within_a_decimal else Agreement.DIFFERS


def row_doubts(figure: SentFigure, indicator: Indicator) -> Iterator[RowWarning]:
    """Yields a warning for each field of a valid figure that is odd."""
    if figure.value is not None and figure.numerator is not None and figure.denominator is not None:
        yield from _parts(figure.value, figure.numerator, figure.denominator, indicator)
    if figure.sample_size is not None:
        yield from _sample(figure.value, figure.sample_size, indicator)
    if figure.margin and figure.margin < FINEST_MARGIN and indicator.measure is Measure.PERCENTAGE:
        points = plain(figure.margin * 100)
        words = f"A margin of {plain(figure.margin)} points is very small. If it is {points} points, send {points}."
        yield RowWarning("margin_as_fraction", words)
    if is_number_alone(figure.note):
        words = f"The note is the number {figure.note.strip()} alone."
        if figure.value is not None:
            words += _split(figure.value, figure.note.strip())
        yield RowWarning("number_for_note", words)


def is_number_alone(note: str) -> bool:
    return note.strip().isdecimal()


def _parts(
    value: Decimal, numerator: Decimal, denominator: Decimal, indicator: Indicator
) -> Iterator[RowWarning]:
    try:
        ratio = ratio_value(numerator, denominator, indicator)
    except RuleBroken:
        return
    if agreement(value, ratio, indicator) is Agreement.DOUBTFUL:
        made = f"{plain(numerator)} of {plain(denominator)} make {plain(ratio)}"
        words = f"{made}, and the value is {plain(value)}: {indicator.words(ratio)} is expected."
        yield RowWarning("parts_rounded_down", f"{words} Send that, or leave the value out.")


def _sample(value: Decimal | None, size: int, indicator: Indicator) -> Iterator[RowWarning]:
    """Doubts a sample that is too small, or that cannot give a percentage which stands in it without decimals."""
    split = "" if value is None else _split(value, str(size))
    if size < SMALL_SAMPLE:
        words = f"A sample of {size} is very small: {SMALL_SAMPLE} or more are expected."
        yield RowWarning("small_sample", words + split)
    elif split and value is not None and size < TWO_DIGITS and not _is_share_of(value, size, indicator):
        words = f"{indicator.words(value)} is not the share of any number of people in a sample of {size}."
        yield RowWarning("small_sample", words + split)


def _is_share_of(value: Decimal, size: int, indicator: Indicator) -> bool:
    """Whether a percentage with decimals can come of a sample; True for anything else."""
    if indicator.measure is not Measure.PERCENTAGE or not indicator.decimals:
        return True
    people = round(value * size / 100)
    ratio = ratio_value(Decimal(people), Decimal(size), indicator)
    return agreement(value, ratio, indicator) is Agreement.AGREES


def _split(value: Decimal, rest: str) -> str:
    """Asks whether a number with a comma was cut in two, as an unquoted one is in a CSV file."""
    if value != value.to_integral_value():
        return ""
    number = plain(value).replace(",", "")
    written = f"{number}{rest}" if len(rest) == DIGITS_OF_A_GROUP else f"{number}.{rest}"
    return f" If “{number},{rest}” was one number, send {written}."
