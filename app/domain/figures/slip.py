"""Warns of figures with a likely typing error: a slipped decimal point or nought, a percentage as a fraction.

A figure is compared with its neighbours, from the first one on, also across a recording change; without any, with
the plan's baseline or target. Small counts are left alone: they do vary as much. After zeros alone any figure that
is not small is one to ask about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from app.domain.figures.row_warning import RowWarning
from app.domain.number import plain
from app.domain.period import Period
from app.domain.plan.indicator import Indicator, Measure

Earlier = tuple[int, Decimal]
"""First month and value of a neighbour, as long as the figure judged."""

LAST_FEW = 4
SHOWN = 3
STEADY = 2
"""Largest ratio of the last few figures' maximum to their minimum for their median to be a measure."""
FEWEST_FOR_MEDIAN = 3
GROSS = 8
"""Times the highest level from which a figure is a slip."""
SMALLEST = 20
"""Larger of the two, in units of the last decimal shown: below this, eightfold is no slip."""
IN_TENS = 10
LARGER = ((Decimal(100), "100 times"), (Decimal(10), "10 times"))
SMALLER = ((Decimal("0.1"), "a tenth of"), (Decimal("0.01"), "a hundredth of"))
ABOUT = (Decimal("0.8"), Decimal("1.25"))


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Levels that a figure is compared with; `describe` names them, such as "the baseline (85 in 2016/17)"."""

    levels: Sequence[Decimal]
    describe: Callable[[], str]
    is_planned: bool = False
    """Whether it is a baseline or a target: one of zero says nothing about the first figure."""


def neighbours(
    near: Sequence[Earlier], period: Period, indicator: Indicator, name: str = "last"
) -> Yardstick | None:
    """The last few of these figures, and those of the same time in other years; None without any.

    Where those are all zero, all the figures are taken: one of them may have been as high. Exceptional periods are
    left out; figures across a recording change are not.
    """
    if indicator.exceptional:
        last = period.months - 1
        near = [each for each in near if not indicator.is_exceptional(each[0], each[0] + last)]
    if not near:
        return None
    few = [each for each in near[:-LAST_FEW] if (period.first - each[0]) % 12 == 0] + [*near[-LAST_FEW:]]
    if not any(value for _, value in few):
        few = [*near]

    def describe() -> str:
        texts = [
            f"{indicator.words(value)} in {Period(first, period.months).short_label}"
            for first, value in few[-SHOWN:]
        ]
        return f"what this series was {name} ({_join_with_and(texts)})"

    return Yardstick([value for _, value in few], describe)


def planned(
    value: Decimal, of: Period | None, period: Period, indicator: Indicator, name: str
) -> Yardstick | None:
    """A baseline or target that is for the period `of`, or for a year; scaled to the period where figures add up."""
    months = of.months if of is not None else 12
    is_scaled = indicator.accumulates and months != period.months
    level = value * period.months / months if is_scaled else value
    scaled = f", or about {indicator.words(level)} for {period.months} months" if is_scaled else ""
    where = f" in {of.short_label}" if of is not None else ""
    return Yardstick(
        [level], lambda: f"the {name} ({indicator.words(value)}{where}{scaled})", is_planned=True
    )


def slip_warning(value: Decimal, yardstick: Yardstick | None, indicator: Indicator) -> RowWarning | None:
    """Warns of a value that was probably mistyped."""
    if value <= 0:
        return None
    if indicator.measure is Measure.PERCENTAGE and value < 1:
        fraction = _fraction(value, yardstick, indicator)
        if fraction is not None:
            return fraction
    if yardstick is None:
        return None
    comparison = _comparison(value, yardstick, indicator)
    if comparison is None:
        return None
    words = f"{indicator.exact_words(value)} is {comparison} {yardstick.describe()}."
    return RowWarning("ten_times", f"{words} Has a decimal point or a nought slipped?")


def _comparison(value: Decimal, yardstick: Yardstick, indicator: Indicator) -> str | None:
    """Words for how a value compares with its level, such as "about 10 times"; None where it is no slip."""
    level = _level(value, yardstick.levels)
    if level < 0 or max(level, value).scaleb(indicator.decimals) < SMALLEST:
        return None
    if level == 0:
        return None if yardstick.is_planned else "far above"
    multiple = _multiple(value / level)
    return f"about {multiple}" if multiple is not None else None


def _fraction(value: Decimal, yardstick: Yardstick | None, indicator: Indicator) -> RowWarning | None:
    """Warns of a percentage below one where some in tens, or none at all, are there to compare with."""
    per_cent = plain(value * 100)
    if yardstick is None:
        words = f"{plain(value)} is less than 1%. If {per_cent}% is meant, send {per_cent}."
    elif (usual := Decimal(median(yardstick.levels))) >= IN_TENS:
        expected = f"about {indicator.words(usual)} is expected from {yardstick.describe()}"
        words = f"{plain(value)} is less than 1%, and {expected}. Send {per_cent} for {per_cent}%."
    else:
        return None
    return RowWarning("percentage_as_fraction", words)


def _level(value: Decimal, levels: Sequence[Decimal]) -> Decimal:
    """The level to compare with: the median of a few steady ones, else the one that is nearest to the value."""
    low, high = min(levels), max(levels)
    if len(levels) >= FEWEST_FOR_MEDIAN and low > 0 and high <= STEADY * low:
        return Decimal(median(levels))
    return high if value > high else low if value < low else value


def _multiple(ratio: Decimal) -> str | None:
    """Names a ratio that is a slip: every one from eightfold up; a smaller figure is one only near a tenth of it.

    Figures fall almost to nothing for many reasons; they do not rise so.
    """
    for times, name in LARGER + SMALLER:
        if ABOUT[0] <= ratio / times <= ABOUT[1]:
            return name
    return f"{ratio:,.0f} times" if ratio >= GROSS else None


def _join_with_and(texts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
