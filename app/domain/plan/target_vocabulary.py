"""Vocabulary of published targets: phrases and the comparisons they mean, years, names of areas."""

import re
from enum import StrEnum

NOUN = r"(?:[a-z]{1,20} ){0,2}(?:people|[a-z]{1,20}s)"
"""Things counted: "offences", "repeat victims", "young people"."""
PER = r"per [1-9][0-9,]{0,9}(?: [a-z]{1,20}){0,2}"
_UNIT = re.compile(rf"|%|£|{NOUN}|{PER}")
_NOT_UNITS = re.compile(
    r"\b(?:less|plus|times|minus|others|is|was|as|this|its|points|levels|figures|averages|baselines|years|or|and|"
    r"to|no|not|by|in|on|at|of|than|per|for|from|with|more|fewer|above|below|over|under|better|worse|higher|lower|"
    r"same|last|previous|percent|percentage|increases|decreases|reductions|improvements|changes|each|every|least|"
    r"most|further)\b"
)
YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[-/][0-9]{2})?")
CONDITION = re.compile(
    r"(?!in (?:19|20)[0-9]{2}(?![0-9]))"
    r"(?:when|once|after|following|until|from|by|in|for|subject to|if) \S[^\n]{0,300}",
    re.IGNORECASE,
)
COMPARATOR = re.compile(r"[A-Za-z][A-Za-z&'’() -]{0,80}")


class Way(StrEnum):
    BELOW = "below"
    ABOVE = "above"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    REACH = "reach"


class Move(StrEnum):
    """A direction. BETTER is the one that the indicator's polarity prefers."""

    UP = "up"
    DOWN = "down"
    BETTER = "better"


class Since(StrEnum):
    BASELINE = "baseline"
    YEAR_BEFORE = "year_before"


class Needs(StrEnum):
    """Number of comparators that have to be beaten."""

    ALL = "all"
    ANY = "any"
    MOST = "most"


WAYS = {
    "fewer than": Way.BELOW, "lower than": Way.BELOW, "less than": Way.BELOW, "below": Way.BELOW,
    "under": Way.BELOW, "reduce to below": Way.BELOW,
    "greater than": Way.ABOVE, "more than": Way.ABOVE, "higher than": Way.ABOVE, "above": Way.ABOVE,
    "over": Way.ABOVE, "increase to above": Way.ABOVE,
    "at most": Way.AT_MOST, "no more than": Way.AT_MOST, "not more than": Way.AT_MOST,
    "no higher than": Way.AT_MOST, "no greater than": Way.AT_MOST, "a maximum of": Way.AT_MOST,
    "up to": Way.AT_MOST, "reduce to": Way.AT_MOST, "reduction to": Way.AT_MOST,
    "at least": Way.AT_LEAST, "no less than": Way.AT_LEAST, "not less than": Way.AT_LEAST,
    "no fewer than": Way.AT_LEAST, "no lower than": Way.AT_LEAST, "a minimum of": Way.AT_LEAST,
    "increase to": Way.AT_LEAST,
    "": Way.REACH, "reach": Way.REACH, "maintain": Way.REACH, "maintain at": Way.REACH,
}  # fmt: skip

ZEROES = ("zero", "nil")
"""Words that a plan writes for 0."""

CHANGES = {
    "increase": (Move.UP, Since.BASELINE, False),
    "increasing": (Move.UP, Since.BASELINE, False),
    "an increase": (Move.UP, Since.BASELINE, False),
    "reduction": (Move.DOWN, Since.BASELINE, False),
    "reduce": (Move.DOWN, Since.BASELINE, False),
    "a reduction": (Move.DOWN, Since.BASELINE, False),
    "decrease": (Move.DOWN, Since.BASELINE, False),
    "improvement": (Move.BETTER, Since.BASELINE, False),
    "improve": (Move.BETTER, Since.BASELINE, False),
    "better than baseline": (Move.BETTER, Since.BASELINE, False),
    "continued increase": (Move.UP, Since.YEAR_BEFORE, False),
    "increase on the year before": (Move.UP, Since.YEAR_BEFORE, False),
    "continued reduction": (Move.DOWN, Since.YEAR_BEFORE, False),
    "reduction on the year before": (Move.DOWN, Since.YEAR_BEFORE, False),
    "continued improvement": (Move.BETTER, Since.YEAR_BEFORE, False),
    "better than the year before": (Move.BETTER, Since.YEAR_BEFORE, False),
    "no reduction": (Move.UP, Since.BASELINE, True),
    "maintain or increase": (Move.UP, Since.BASELINE, True),
    "no increase": (Move.DOWN, Since.BASELINE, True),
    "maintain or reduce": (Move.DOWN, Since.BASELINE, True),
    "maintain or improve": (Move.BETTER, Since.BASELINE, True),
    "maintain": (Move.BETTER, Since.BASELINE, True),
    "no reduction on the year before": (Move.UP, Since.YEAR_BEFORE, True),
    "no increase on the year before": (Move.DOWN, Since.YEAR_BEFORE, True),
    "no worse than the year before": (Move.BETTER, Since.YEAR_BEFORE, True),
}

