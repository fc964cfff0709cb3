"""Tests of whether a difference is more than chance. Plain floats inside; exact values stay outside."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from math import comb, sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


@lru_cache(maxsize=64)
def z_of(level: float) -> float:
    """Two-sided normal quantile for a confidence level in per cent, held to 50 to 99.9: 95 gives 1.96."""
    return NormalDist().inv_cdf(0.5 + min(max(level, 50.0), 99.9) / 200)


@lru_cache(maxsize=256)
def t95(freedom: int) -> float:
    """Two-sided 95% quantile of Student's t, by Fisher and Cornish's expansion; within 0.002 from 10 up."""
    z = Z95
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def wilson(successes: float, of: float, z: float = Z95) -> tuple[float, float]:
    """Score interval for a proportion (Wilson 1927)."""
    p = successes / of
    centre = p + z * z / (2 * of)
    half = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def newcombe(after: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
    """95% interval for the difference of two independent proportions, as (successes, of) pairs.

    Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10:
    the score intervals of both, squared and added. In proportions, not points.
    """
    p1, p2 = after[0] / after[1], before[0] / before[1]
    low1, high1 = wilson(*after)
    low2, high2 = wilson(*before)
    low = p1 - p2 - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    return low, p1 - p2 + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)


def dispersion(pairs: Iterable[tuple[float, float]]) -> tuple[float, int]:
    """Variance of like-for-like counts over that of Poisson counts, at least 1, and the number of pairs.

    `pairs` are (same months a year later, earlier). Given their sum a pair is binomial; the growth common to
    the whole series is taken out, and the rest, as Pearson's chi-square over its degrees of freedom
    (McCullagh and Nelder 1989, section 4.5), is the dispersion.
    """
    later = earlier = squares = 0.0
    pair_count = 0
    for after, before in pairs:
        if both := after + before:
            pair_count += 1
            later += after
            earlier += before
            squares += after * after / both
    if pair_count < 2 or not later or not earlier:
        return 1.0, pair_count
    # The sum of (x - n p)^2 / (n p q), multiplied out so that one pass does.
    p = later / (later + earlier)
    chi = (squares - p * later) / (p * (1 - p))
    return max(1.0, chi / (pair_count - 1)), pair_count


def counts_differ(after: float, before: float, phi: float, pairs: int) -> bool:
    """Whether two counts over equal months differ at 5%, allowing for dispersion `phi` from `pairs` pairs.

    Under no change, half of the sum falls in each; t with pairs - 1 degrees of freedom, phi being estimated.
    """
    both = after + before
    return both > 0 and abs(after - before) > t95(pairs - 1) * sqrt(phi * both)


def rare_counts_differ(after: int, before: int) -> bool:
    """Exact conditional test that two small independent Poisson counts have one mean, at 5% two-sided."""
    both, most = after + before, max(after, before)
    tail = sum(comb(both, k) for k in range(most, both + 1))
    return bool(both) and 2 * tail <= 0.05 * 2**both


def survey_margin(
    margin: Decimal,
    level: Decimal | None,
    of: str | None,
    earlier: Decimal | None,
    earlier_level: Decimal | None,
) -> float:
    """Half-width, at 95%, of the interval for the difference between two waves.

    A margin for a difference is scaled to 95%. A margin for one wave is combined in quadrature with the other
    wave's, taken as the same where it was not published. A level not stated is taken as 95%.
    """
    one = float(margin) * Z95 / z_of(float(level or 95))
    if of == "difference":
        return one
    other = one if earlier is None else float(earlier) * Z95 / z_of(float(earlier_level or 95))
    return sqrt(one * one + other * other)
