"""Warnings about a target that somebody is about to set: it asks for a worse figure, or takes a verdict away."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.domain.judgement.goal import asks_for_worse, looser_goals
from app.domain.judgement.series import Series
from app.domain.judgement.target_reading import TargetReading
from app.domain.judgement.verdict import Rating
from app.domain.period import Period
from app.domain.plan.baseline import AnyBaseline, Baseline
from app.domain.plan.indicator import Indicator, Polarity
from app.domain.plan.target_shape import Target

Warning = tuple[str, str]
"""A code for programs and a sentence for people."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level that a year's target can be held against, and the months it is of."""

    value: Decimal
    period: Period


def present_level(series: Series) -> Level | None:
    """The latest twelve months of what adds up, else the newest figure; None where there is neither."""
    newest = max(
        (each for each in series.figures if each.value is not None),
        key=lambda each: (each.period.last, each.period.months),
        default=None,
    )
    if newest is None or newest.value is None:
        return None
    if not series.indicator.accumulates:
        return Level(newest.value, newest.period)
    year = Period(newest.period.last - 11, 12)
    total = series.sum(year.first, year.last)
    is_broken = series.indicator.break_between(year.first, year.last) is not None
    return None if total is None or is_broken else Level(total, year)


def worse_figure_warnings(
    target: Target, indicator: Indicator, baseline: AnyBaseline, present: Level | None
) -> Iterator[Warning]:
    """Warns of a target that a figure worse than the baseline, or than the present one, would meet."""
    better = "higher" if indicator.polarity is Polarity.HIGHER_IS_BETTER else "lower"
    if worse := asks_for_worse(target, indicator):
        yield (
            "target_asks_for_worse",
            f"Of this indicator {better} is better, and “{worse}” asks for a worse figure.",
        )
    elif loose := looser_goals(target, indicator, baseline):
        start = baseline.words_in(indicator) if isinstance(baseline, Baseline) else ""
        yield (
            "target_looser_than_baseline",
            f"The baseline is {start}, and {better} is better: “{loose[0]}” could be met by a worse figure.",
        )
    elif present is not None and (
        loose := looser_goals(target, indicator, Baseline(present.period, present.value))
    ):
        now = f"{indicator.words(present.value)} in {present.period.short_label}"
        yield (
            "target_looser_than_present",
            f"The newest figure is {now}, and {better} is better: “{loose[0]}” could be met by a worse one.",
        )


def verdict_warnings(now: Rating, then: Rating, reading: TargetReading) -> Iterator[Warning]:
    """Warns where figures are judged now, and would not be by the new words."""
    if now.status.judges and not (reading.is_judged and then.status.judges):
        yield (
            "verdict_lost",
            f"The indicator is rated “{now.label}” now, and will not be rated with this target: "
            f"{reading.not_judged_because or then.reason}",
        )
