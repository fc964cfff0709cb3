"""The profile of an award: its amount by quarter, from which financial years are derived."""

from collections.abc import Mapping
from datetime import date

from app.domain.errors import RuleBroken
from app.domain.grants.money import split_pence
from app.domain.period import Period, containing


def quarters_between(starts: date, ends: date) -> tuple[Period, ...]:
    """The financial quarters from one day to another, the first and last perhaps in part. RuleBroken if they cross."""
    if ends < starts:
        raise RuleBroken("ends", "dates_cross", "The last day is not before the first.")
    quarter, last = containing(starts, 3), containing(ends, 3)
    quarters = [quarter]
    while quarter < last:
        quarter = quarter.next()
        quarters.append(quarter)
    return tuple(quarters)


def even_profile(pence: int, starts: date, ends: date) -> dict[Period, int]:
    """Spreads an amount evenly: whole quarters alike, the first and the last by the share of their days."""
    quarters = quarters_between(starts, ends)
    weights = [_weight(quarter, starts, ends) for quarter in quarters]
    return dict(zip(quarters, split_pence(pence, weights), strict=True))


def amounts_by_year(profile: Mapping[Period, int]) -> dict[Period, int]:
    """Sums of a profile by financial year, in order."""
    years: dict[Period, int] = {}
    for quarter in sorted(profile):
        year = quarter.financial_year()
        years[year] = years.get(year, 0) + profile[quarter]
    return years


def _weight(quarter: Period, starts: date, ends: date) -> int:
    """Share of a quarter that lies between two days, as a number that is the same for every whole quarter."""
    days = (quarter.end - quarter.start).days + 1
    within = (min(quarter.end, ends) - max(quarter.start, starts)).days + 1
    return within * (WHOLE_QUARTER // days)


WHOLE_QUARTER = 90 * 91 * 92
"""Divisible by the length of any quarter."""
