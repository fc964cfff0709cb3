"""The kinds of target that a plan can set. Each prints itself in the words plans use."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from app.domain.number import exact
from app.domain.period import Period
from app.domain.plan.target_change import Change, ChangeBy, require_target
from app.domain.plan.target_vocabulary import (
    BASELINE_YEARS,
    CONDITION,
    DEFERRALS,
    SIDES,
    WAYS,
    ZEROES,
    Move,
    Needs,
    Way,
    as_sentence,
    is_comparator,
    is_unit,
    is_year,
    tidy,
)

__all__ = [
    "Amount",
    "Applies",
    "AsWritten",
    "Band",
    "ByYear",
    "Change",
    "ChangeBy",
    "Comparators",
    "CreateBaseline",
    "Deferred",
    "Milestones",
    "Target",
    "Threshold",
    "YearTarget",
]


class Applies(StrEnum):
    """Time for reaching a target: in each financial year, by the plan's end, or by a running total."""

    EACH_YEAR = "each_year"
    BY_PLAN_END = "by_plan_end"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number from zero upwards with its unit: "", "%", "£", a plural noun, or "per 1,000 residents".

    `written` is the plan's own word for zero, if it uses one.
    """

    value: Decimal
    unit: str = ""
    written: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        require_target(exact(self.value) >= 0, "A target's number is zero or more.")
        require_target(
            is_unit(self.unit),
            'A target\'s unit is %, £, a plural noun, or words such as "per 1,000 residents".',
        )
        is_counted = self.unit not in ("%", "£") and self.unit[:4] != "per "
        is_word = self.written in ZEROES and self.value == 0 and is_counted
        require_target(not self.written or is_word, "A word stands for a number of things that is zero.")

    @property
    def words(self) -> str:
        """The digits as the plan wrote them, with separators: 76.0 keeps its zero."""
        number = self.written or f"{self.value:,f}"
        if self.unit == "£":
            return f"£{number}"
        return number + (self.unit if self.unit == "%" else f" {self.unit}" if self.unit else "")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A target on one side of a number; REACH leaves the side to the indicator's polarity.

    `phrase` is the plan's own comparative, so that it prints as written; it changes no meaning.
    """

    way: Way
    amount: Amount
    phrase: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        require_target(
            self.phrase is None or WAYS.get(self.phrase) is self.way, "The phrase says another comparison."
        )

    @property
    def words(self) -> str:
        return as_sentence(f"{self._comparative} {self.amount.words}".strip())

    @property
    def _comparative(self) -> str:
        if self.phrase is not None:
            return self.phrase
        if self.way is Way.BELOW and (self.amount.unit in ("%", "£") or self.amount.unit[:4] == "per "):
            return "lower than"
        return next(phrase for phrase, way in WAYS.items() if way is self.way)


@dataclass(frozen=True, slots=True)
class Band:
    """A target from low to high, both included. `joined` is the plan's own word: "between" or "to"."""

    low: Amount
    high: Amount
    joined: Literal["between", "to"] = field(default="between", compare=False)

    def __post_init__(self) -> None:
        require_target(self.low.unit == self.high.unit, "Both ends of a band have one unit.")
        require_target(self.low.value <= self.high.value, "A band runs from low to high.")
        require_target(not self.low.written and not self.high.written, "A band is written in digits.")

    @property
    def words(self) -> str:
        low = self.low.words if self.low.unit in ("%", "£") else f"{self.low.value:,f}"
        if self.joined == "to":
            return f"{low} to {self.high.words}"
        return f"Between {low} and {self.high.words}"


@dataclass(frozen=True, slots=True)
class ByYear:
    """One target a year. A year is text as the plan wrote it: "2018", "2018-19" or "2018/19".

    `is_by` is set where it wrote one as "8% by 2019-20".
    """

    steps: tuple[tuple[str, "YearTarget"], ...]
    is_by: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        years = [year for year, _ in self.steps]
        require_target(bool(years) and len(set(years)) == len(years), "Each year has one target.")
        require_target(all(is_year(year) for year in years), "A year is written 2018, 2018-19 or 2018/19.")
        require_target(len(years) == 1 or not self.is_by, "One target is to be reached by one year.")

    @property
    def words(self) -> str:
        if self.is_by:
            ((year, step),) = self.steps
            return f"{step.words} by {year}"
        return "; ".join(f"{year}: {step.words[:1].lower()}{step.words[1:]}" for year, step in self.steps)


@dataclass(frozen=True, slots=True)
class Deferred:
    """A target to be set: in a year, as written, or on a condition ("when ..."), or both, or neither."""

    year: str | None = None
    condition: str = ""
    phrase: str = field(default="target to be set", compare=False)

    def __post_init__(self) -> None:
        require_target(self.year is None or is_year(self.year), "A year is written 2018, 2018-19 or 2018/19.")
        fits = not self.condition or (
            CONDITION.fullmatch(self.condition) is not None and tidy(self.condition) == self.condition
        )
        require_target(fits, 'A condition begins with a word such as "when" or "once".')
        require_target(self.phrase in DEFERRALS, "The phrase does not put a target off.")

    @property
    def words(self) -> str:
        lead = self.phrase.upper() if self.phrase in ("tbc", "tbd") else as_sentence(self.phrase)
        year = f" in {self.year}" if self.year else ""
        return f"{lead}{year}{' ' + self.condition if self.condition else ''}"


@dataclass(frozen=True, slots=True)
class CreateBaseline:
    """No target yet: this year's figure becomes the baseline."""

    phrase: str = field(default="create baseline", compare=False)

    def __post_init__(self) -> None:
        require_target(self.phrase in BASELINE_YEARS, "The phrase does not ask for a baseline.")

    @property
    def words(self) -> str:
        return as_sentence(self.phrase)


@dataclass(frozen=True, slots=True)
class Comparators:
    """A target of being better than named areas or averages: all of them, any, or most (more than half)."""

    move: Move
    names: tuple[str, ...]
    needs: Needs = Needs.ALL
    phrase: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        require_target(
            self.phrase is None or SIDES.get(self.phrase) is self.move, "The phrase says another side."
        )
        require_target(
            bool(self.names) and all(is_comparator(name) for name in self.names), "Name each comparator."
        )

    @property
    def words(self) -> str:
        phrase = self.phrase
        if phrase is None:
            phrase = next(side for side, move in SIDES.items() if move is self.move)
        several = "" if self.needs is Needs.ALL else f" {self.needs.value} of"
        names = ", ".join(self.names[:-1])
        listed = f"{names} and {self.names[-1]}" if names else self.names[-1]
        return f"{as_sentence(phrase)}{several} {listed}"


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Words that fit no other kind of target: stored and printed, never judged.

    Only `parse` makes it, so that printed words parse to the same target.
    """

    words: str


YearTarget = Threshold | Band | Change | ChangeBy
"""A target that one year's figure can be held to."""
Target = Threshold | Band | Change | ChangeBy | ByYear | Deferred | CreateBaseline | Comparators | AsWritten
Milestones = tuple[tuple[Period, Decimal], ...]
