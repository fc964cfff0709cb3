"""Share of a year's total usually reached by a month, to compare a part-year with a yearly target."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import sqrt

from app.domain.judgement.series import Series
from app.domain.period import run_label
from app.domain.plan.indicator import Measure
from app.domain.plan.target_shape import Milestones

YEARS = 3
LOOK_BACK = 6
Z80 = 1.2816
ALLOWANCE = 0.05


@dataclass(frozen=True, slots=True)
class Profile:
    """A share of a year's total. `share`, 0 to 1; `spread`, its relative standard error; `words`, its source."""

    share: float
    spread: float
    words: str
    is_straight: bool = False


def by_milestones(
    milestones: Milestones, first: int, last: int, month: int, total: Decimal
) -> Profile | None:
    """Profile by milestones within the months `first` to `last`, each a running total to the end of its period.

    Between milestones, and from nothing at the start and to `total` at the end, along a straight line. None
    where no milestone falls inside.
    """
    inside = sorted((p.last, v) for p, v in milestones if first <= p.last < last)
    if not inside or total <= 0:
        return None
    points = [(first - 1, Decimal(0)), *inside, (last, total)]
    share = float(interpolate(points, month) / total)
    return Profile(share, 0.0, "the plan's milestones") if share > 0 else None


def interpolate(points: list[tuple[int, Decimal]], month: int) -> Decimal:
    """The value at a month on the straight lines between (month, value) points, which are in order."""
    for (left, low), (right, high) in pairwise(points):
        if left <= month <= right and left < right:
            return low + (high - low) * (month - left) / (right - left)
    return points[-1][1]


def by_shape(series: Series, first: int, last: int, month: int) -> Profile:
    """Profile by the mean share of up to three complete, unexceptional years since any break; else a straight line.

    The years are the same months as `first` to `last`, one or more years before. Their spread is the
    standard deviation of the shares; with fewer than two years, or on a straight line, an allowance of 5% at
    half way, more before and less after, stands in for what cannot be measured.
    """
    indicator = series.indicator
    uneven = bool(indicator.breaks or indicator.exceptional)
    shares: list[float] = []
    starts: list[int] = []
    for back in range(12, 12 * LOOK_BACK + 1, 12):
        if len(shares) == YEARS or (uneven and indicator.break_between(first - back, month)):
            break
        if uneven and indicator.is_exceptional(first - back, last - back):
            continue
        reached, rest = series.sum(first - back, month - back), series.sum(month + 1 - back, last - back)
        if reached is not None and rest is not None and reached > 0:
            shares.append(float(reached) / float(reached + rest))
            starts.append(first - back)
    if not shares:
        share = (month - first + 1) / (last - first + 1)
        has_full_year = any(
            series.sum(first - back, last - back) is not None for back in range(12, 12 * LOOK_BACK + 1, 12)
        )
        why = (
            "no earlier year being held to the same month"
            if has_full_year
            else "no complete earlier year being held"
        )
        return Profile(share, _allowance(share), f"a straight line, {why}", is_straight=True)
    share = sum(shares) / len(shares)
    spread = _deviation(shares, share) / share if len(shares) > 1 else _allowance(share)
    return Profile(share, spread, f"the shape of {_years(starts, last - first + 1)}")


def forecast_range(series: Series, reached: Decimal, profile: Profile) -> tuple[float, float, float]:
    """Forecast of the total from the part `reached` so far, and the ends of its 80% range.

    The range joins the spread of the shape with, for counts, the chance variation of the part reached and the
    part to come: phi F (1 - s) / s for a forecast F at share s, phi the series' own dispersion.
    """
    share = min(profile.share, 1.0)
    forecast = float(reached) / share
    variance = (forecast * profile.spread) ** 2
    if series.indicator.measure is Measure.COUNT:
        phi, pairs = series.dispersion
        variance += (phi if pairs >= 4 else 1.0) * max(forecast, 1.0) * (1 - share) / share
    half = Z80 * sqrt(variance)
    return forecast, max(forecast - half, float(reached)), forecast + half


def _deviation(values: list[float], mean: float) -> float:
    """Sample standard deviation; the library's own is exact, and fifty times as slow."""
    return sqrt(sum([(value - mean) ** 2 for value in values]) / (len(values) - 1))


def _allowance(share: float) -> float:
    return ALLOWANCE * (1 - share) / share


def _years(starts: list[int], months: int) -> str:
    names = [run_label(start, months) for start in sorted(starts)]
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
