"""Axes: their scale in round numbers, and the words along them."""

import math
import re

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def nice_step(span: float, most: int = 5) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that covers the span in at most `most` steps."""
    rough = max(span, 1e-9) / most
    power: float = 10 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999999)


def scale_of(values: list[float], zero_based: bool) -> tuple[float, float, float]:
    """Lowest, highest and step of an axis that holds every value, in round numbers."""
    low, high = min(values), max(values)
    if zero_based:
        low = min(low, 0.0)
    if high == low:
        high, low = high + (abs(high) * 0.1 or 1.0), low - (0.0 if zero_based else abs(low) * 0.1 or 1.0)
    step = nice_step(high - low)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


def number(value: float, step: float, unit: str) -> str:
    """An axis label: as many decimals as its step has."""
    decimals = 0 if step >= 1 and float(step).is_integer() else (1 if round(step * 10, 6).is_integer() else 2)
    return in_unit(f"{value:,.{decimals}f}", unit)


def in_unit(text: str, unit: str) -> str:
    """ "42.5%", "£1,200"; other units are said once, not at each number."""
    if unit == "%":
        return f"{text}%"
    return f"£{text}" if unit in ("£", "GBP", "pounds") else text


def named(period: str) -> tuple[str, str]:
    """A period's short name along the bottom and the year below it: ("Q1", "2014/15"), ("Sep", "2017")."""
    last = period.rsplit("/", 1)[-1]
    if quarter := re.fullmatch(r"(\d{4})-(\d{2})-Q([1-4])", last):
        return f"Q{quarter[3]}", f"{quarter[1]}/{quarter[2]}"
    two = re.fullmatch(r"(\d{4})-(\d{2})", last)
    if two is None:
        return period, ""
    # 2011-12 is a financial year, though it could be a December; a run's end is always a month.
    is_year = "/" not in period and int(two[2]) == (int(two[1]) + 1) % 100
    return (f"{two[1]}/{two[2]}", "") if is_year else (MONTHS[int(two[2]) - 1], two[1])
