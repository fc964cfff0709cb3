"""Rules between indicators: a comparison of two sums that must hold."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.number import plain


class Comparison(StrEnum):
    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    AT_MOST = "at_most"
    BELOW = "below"
    AT_LEAST = "at_least"
    ABOVE = "above"

    @property
    def words(self) -> str:
        return _COMPARISONS[self][0]

    def holds(self, left: Decimal, right: Decimal) -> bool:
        return bool(_COMPARISONS[self][1](left, right))


_COMPARISONS: dict[Comparison, tuple[str, Callable[[Any, Any], Any]]] = {
    Comparison.EQUAL: ("must equal", operator.eq),
    Comparison.NOT_EQUAL: ("must differ from", operator.ne),
    Comparison.AT_MOST: ("must be at most", operator.le),
    Comparison.BELOW: ("must be below", operator.lt),
    Comparison.AT_LEAST: ("must be at least", operator.ge),
    Comparison.ABOVE: ("must be above", operator.gt),
}


class WhenMissing(StrEnum):
    """Outcome of a rule when a figure it needs is missing."""

    SKIP = "skip"
    FAIL = "fail"


class Severity(StrEnum):
    """An error stops the rows that break the rule, a warning asks for a note."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A comparison of two sums of figures. `left` and `right` are codes of indicators.

    The figures of one period and area are added up.
    """

    title: str
    left: tuple[str, ...]
    comparison: Comparison
    right: tuple[str, ...]
    when_missing: WhenMissing = WhenMissing.SKIP
    severity: Severity = Severity.WARNING

    @property
    def codes(self) -> tuple[str, ...]:
        return self.left + self.right

    def words(self, titles: Mapping[str, str]) -> str:
        """Formats the rule: "Burglary + Sexual offences must be at most Total crime". Without a title, by code."""
        left, right = (
            " + ".join(titles.get(code, code) for code in side) for side in (self.left, self.right)
        )
        return f"{left} {self.comparison.words} {right}"

    def broken_by(self, values: Mapping[str, Decimal], titles: Mapping[str, str]) -> str | None:
        """Message that figures, by code, break the rule; None where they keep it, or too few are there to tell."""
        missing = [titles.get(code, code) for code in self.codes if code not in values]
        if missing:
            lacking = f"{self._stated(titles)}, and there is no figure of {' and of '.join(missing)}."
            return lacking if self.when_missing is WhenMissing.FAIL else None
        left, right = _sum(values, self.left), _sum(values, self.right)
        if self.comparison.holds(left, right):
            return None
        return f"{self._stated(titles)}; here it is {plain(left)} against {plain(right)}."

    def _stated(self, titles: Mapping[str, str]) -> str:
        return f"{self.title}: {self.words(titles)}"


def _sum(values: Mapping[str, Decimal], codes: Sequence[str]) -> Decimal:
    return sum((values[code] for code in codes), Decimal(0))
