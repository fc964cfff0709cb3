"""Money in whole pence: parsed from pounds, split, and written for people."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import RuleBroken

MOST_PENCE = 10**13
"""A hundred thousand million pounds: more than any fund, and exact as a JSON number of pounds."""


class Spending(StrEnum):
    """Kind of money. Capital and revenue are never added up."""

    CAPITAL = "capital"
    REVENUE = "revenue"


def pence_of(pounds: Decimal, field: str) -> int:
    """Converts pounds to pence. RuleBroken for a negative amount, one with part of a penny, or one too large."""
    if pounds < 0:
        raise RuleBroken(field, "negative_amount", "An amount of money is 0 or more.")
    pence = pounds * 100
    if pence != pence.to_integral_value():
        raise RuleBroken(field, "part_of_a_penny", "Money has two decimals at most: 1234.50.")
    if pence > MOST_PENCE:
        raise RuleBroken(field, "amount_too_large", f"At most {pounds_words(MOST_PENCE)}.")
    return int(pence)


def pounds_of(pence: int) -> Decimal:
    return Decimal(pence) / 100


def pounds_words(pence: int) -> str:
    """Amount for people: "£1,234", "£1,234.50", "−£150"."""
    sign = "−" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}.{rest:02d}" if rest else f"{sign}£{pounds:,}"


def split_pence(pence: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Splits an amount in proportion to weights, in whole pence that sum to it.

    Left-over pence go to the largest remainders; equal remainders in the order of the weights. ValueError where a
    weight is negative, or none is above 0 and there is money to split.
    """
    total = sum(weights)
    if min(weights, default=0) < 0 or (total == 0 and pence):
        raise ValueError("weights are 0 or more, and at least one is above 0")
    if total == 0:
        return tuple(0 for _ in weights)
    shares = [abs(pence) * weight // total for weight in weights]
    left = abs(pence) - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(abs(pence) * weights[n] % total), n))
    for n in by_remainder[:left]:
        shares[n] += 1
    return tuple(share if pence >= 0 else -share for share in shares)
