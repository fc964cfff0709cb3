"""Variations of a grant: the kind that follows from what changes, and the change as a difference."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeVar

from app.domain.day import day_words
from app.domain.errors import RuleBroken
from app.domain.grants.money import Spending, pounds_words
from app.domain.period import Period


class VariationKind(StrEnum):
    CORRECTION = "correction"
    VIREMENT = "virement"
    REPROFILE = "reprofile"
    UPLIFT = "uplift"
    REDUCTION = "reduction"
    CARRY_OVER = "carry_over"
    NO_COST_EXTENSION = "no_cost_extension"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    VariationKind.CORRECTION: "Something typed in error",
    VariationKind.VIREMENT: "Money moved between lines",
    VariationKind.REPROFILE: "Money moved between quarters",
    VariationKind.UPLIFT: "More money",
    VariationKind.REDUCTION: "Less money",
    VariationKind.CARRY_OVER: "Money moved to another year",
    VariationKind.NO_COST_EXTENSION: "More time, no more money",
}


class AmountKey(NamedTuple):
    line: str
    quarter: Period
    spending: Spending


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version of a grant says about money and dates. Amounts in pence."""

    starts: date
    ends: date
    amounts: Mapping[AmountKey, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class VirementLimit:
    """A fund's threshold below which a virement is recorded, not asked for: within both."""

    percent: int
    amount: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a preview."""

    what: str
    before: str
    after: str


def variation_kind(before: Terms, after: Terms, *, is_correction: bool = False) -> VariationKind:
    """The kind that follows from what changes: the total first, then years, lines, quarters, dates.

    RuleBroken where nothing changes, or the grant would become shorter without less money.
    """
    if before == after:
        raise RuleBroken("changes", "nothing_changes", "Say what changes: the money, the lines or the dates.")
    if is_correction:
        return VariationKind.CORRECTION
    if before.total != after.total:
        return VariationKind.UPLIFT if after.total > before.total else VariationKind.REDUCTION
    for by, kind in (
        (_year, VariationKind.CARRY_OVER),
        (_line_and_spending, VariationKind.VIREMENT),
        (_quarter, VariationKind.REPROFILE),
    ):
        if sums_by(before, by) != sums_by(after, by):
            return kind
    if before.amounts != after.amounts:
        return VariationKind.REPROFILE
    if after.ends > before.ends:
        return VariationKind.NO_COST_EXTENSION
    raise RuleBroken("ends", "not_longer", "Without a change of money, a grant can only be given more time.")


def moved_between_lines(before: Terms, after: Terms) -> int:
    """What some lines gain, which is what others lose where the total stays."""
    was, now = sums_by(before, _line_and_spending), sums_by(after, _line_and_spending)
    return sum(max(0, now.get(key, 0) - was.get(key, 0)) for key in now)


def moves_between_spending(before: Terms, after: Terms) -> bool:
    """Whether money moves between capital and revenue, which only the funder decides."""
    return sums_by(before, _spending) != sums_by(after, _spending)


def is_recorded_only(before: Terms, after: Terms, limit: VirementLimit | None) -> bool:
    """Whether a virement is small enough to be recorded and told in the next report, and not asked for."""
    if limit is None or moves_between_spending(before, after):
        return False
    if variation_kind(before, after) is not VariationKind.VIREMENT:
        return False
    moved = moved_between_lines(before, after)
    return moved <= limit.amount and moved * 100 <= before.total * limit.percent


def differences(before: Terms, after: Terms) -> tuple[Difference, ...]:
    """What a variation changes, in words: total, dates, then each line and quarter that differs."""
    return tuple(_differences(before, after))


K = TypeVar("K", bound=Hashable)


def sums_by(terms: Terms, part: Callable[[AmountKey], K]) -> dict[K, int]:
    """Sums of the amounts by a part of their keys; parts that sum to 0 are left out."""
    sums: dict[K, int] = defaultdict(int)
    for key, pence in terms.amounts.items():
        sums[part(key)] += pence
    return {key: pence for key, pence in sums.items() if pence}


def _differences(before: Terms, after: Terms) -> Iterator[Difference]:
    if before.total != after.total:
        yield Difference("Amount", pounds_words(before.total), pounds_words(after.total))
    for what, was, now in (("Starts", before.starts, after.starts), ("Ends", before.ends, after.ends)):
        if was != now:
            yield Difference(what, day_words(was), day_words(now))
    keys = sorted({*before.amounts, *after.amounts}, key=lambda key: (key.line, key.quarter, key.spending))
    for key in keys:
        was_pence, now_pence = before.amounts.get(key, 0), after.amounts.get(key, 0)
        if was_pence != now_pence:
            name = f"{key.line}, {key.quarter.short_label}" + (
                ", capital" if key.spending is Spending.CAPITAL else ""
            )
            yield Difference(name, pounds_words(was_pence), pounds_words(now_pence))


def _year(key: AmountKey) -> Period:
    return key.quarter.financial_year()


def _line_and_spending(key: AmountKey) -> tuple[str, Spending]:
    return key.line, key.spending


def _quarter(key: AmountKey) -> Period:
    return key.quarter


def _spending(key: AmountKey) -> Spending:
    return key.spending
