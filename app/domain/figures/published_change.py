"""A change published without its levels, compared with the levels once those are sent."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Literal

from app.domain.number import DECIMALS, change_words, plain
from app.domain.period import Period


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """A change as published. `change` is signed, in per cent of the earlier level or in points.

    `words` are the plan's own.
    """

    period: Period
    compared_with: Period
    change: Decimal
    unit: Literal["percent", "points"] = "percent"
    words: str = ""

    @property
    def summary(self) -> str:
        """Formats it with its periods: "up 8% in April to November 2017 on April to November 2016"."""
        return f"{self.amount} in {self.period.short_label} on {self.compared_with.short_label}"

    @property
    def amount(self) -> str:
        if self.change == 0:
            return "unchanged"
        size = plain(abs(self.change))
        return f"{'up' if self.change > 0 else 'down'} {size}{'%' if self.unit == 'percent' else ' points'}"


class Agreement(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Recomputed:
    agreement: Agreement
    words: str


def recompute(
    published: PublishedChange, now: Decimal | None, before: Decimal | None, *, decimals: int | None = None
) -> Recomputed:
    """Compares a published change with its two levels, which the text rounds to `decimals`.

    It agrees when the levels' change comes within half of the last digit that was published: "8%" means
    anything from 7.5% to 8.5%. Unequal lengths, a missing level and per cent of nothing cannot be compared.
    """
    if now is None or before is None:
        return Recomputed(Agreement.CANNOT, f"Published as {published.summary}; the levels are not held.")
    if published.period.months != published.compared_with.months:
        reason = "the two periods are not of one length, and no percentage or points compare them"
        return Recomputed(Agreement.CANNOT, f"Published as {published.summary}; {reason}.")
    if published.unit == "percent" and before <= 0:
        return Recomputed(
            Agreement.CANNOT, f"Published as {published.summary}; there is no per cent of nothing."
        )
    levels = f"{_level(before, decimals)} and then {_level(now, decimals)}"
    points = now - before
    worked = points * 100 / before if published.unit == "percent" else points
    if _same(published.change, worked):
        return Recomputed(Agreement.AGREES, f"Published as {published.amount}; the levels, {levels}, agree.")
    says = change_words(before, now) if published.unit == "percent" else _points(points)
    words = f"Published as {published.amount}; the levels, {levels}, make it {says}."
    if published.unit == "percent" and _same(published.change, points):
        words += " It may have been meant in points."
    return Recomputed(Agreement.DIFFERS, words)


def _level(value: Decimal, decimals: int | None) -> str:
    """Formats a level. By default to one decimal, as ratios have six that nobody published; below one, to six."""
    if decimals is None:
        decimals = 1 if abs(value) >= 1 else DECIMALS
    return plain(round(value, decimals))


def _same(published: Decimal, worked: Decimal) -> bool:
    exponent = published.as_tuple().exponent
    places = min(exponent, 0) if isinstance(exponent, int) else 0
    return abs(published - worked) <= Decimal(1).scaleb(places) / 2


def _points(points: Decimal) -> str:
    rounded = points.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    way = "up" if points > 0 else "down"
    return "unchanged" if points == 0 else f"{way} {plain(abs(rounded), 1)} points"
