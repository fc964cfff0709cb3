"""Targets for a change: better than an earlier figure, no worse than it, or different by an amount."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from app.domain.errors import RuleBroken
from app.domain.number import exact
from app.domain.plan.target_vocabulary import CHANGES, Move, Since, as_sentence, is_year

_NOUNS = {Move.UP: "increase", Move.DOWN: "reduction", Move.BETTER: "improvement"}
_OR_LEVEL = {Move.UP: "no reduction", Move.DOWN: "no increase", Move.BETTER: "no worsening"}
_SUBJECT = re.compile(r"[a-z][a-z'’-]*(?: [a-z][a-z'’-]*){0,11}", re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"(?:to|at|by|on|in|of|from|over|under|with|against|towards|as|for|through|via|or|and|than|across)\b",
    re.IGNORECASE,
)
_NOT_SUBJECTS = re.compile(
    r"\b(?:comparison|compared|relative|than|line|averages?|similar|or|but|not?|nor|if|when|once|unless|until|while|"
    r"after|before|where|without|targets?|baselines?|previous|last|yearly|years?|quarter(?:s|ly)?|month(?:s|ly)?|"
    r"annual(?:ly)?|levels?|by|least|most|more|less|fewer|zero|nil|half|halve|third|double|doubling|(?:[a-z]+-?)fold|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|per|cent|percent|points|increas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing|tions?)|"
    r"decreas(?:e|es|ed|ing)|improv(?:e|es|ed|ing|ements?)|maintain(?:ed|ing)?|keep|rise|fall|cut|lower|raise|"
    r"higher|better|worse|significant(?:ly)?|substantial(?:ly)?|considerabl[ey]|sustained|slight(?:ly)?|material|"
    r"marked(?:ly)?|expected|planned|required|needed|desired|anticipated|tbc|tbd|set|agreed|only|possible|"
    r"continued?|further|year-on-year|minimum|maximum|above|below|within|except|excluding)\b",
    re.IGNORECASE,
)


def require_target(ok: bool, message: str) -> None:
    if not ok:
        raise RuleBroken("target", "bad_target", message)


def is_subject(text: str) -> bool:
    """Whether a change may be "in" it: plain words for one thing, with no amount, time or other move among them."""
    is_plain = _SUBJECT.fullmatch(text) is not None and _NOT_FIRST.match(text) is None
    return is_plain and _NOT_SUBJECTS.search(text) is None


def _require_from(since: Since, base_year: str, subject: str) -> None:
    require_target(not base_year or is_year(base_year), "A year is written 2018, 2018-19 or 2018/19.")
    require_target(not base_year or since is Since.BASELINE, "A change is from one earlier figure.")
    require_target(not subject or is_subject(subject), "Name in plain words the thing that is to change.")


def _from_words(since: Since, base_year: str) -> str:
    if base_year:
        return f" on {base_year}"
    return " on the year before" if since is Since.YEAR_BEFORE else ""


@dataclass(frozen=True, slots=True)
class Change:
    """A target of being better than the baseline or the year before; with `or_level`, no worse.

    `base_year` is the year, as the plan wrote it, that a change is from; where empty, `since` says it. `subject` is
    the thing that the plan says is to change.
    """

    move: Move
    since: Since = Since.BASELINE
    or_level: bool = False
    phrase: str | None = field(default=None, compare=False)
    base_year: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        _require_from(self.since, self.base_year, self.subject)
        fits = self.phrase is None or (
            CHANGES.get(self.phrase) == self._meaning and not self.base_year and not self.subject
        )
        require_target(fits, "The phrase says another change.")

    @property
    def words(self) -> str:
        if self.phrase is not None:
            return as_sentence(self.phrase)
        if not self.base_year and not self.subject:
            return as_sentence(next(phrase for phrase, change in CHANGES.items() if change == self._meaning))
        noun = (_OR_LEVEL if self.or_level else _NOUNS)[self.move]
        subject = f" in {self.subject}" if self.subject else ""
        return as_sentence(f"{noun}{subject}{_from_words(self.since, self.base_year)}")

    @property
    def _meaning(self) -> tuple[Move, Since, bool]:
        return self.move, self.since, self.or_level


@dataclass(frozen=True, slots=True)
class ChangeBy:
    """A change by at least an amount: `unit` "%" of the earlier figure, "points", or "" for the indicator's own.

    `base_year` and `subject` as in Change.
    """

    move: Move
    by: Decimal
    unit: Literal["%", "points", ""] = "%"
    since: Since = Since.BASELINE
    base_year: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        require_target(exact(self.by) > 0, "A change is by a number above zero.")
        _require_from(self.since, self.base_year, self.subject)

    @property
    def words(self) -> str:
        amount = f"{self.by:,f}" + {"%": "%", "points": " points", "": ""}[self.unit]
        subject = f" in {self.subject}" if self.subject else ""
        origin = _from_words(self.since, self.base_year)
        return f"{as_sentence(_NOUNS[self.move])} of {amount}{subject}{origin}"
