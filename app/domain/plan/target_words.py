"""Parses a target from its words in a published plan."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from app.domain.errors import RuleBroken
from app.domain.plan.target_change_words import parse_change
from app.domain.plan.target_deadline import split_deadline
from app.domain.plan.target_limit import spell_limit
from app.domain.plan.target_number import NUMBER, parse_number
from app.domain.plan.target_shape import (
    Amount,
    AsWritten,
    Band,
    ByYear,
    Change,
    Comparators,
    CreateBaseline,
    Deferred,
    Target,
    Threshold,
    YearTarget,
)
from app.domain.plan.target_vocabulary import (
    BASELINE_YEARS,
    CHANGES,
    COMPOUND_NAMES,
    CONDITION,
    DEFERRALS,
    NOUN,
    PER,
    SIDES,
    WAYS,
    YEAR,
    ZEROES,
    Needs,
    Way,
    is_unit,
    tidy,
)

LONGEST = 500

_AMOUNT = re.compile(
    rf"(£)? ?({NUMBER}) ?(?:(%|per ?cent(?![a-z]))|({PER}|{NOUN}))?",
    re.IGNORECASE,
)
_ZERO = re.compile(rf"([a-z ]{{0,40}})\b({'|'.join(ZEROES)})(?: (people|[a-z]{{1,20}}s))?")
_BETWEEN = re.compile(r"between (.{1,60}?) (?:and|to) (.{1,60})", re.IGNORECASE)
_TO = re.compile(r"([£0-9][^-–]{0,40}?) ?(?:\bto\b|-|–) ?([£0-9][^-–]{0,60})", re.IGNORECASE)
_YEAR_MARK = re.compile(rf"(?<![0-9/-])({YEAR.pattern}) ?: ?")
_COMPARED = r"similar|comparable|like|alike|closely|nearly|deprived|affluent|rural|urban|recent|statistically"
_SEVERAL = re.compile(rf"(all|any|most(?! (?:{_COMPARED})\b)) (?:of )?(?=\S)", re.IGNORECASE)
_EACH_YEAR = re.compile(
    r"(.+?),? (?:each|every|per|a|in each|in any(?: one)?|in every) (?:financial )?(?:year|annum)|(.+?) annually",
    re.IGNORECASE,
)
_THAN = frozenset(
    phrase for phrase, way in WAYS.items() if way in (Way.BELOW, Way.ABOVE) and phrase != "fewer than"
)
_MAY_BE_YEAR = re.compile(r"(?:199|20[0-4])[0-9]")
"""After "lower than", a number so written may be a year: only "2,016" is surely none."""
_PER_WORDS = (("per thousand", "per 1,000"), ("per hundred thousand", "per 100,000"))
_SHORT_YEAR = re.compile(r"(?<![0-9/])([0-9]{2})/([0-9]{2})(?![0-9/])")


@lru_cache(maxsize=4096)
def parse(words: str) -> Target:
    """Parses a target. Never raises: ambiguous words and malformed numbers become AsWritten."""
    text = tidy(words)
    if len(text) <= LONGEST:
        spelled = _spell(text)
        for reader in _READERS:
            try:
                target = reader(spelled)
            except RuleBroken:
                continue
            if target is not None:
                return target
    return AsWritten(text)


def _spell(text: str) -> str:
    """Writes years and rates as the readers have them: "16/17" as "2016/17", "per thousand" as "per 1,000"."""
    text = _SHORT_YEAR.sub(_long_year, text)
    for written, digits in _PER_WORDS:
        text = re.sub(rf"\b{written}\b", digits, text, flags=re.IGNORECASE)
    return re.sub(r"(\bper [1-9][0-9,]*) of (?:the )?", r"\1 ", text, flags=re.IGNORECASE)


def _long_year(match: re.Match[str]) -> str:
    year, following = int(match[1]), int(match[2])
    return f"20{match[0]}" if following == (year + 1) % 100 else match[0]


def _fixed_change(text: str) -> Change | None:
    lower = text.lower()
    return Change(*CHANGES[lower], phrase=lower) if lower in CHANGES else None


def _baseline_year(text: str) -> Target | None:
    lower = text.lower()
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
    split = split_deadline(text)
    step = _one_year(split[0]) if split is not None else None
    return ByYear(((split[1], step),), is_by=True) if split is not None and step is not None else None


def _one_year(text: str) -> YearTarget | None:
    return _band(text) or _threshold(text) or _fixed_change(text) or parse_change(text)


def _band(text: str) -> Band | None:
    joined: Literal["between", "to"] = "between"
    text = _without_each_year(text)
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
    lower = spell_limit(_without_each_year(text))
    at = next((i for i, c in enumerate(lower) if c == "£" or c in "0123456789"), None)
    if at is None:
        return _zero(lower)
    phrase, amount = lower[:at].strip(), _amount(lower[at:])
    if phrase not in WAYS or amount is None or (phrase in _THAN and _MAY_BE_YEAR.fullmatch(lower[at:])):
        return None
    return Threshold(WAYS[phrase], amount, phrase)


def _without_each_year(text: str) -> str:
    match = _EACH_YEAR.fullmatch(text)
    return text if match is None else match[1] or match[2]


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
    return Amount(parse_number(number), unit) if is_unit(unit) else None


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


_READERS = (
    _fixed_change, _baseline_year, _deferred, _by_year, _band, _threshold, _by_a_year, parse_change, _comparators,
)  # fmt: skip
