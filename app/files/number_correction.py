"""Says what to write instead of a text that is no plain number, as it fits the column and the indicator's measure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.figures.validity import MAY_BE_NEGATIVE
from app.domain.number import plain
from app.domain.plan.indicator import Measure
from app.files.mark import QUALIFIERS, is_revised, status_of

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
RATIOS = frozenset({Measure.PERCENTAGE, Measure.RATE, Measure.MEAN})
"""Measures whose figures may have a numerator and a denominator."""
_ZERO_OR_MORE = frozenset({"numerator", "denominator", "sample_size", "margin", "margin_level", "tolerance"})
_SEPARATED = re.compile(r"(-?[0-9]{1,3}(?:([,\s])[0-9]{3})(?:\2[0-9]{3})*)(\.[0-9]+)?")
_LETTERS = str.maketrans("oil", "011")
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_SCALE_WORDS = {3: "thousands", 6: "millions", 9: "thousand millions"}


@dataclass(frozen=True, slots=True)
class NumberField:
    """What was expected where the text stands: the column, the row's measure if known, whether a whole number."""

    column: str
    measure: Measure | None
    is_count: bool

    @property
    def is_of_figure(self) -> bool:
        """Whether the figure's missing reason and qualifier are about this number: not about a sample or a margin."""
        return self.column in ("value", "numerator", "denominator")

    @property
    def may_have_parts(self) -> bool:
        """Whether the figure may be sent as a numerator and a denominator."""
        return self.is_of_figure and (self.measure is None or self.measure in RATIOS)

    @property
    def may_be_negative(self) -> bool:
        return self.column not in _ZERO_OR_MORE and (self.measure is None or self.measure in MAY_BE_NEGATIVE)

    @property
    def may_be_pounds(self) -> bool:
        return self.measure is Measure.MONEY or (self.measure is None and not self.is_count)

    @property
    def noun(self) -> str:
        """What the number is, with its article, to begin a sentence."""
        if self.measure is None or self.column in _ZERO_OR_MORE:
            return "This"
        return self.measure.with_article.capitalize()


Build = Callable[[re.Match[str], NumberField], str | None]


def digits_of(text: str) -> str | None:
    """Digits of a number written with separators: "1,407" as "1407"; None where they are grouped otherwise."""
    if PLAIN_NUMBER.fullmatch(text):
        return text
    match = _SEPARATED.fullmatch(text)
    return re.sub(r"[,\s]", "", match[1]) + (match[3] or "") if match else None


def write_as(digits: str | None, field: NumberField) -> str | None:
    """Suggests the digits, unless they are a fraction where things are counted, or below zero where none can be."""
    if digits is None:
        return None
    if digits.startswith("-") and not field.may_be_negative:
        return f". {field.noun} is never below zero: write {digits[1:]} if that is meant."
    if field.is_count and "." in digits and digits.rpartition(".")[2].strip("0"):
        return ". Write it in digits alone, with nothing between them."
    return f". Write it as {digits.partition('.')[0] if field.is_count else digits}."


def footnote(number: str, mark: str) -> str | None:
    digits = digits_of(number)
    if digits is None:
        return None
    advice = f". Write {digits}, and put the mark {mark} in “note”."
    if status := status_of(mark):
        advice += f" If the mark means {status}, write {status} in “status” instead."
    if is_revised(mark):
        advice += " If it means revised, say in “reason” why it changed."
    return advice


def status_beside(number: str, mark: str, field: NumberField) -> str | None:
    """Advice for a status beside a number. A p beside money may also be pence."""
    digits = digits_of(number)
    if digits is None:
        return None
    if mark == "p" and field.measure is Measure.MONEY and "." not in digits:
        pounds = plain(Decimal(digits).scaleb(-2)).replace(",", "")
        pence = f". If it is in pence, write {pounds}."
        provisional = f" If it is provisional, write {digits} here, and provisional in “status”."
        return pence + provisional if field.is_of_figure else pence
    if is_revised(mark):
        return f". If it means revised, write {digits} here, and say in “reason” why it changed."
    status = status_of(mark)
    return f". Write {digits} here, and {status} in “status”." if status else None


