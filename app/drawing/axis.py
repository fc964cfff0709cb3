"""Scales of axes, in round numbers."""

import math


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
    """Formats an axis label with as many decimals as the step has."""
    decimals = 0 if step >= 1 and float(step).is_integer() else (1 if round(step * 10, 6).is_integer() else 2)
    return in_unit(f"{value:,.{decimals}f}", unit)


def in_unit(text: str, unit: str) -> str:
    """Adds the unit: "42.5%", "£1,200"; other units are printed once, not at each number."""
    if unit == "%":
        return f"{text}%"
    return f"£{text}" if unit in ("£", "GBP", "pounds") else text
