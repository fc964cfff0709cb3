"""Compares a value with a goal: met, near or missed for a complete period; by forecast for a part of one."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from app.domain.figures.figure import Figure, figure_words
from app.domain.judgement.goal import Goal, distance_words, tolerance
from app.domain.judgement.profile import Profile, forecast_range
from app.domain.judgement.rating_input import Measured
from app.domain.judgement.series import Series
from app.domain.judgement.significance import Z95, z_of
from app.domain.judgement.verdict import RatingStatus
from app.domain.plan.indicator import Indicator, Measure


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of comparing with a goal. `level` compares with a yearly baseline: the value, or the year's forecast."""

    status: RatingStatus
    reason: str
    level: Decimal
    is_forecast: bool = False
    short_reason: str = ""


def complete(goal: Goal, now: Measured, figure: Figure, indicator: Indicator) -> Verdict:
    value = now.value
    value_text = figure_words(figure, indicator) if figure.value == value else indicator.words(value)
    fact = f"{value_text} in {now.label}. Target: {_lower(goal.words)}."
    if goal.met(value):
        return Verdict(
            RatingStatus.MET, fact, value, short_reason=f"{value_text}, against {_lower(goal.words)}."
        )
    by, bound, side = goal.miss(value)
    margin = survey_half_width(figure) if indicator.survey else None
    if margin is not None and by <= margin:
        inside = f"The miss lies inside the survey's margin of {distance_words(indicator, margin)}"
        reason = f"{inside}, so it may be chance."
        return Verdict(RatingStatus.NEAR, f"{fact} {reason}", value, short_reason=reason)
    allowed = tolerance(indicator, bound)
    missed = f"{distance_words(indicator, by)} {side}" if by else "Level with it"
    if by < allowed:
        # Rounded they may read the same, and a reader would wonder.
        just = "just " if distance_words(indicator, by) == distance_words(indicator, allowed) else ""
        within = f"{missed}, {just}within the tolerance of {distance_words(indicator, allowed)}."
        return Verdict(RatingStatus.NEAR, f"{fact} {within}", value, short_reason=within)
    return Verdict(RatingStatus.MISSED, f"{fact} {missed}.", value, short_reason=f"{missed}.")


def survey_half_width(figure: Figure) -> Decimal | None:
    """Half-width of the 95% interval of one wave, in points: as published, else from the sample size."""
    if figure.margin is not None and figure.margin_of != "difference":
        level = z_of(float(figure.margin_level or 95))
        return rounded(float(figure.margin) * Z95 / level, 6)
    if figure.sample_size and figure.value is not None and 0 <= figure.value <= 100:
        p = float(figure.value) / 100
        return rounded(100 * Z95 * sqrt(p * (1 - p) / figure.sample_size), 6)
    return None


def part_way(goal: Goal, now: Measured, profile: Profile, series: Series) -> Verdict:
    """Rates by forecast: on or off track, or too early when its 80% range includes a bound of the goal.

    A ceiling already passed, or a floor already reached, is final and needs no forecast.
    """
    indicator, value = series.indicator, now.value
    total, low, high = forecast_range(series, value, profile)
    ends = tuple(rounded(end, indicator.decimals) for end in (low, high))
    level = rounded(total, indicator.decimals)
    target = f"Target: {_lower(goal.words)}"
    so_far = f"{indicator.words(value)} in {now.label}"
    if indicator.measure in (Measure.COUNT, Measure.MONEY):
        if goal.high is not None and not Goal(None, goal.high, goal.strict, "").met(value):
            short_reason = f"{so_far} already breaks the whole target."
            return Verdict(RatingStatus.OFF_TRACK, f"{short_reason} {target}.", level, True, short_reason)
        if goal.high is None and goal.met(value):
            short_reason = f"{so_far} already reaches it."
            return Verdict(RatingStatus.ON_TRACK, f"{short_reason} {target}.", level, True, short_reason)
    heading = f"eading for about {indicator.words(level)} ({indicator.words(ends[0])} to {indicator.words(ends[1])})."
    due = f"{profile.share * 100:.0f}% of the whole is due by {profile.words}"
    reason = f"{so_far}, where {due}: h{heading} {target}."
    return Verdict(_heading(goal, ends[0], ends[1]), reason, level, True, f"H{heading}")


def _heading(goal: Goal, low: Decimal, high: Decimal) -> RatingStatus:
    if goal.met(low) and goal.met(high):
        return RatingStatus.ON_TRACK
    straddles = goal.met(low) or goal.met(high)
    if goal.low is not None and goal.high is not None:
        straddles = straddles or low < goal.low <= goal.high < high
    return RatingStatus.TOO_EARLY if straddles else RatingStatus.OFF_TRACK


def rounded(value: float, decimals: int) -> Decimal:
    """Rounds a float to a decimal: all 53 bits of a float are slow to compare and to print."""
    return Decimal(f"{value:.{decimals}f}")


def _lower(text: str) -> str:
    """Makes the first letter small, to follow "Target:"."""
    return text[:1].lower() + text[1:]