def qualified(number: str, mark: str, field: NumberField) -> str | None:
    digits, qualifier = digits_of(number), QUALIFIERS[mark]
    if digits is None:
        return None
    if not field.is_of_figure:
        return f". Write {digits} alone, and say in “note” what the mark means."
    advice = f". Write {digits} in “{field.column}” and {qualifier} in “qualifier”."
    if qualifier == "under":
        advice += " If the number is withheld because it is small, leave it empty and write confidential in “missing”."
    return advice


def number_range(match: re.Match[str], field: NumberField) -> str | None:
    first, last = digits_of(match[1]), digits_of(match[2])
    if first is None or last is None:
        return None
    if not field.is_of_figure:
        return f". Write one number in “{field.column}”, and say the rest in “note”."
    return (
        f". Write one number in “{field.column}”, and about, over or under in “qualifier”. If it is withheld because"
        " it is small, leave it empty and write confidential in “missing”."
    )


def brackets(match: re.Match[str], field: NumberField) -> str | None:
    digits = digits_of(match[1])
    if digits is None or digits.startswith("-"):
        return None
    if not field.may_be_negative:
        return f". Write {digits}, and say in “note” what the sign means. {field.noun} is never below zero."
    return (
        f". If it is below zero, write -{digits}. If not, write {digits}, and say in “note” what the"
        " sign means."
    )


def scaled(match: re.Match[str], field: NumberField) -> str | None:
    """Advice for a number in thousands or millions, which no percentage is."""
    digits = digits_of(match[1])
    if digits is None or field.measure is Measure.PERCENTAGE:
        return None
    in_full = plain(Decimal(digits).scaleb(_SCALES[match[2]])).replace(",", "")
    if field.is_count and "." in in_full:
        return ". Write the number in full, without decimals."
    return f". Write the number in full: {in_full} if it is in {_SCALE_WORDS[_SCALES[match[2]]]}."


def exponent(match: re.Match[str], field: NumberField) -> str | None:
    return write_as(plain(Decimal(match[0])).replace(",", ""), field)


def unit_beside(match: re.Match[str], _field: NumberField) -> str | None:
    digits, unit = digits_of(match[1]), match[2]
    return f". Write {digits} alone, without “{unit}”." if digits else None


def year_to_date(match: re.Match[str], _field: NumberField) -> str | None:
    digits = digits_of(match[1])
    if digits is None:
        return None
    return f". If it is the year to date, write what is of this period alone. If it is not, write {digits}."


def letter_for_digit(match: re.Match[str], _field: NumberField) -> str | None:
    digits = digits_of(match[0].translate(_LETTERS))
    return f". There is a letter among its digits. If {digits} is meant, write that." if digits else None


def other_currency(match: re.Match[str], field: NumberField) -> str | None:
    digits = digits_of(match[1])
    if digits is None or not field.may_be_pounds:
        return write_as(digits, field)
    return f". If it is in pounds, write {digits}."


def number_of_number(match: re.Match[str], field: NumberField) -> str | None:
    """Advice for a share such as "5 of 10": its two parts, where the measure has any."""
    numerator, denominator = digits_of(match[1]), digits_of(match[2])
    if numerator is None or denominator is None:
        return None
    if field.may_have_parts:
        return f". Write {numerator} in “numerator” and {denominator} in “denominator”."
    return f". {field.noun} is one number, not a share of another: write the one that is meant."


def odd_groups(match: re.Match[str], field: NumberField) -> str:
    together = re.sub(r"[,\s]", "", match[0])
    pointed = re.sub(r"[,\s]+", ".", match[0])
    may_be_pointed = pointed.count(".") == 1 and not field.is_count
    choice = f"{together}, or {pointed}" if may_be_pointed else together
    return f". Its digits are not grouped in thousands. Write the one number that is meant, such as {choice}."


def separated(match: re.Match[str], field: NumberField) -> str | None:
    return write_as(digits_of(match[0]), field)