_MOVES = {
    "increase": Move.UP, "reduction": Move.DOWN, "decrease": Move.DOWN, "improvement": Move.BETTER,
}  # fmt: skip
_VERBS = {"increase": Move.UP, "reduce": Move.DOWN, "decrease": Move.DOWN, "improve": Move.BETTER}
for _yearly in ("year on year", "year-on-year"):
    CHANGES.update({f"{_yearly} {noun}": (move, Since.YEAR_BEFORE, False) for noun, move in _MOVES.items()})
    CHANGES.update({f"{verb} {_yearly}": (move, Since.YEAR_BEFORE, False) for verb, move in _VERBS.items()})
for _on in ("continued", "continuing"):
    CHANGES.update({f"{_on} {noun}": (move, Since.YEAR_BEFORE, False) for noun, move in _MOVES.items()})
CHANGES.update({f"continue to {verb}": (move, Since.YEAR_BEFORE, False) for verb, move in _VERBS.items()})

_LEADS = {
    "reduction on": Move.DOWN, "reduction from": Move.DOWN, "lower than": Move.DOWN, "fewer than": Move.DOWN,
    "below": Move.DOWN, "increase on": Move.UP, "increase from": Move.UP, "higher than": Move.UP,
    "more than": Move.UP, "above": Move.UP, "better than": Move.BETTER, "improvement on": Move.BETTER,
}  # fmt: skip
_POINTS = {
    "baseline": Since.BASELINE, "the baseline": Since.BASELINE, "last year": Since.YEAR_BEFORE,
    "the year before": Since.YEAR_BEFORE, "previous year": Since.YEAR_BEFORE,
    "the previous year": Since.YEAR_BEFORE,
}  # fmt: skip
CHANGES.update(
    {
        f"{lead} {point}": (move, since, False)
        for lead, move in _LEADS.items()
        for point, since in _POINTS.items()
    }
)

SIDES = {
    "below": Move.DOWN, "lower than": Move.DOWN, "fewer than": Move.DOWN, "less than": Move.DOWN,
    "reduction in comparison to": Move.DOWN, "reduction in comparison with": Move.DOWN,
    "reduction compared to": Move.DOWN, "reduction compared with": Move.DOWN,
    "above": Move.UP, "higher than": Move.UP, "greater than": Move.UP, "more than": Move.UP,
    "increase in comparison to": Move.UP, "increase in comparison with": Move.UP,
    "increase compared to": Move.UP, "increase compared with": Move.UP,
    "better than": Move.BETTER, "improvement in comparison to": Move.BETTER,
    "improvement compared to": Move.BETTER, "improvement compared with": Move.BETTER,
}  # fmt: skip

DEFERRALS = (
    "target to be set", "to be set", "target to be agreed", "to be agreed", "target to be confirmed",
    "to be confirmed", "target to be determined", "to be determined", "target tbc", "tbc", "tbd",
)  # fmt: skip
BASELINE_YEARS = (
    "create baseline", "create a baseline", "baseline year", "establish baseline", "establish a baseline",
    "set baseline", "set a baseline", "baseline to be established", "baseline to be set",
)  # fmt: skip

COMPOUND_NAMES = (
    "England and Wales", "Avon and Somerset", "Devon and Cornwall", "Yorkshire and the Humber",
    "Bath and North East Somerset", "Tyne and Wear", "Hampshire and Isle of Wight",
    "Cambridgeshire and Peterborough", "Brighton and Hove", "Kingston and Richmond",
)  # fmt: skip
_NOT_COMPARATORS = re.compile(
    r"\b(?:baseline|target|previous|last|year|years|quarter|month|than|by|if|when|unless|or|but|while|until|"
    r"before|expected|planned|current|present|of|zero|nil|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


def tidy(words: str) -> str:
    """Collapses white space, and strips it and full stops from the end."""
    return " ".join(words.split()).rstrip(". ")


def as_sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def is_unit(text: str) -> bool:
    """Whether it is a unit of a target's number; none is, and so is the plural of what is counted."""
    if _UNIT.fullmatch(text) is None:
        return False
    return text.startswith("per ") or _NOT_UNITS.search(text) is None


def is_year(text: str) -> bool:
    """Whether it names a calendar year, or a financial year whose second half follows its first."""
    if YEAR.fullmatch(text) is None:
        return False
    return len(text) == 4 or int(text[5:]) == (int(text[:4]) + 1) % 100


def is_comparator(name: str) -> bool:
    """Whether a list of comparators that contains the name parses back to it."""
    if COMPARATOR.fullmatch(name) is None or tidy(name) != name or _NOT_COMPARATORS.search(_hidden(name)):
        return False
    return re.search(r"\band\b", _hidden(name), re.IGNORECASE) is None


def _hidden(name: str) -> str:
    return "Area" if name in COMPOUND_NAMES else name
