"""Parses a target from its words in a published plan."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from app.domain.errors import RuleBroken
from app.domain.plan.target_shape import (
    Amount,
    AsWritten,
    Band,
    ByYear,
    Change,
    ChangeBy,
    Comparators,
    CreateBaseline,
    Deferred,
    Target,
    Threshold,
)
from app.domain.plan.target_vocabulary import (
    BASELINE_YEARS,
    CHANGES,
    COMPOUND_NAMES,
    CONDITION,
    DEFERRALS,
    SIDES,
    WAYS,
    YEAR,
    ZEROES,
    Move,
    Needs,
    Since,
    is_year,
    tidy,
)

LONGEST = 500

_NUMBER = r"(?:[0-9]{1,3}(?:, ?[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,6})?"
_AMOUNT = re.compile(
    rf"(£)? ?({_NUMBER}) ?(?:(%|per ?cent(?![a-z]))|"
    r"(people|[a-z]{1,20}s|per [1-9][0-9,]{0,9} [a-z]{1,20}(?: [a-z]{1,20})?))?",
    re.IGNORECASE,
)
_ZERO = re.compile(rf"([a-z ]{{0,40}})\b({'|'.join(ZEROES)})(?: (people|[a-z]{{1,20}}s))?")
_SIGNS = {
    "≤": "at most ",
    "<=": "at most ",
    "≥": "at least ",
    ">=": "at least ",
    "<": "below ",
    ">": "above ",
}
_SIGN = re.compile(r"^(≤|≥|<=|>=|<|>) ?")
_BETWEEN = re.compile(r"between (.{1,60}?) (?:and|to) (.{1,60})", re.IGNORECASE)
_TO = re.compile(r"([£0-9][^-–]{0,40}?) ?(?:\bto\b|-|–) ?([£0-9][^-–]{0,60})", re.IGNORECASE)
_YEAR_MARK = re.compile(rf"(?<![0-9/-])({YEAR.pattern}) ?: ?")
_BY = re.compile(rf"(.+) by ({YEAR.pattern})", re.IGNORECASE)
_CHANGE_BY = re.compile(
    r"(?:(increase|reduction|reduce|decrease) (?:of|by) (?:at least )?)?(?:a |an )?"
    rf"({_NUMBER}) ?(%|per ?cent(?![a-z])|(?:percentage )?points?)?(?: (increase|reduction|decrease))?"
    r"(?: (on|from|against) (?:the )?(baseline|year before|previous year))?",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(all|any|most) (?:of )?(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def parse(words: str) -> Target:
    """Parses a target. Never raises: ambiguous words and malformed numbers become AsWritten."""
    text = tidy(words)
    if len(text) <= LONGEST:
        for reader in _READERS:
            try:
                target = reader(text)
            except RuleBroken:
                continue
            if target is not None:
                return target
    return AsWritten(text)


def _fixed(text: str) -> Target | None:
    lower = text.lower()
    if lower in CHANGES:
        return Change(*CHANGES[lower], phrase=lower)
    if lower in BASELINE_YEARS:
        return CreateBaseline(lower)
    return None


def _deferred(text: str) -> Target | None:
    lower = text.lower()
    phrase = next((each for each in DEFERRALS if lower == each or lower.startswith(each + " ")), None)
    if phrase is None:
        return None
    rest = text[len(phrase) :].strip()
    year = None
    if rest[:3].lower() == "in " and (match := YEAR.match(rest, 3)) and rest[match.end() :][:1] in ("", " "):
        year, rest = match[0], rest[match.end() :].strip()
    if rest and not CONDITION.fullmatch(rest):
        return None
    return Deferred(year, rest, phrase)


def _by_year(text: str) -> Target | None:
    marks = list(_YEAR_MARK.finditer(text))
    if not marks or marks[0].start() != 0:
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    steps = []
    for mark, end in zip(marks, ends, strict=True):
        step = _one_year(tidy(text[mark.end() : end].rstrip(" ;,.")))
        if step is None:
            return None
        steps.append((mark[1], step))
    return ByYear(tuple(steps))


def _by_a_year(text: str) -> Target | None:
    """Parses "8% by 2019-20": one step, judged in that year."""
    match = _BY.fullmatch(text)
    step = _one_year(match[1]) if match is not None and is_year(match[2]) else None
    return ByYear(((match[2], step),), is_by=True) if match is not None and step is not None else None


def _one_year(text: str) -> Threshold | Band | None:
    return _band(text) or _threshold(text)


def _band(text: str) -> Band | None:
    joined: Literal["between", "to"] = "between"
    match = _BETWEEN.fullmatch(text)
    if match is None:
        joined, match = "to", _TO.fullmatch(text)
    if match is None:
        return None
    low, high = _amount(match[1]), _amount(match[2])
    if low is None or high is None:
        return None
    if high.unit and not low.unit:
        low = Amount(low.value, high.unit)
    elif low.unit == "£" and not high.unit:
        high = Amount(high.value, "£")
    return Band(low, high, joined)


def _threshold(text: str) -> Threshold | None:
    text = _SIGN.sub(lambda sign: _SIGNS[sign[1]], text)
    lower = text.lower()
    if lower.startswith("less than or equal to "):
        text = lower = "at most " + lower[22:]
    if lower.startswith("greater than or equal to "):
        text = lower = "at least " + lower[25:]
    at = next((i for i, c in enumerate(text) if c == "£" or c in "0123456789"), None)
    if at is None:
        return _zero(lower)
    phrase = lower[:at].strip()
    amount = _amount(text[at:])
    if phrase not in WAYS or amount is None:
        return None
    return Threshold(WAYS[phrase], amount, phrase)


def _zero(lower: str) -> Threshold | None:
    """Parses "Zero", "Reduce to nil", "Zero deaths"."""
    match = _ZERO.fullmatch(lower)
    if match is None or match[1].rstrip() not in WAYS:
        return None
    phrase = match[1].rstrip()
    return Threshold(WAYS[phrase], Amount(Decimal(0), match[3] or "", match[2]), phrase)


def _amount(text: str) -> Amount | None:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    pound, number, percent, noun = match.groups()
    if pound and (percent or noun):
        return None
    unit = "£" if pound else "%" if percent else (noun or "").lower()
    return Amount(_number(number), unit)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(" ", ""))


def _change_by(text: str) -> Target | None:
    match = _CHANGE_BY.fullmatch(text)
    if match is None or bool(match[1]) == bool(match[4]):
        return None
    move: Literal[Move.UP, Move.DOWN] = Move.UP if (match[1] or match[4]).lower() == "increase" else Move.DOWN
    written = (match[3] or "").lower()
    unit: Literal["%", "points", ""] = "points" if "point" in written else "%" if written else ""
    year_before = (match[6] or "baseline").lower() != "baseline"
    return ChangeBy(move, _number(match[2]), unit, Since.YEAR_BEFORE if year_before else Since.BASELINE)


def _comparators(text: str) -> Target | None:
    lower = text.lower()
    phrase = next((side for side in SIDES if lower.startswith(side + " ")), None)
    if phrase is None:
        return None
    rest = text[len(phrase) :].strip()
    several = _SEVERAL.match(rest)
    needs = Needs(several[1].lower()) if several else Needs.ALL
    names = _names(rest[several.end() :] if several else rest)
    return Comparators(SIDES[phrase], names, needs, phrase)


def _names(text: str) -> tuple[str, ...]:
    """Splits a list of names at commas and "and", but not at an "and" inside a known area's name."""
    marks = {name: f"\0{i}\0" for i, name in enumerate(COMPOUND_NAMES)}
    for name, mark in marks.items():
        text = re.sub(rf"\b{name}\b", mark, text, flags=re.IGNORECASE)
    listed = re.split(r", and |, | and ", text)
    for name, mark in marks.items():
        listed = [part.replace(mark, name) for part in listed]
    return tuple(listed)


_READERS = (_fixed, _deferred, _by_year, _band, _threshold, _by_a_year, _change_by, _comparators)
