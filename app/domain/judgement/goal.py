"""Bounds that a target sets for one year, and the distance of a value from them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.domain.judgement.verdict import Rating, RatingStatus
from app.domain.number import number_words
from app.domain.period import APRIL, Period
from app.domain.plan.baseline import AnyBaseline, Baseline
from app.domain.plan.indicator import Indicator, Measure, Polarity
from app.domain.plan.target_shape import Band, ByYear, Change, ChangeBy, Target, Threshold, YearTarget
from app.domain.plan.target_vocabulary import Move, Way

POINTS = Decimal(1)
TWENTIETH = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Goal:
    """Bounds of a target: at least `low`, at most `high`; one may be absent. `strict` excludes the bounds."""

    low: Decimal | None
    high: Decimal | None
    strict: bool
    words: str

    def met(self, value: Decimal) -> bool:
        if self.strict:
            return (self.low is None or value > self.low) and (self.high is None or value < self.high)
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def miss(self, value: Decimal) -> tuple[Decimal, Decimal, str]:
        """Distance, bound missed, and side of it, for a value that does not meet the goal."""
        if self.high is not None and value >= self.high:
            return value - self.high, self.high, "above"
        bound = self.low if self.low is not None else value
        return bound - value, bound, "below"


def tolerance(indicator: Indicator, bound: Decimal) -> Decimal:
    """Largest miss of `bound` that is "near", exclusive, in the value's own unit.

    A twentieth of the bound. For a percentage it is in points, and never more than one: a repeat rate of 43.3%
    is no near miss of 41.4%, although it is within a twentieth of it; and at 8% a whole point would forgive a
    third of the way from a baseline of 4.7%. The indicator's own tolerance overrides it.
    """
    if indicator.measure is Measure.PERCENTAGE:
        return indicator.tolerance if indicator.tolerance is not None else min(POINTS, bound * TWENTIETH)
    if indicator.tolerance is not None:
        return bound * indicator.tolerance / 100
    return bound * TWENTIETH


def fixed_goal(target: Threshold | Band, indicator: Indicator) -> Goal | Rating:
    """Goal of a numeric target; a bare number takes its side from the polarity, and has no goal without one.

    A number in another unit than the indicator's is no goal: 8% is not at most 8 incidents.
    """
    if other := other_unit(target, indicator):
        return Rating(RatingStatus.NO_TARGET, f"The target is {target.words}, and {other}.")
    if isinstance(target, Band):
        return Goal(target.low.value, target.high.value, False, target.words)
    value, way = target.amount.value, target.way
    if way is Way.REACH:
        if indicator.polarity is Polarity.HIGHER_IS_BETTER:
            way = Way.AT_LEAST
        elif indicator.polarity is Polarity.LOWER_IS_BETTER:
            way = Way.AT_MOST
        else:
            return Rating(
                RatingStatus.NO_TARGET,
                f"The target is {target.words}, and neither it nor the indicator says which side is better.",
            )
    if way is Way.BELOW or way is Way.AT_MOST:
        return Goal(None, value, way is Way.BELOW, target.words)
    return Goal(value, None, way is Way.ABOVE, target.words)


def other_unit(target: Threshold | Band, indicator: Indicator) -> str:
    """Describes a unit that differs from the indicator's; empty where they agree, or the target names none."""
    unit = target.low.unit if isinstance(target, Band) else target.amount.unit
    own = _UNITS.get(indicator.measure, "")
    if not unit or unit == own:
        return ""
    if unit.startswith("per "):
        per = int(unit.split(" ")[1].replace(",", ""))
        if indicator.measure is Measure.RATE:
            return "" if per == (indicator.per or 1) else f"its figures are {indicator.word_unit}"
    elif unit not in _UNITS.values() and not own and _counts(unit, indicator):
        return ""
    return f"its figures are {_KINDS[indicator.measure]}"


def _counts(unit: str, indicator: Indicator) -> bool:
    """Whether an indicator may be of what a plural noun names: a time is one only where its unit says so."""
    last = unit.split(" ")[-1]
    return last not in _TIMES or (indicator.measure is not Measure.RATE and last in indicator.unit.casefold())


_TIMES = frozenset(["days", "hours", "minutes", "weeks", "months", "seconds"])
_UNITS = {Measure.PERCENTAGE: "%", Measure.MONEY: "£"}
_KINDS = {
    Measure.COUNT: "counts",
    Measure.PERCENTAGE: "percentages",
    Measure.RATE: "rates",
    Measure.MONEY: "sums of money",
    Measure.MEAN: "averages",
    Measure.INDEX: "an index",
}


def change_goal(target: Change | ChangeBy, indicator: Indicator, earlier: Decimal) -> Goal | Rating:
    """Goal of a target for change from the `earlier` figure, the baseline's or the year before's."""
    move = change_move(target, indicator)
    if isinstance(move, Rating):
        return move
    words = f"{target.words} (from {indicator.words(earlier)})"
    if isinstance(target, Change):
        strict = not target.or_level
        return Goal(earlier, None, strict, words) if move is Move.UP else Goal(None, earlier, strict, words)
    by = earlier * target.by / 100 if target.unit == "%" else target.by
    if move is Move.UP:
        return Goal(earlier + by, None, False, words)
    return Goal(None, max(earlier - by, Decimal(0)), False, words)


def change_move(target: Change | ChangeBy, indicator: Indicator) -> Move | Rating:
    """Whether a target for change asks the figures up or down; a rating that says why where it cannot be told."""
    has_side = indicator.polarity in (Polarity.LOWER_IS_BETTER, Polarity.HIGHER_IS_BETTER)
    better = Move.UP if indicator.polarity is Polarity.HIGHER_IS_BETTER else Move.DOWN
    if target.move is Move.BETTER and not has_side:
        reason = f"The target is {target.words}, and the indicator does not say which way is better."
        return Rating(RatingStatus.NO_TARGET, reason)
    if target.subject and has_side and target.move not in (Move.BETTER, better):
        reason = (
            f"The target is {target.words}, and of this indicator {_side(better)} is better: "
            f"write “{'Increase' if better is Move.UP else 'Reduction'}” if its own figures are meant."
        )
        return Rating(RatingStatus.NO_TARGET, reason)
    if isinstance(target, ChangeBy) and target.unit == "%" and indicator.measure is Measure.PERCENTAGE:
        reason = (
            f"{target.words} of a percentage reads two ways: write the points, or the percentage to reach."
        )
        return Rating(RatingStatus.NO_TARGET, reason)
    return better if target.move is Move.BETTER else target.move


def _side(move: Move) -> str:
    return "higher" if move is Move.UP else "lower"


@lru_cache(maxsize=1024)
def year_months(year: str) -> tuple[int, int]:
    """First and last month index of a year as a plan writes it: 2018 is January to December 2018."""
    start = int(year[:4]) * 12
    if len(year) == 4:
        return start, start + 11
    return start + APRIL, start + APRIL + 11


@dataclass(frozen=True, slots=True)
class Step:
    """The part of a by-year target in force, and the months (inclusive) of its year."""

    target: YearTarget
    first: int
    last: int
    year: str

    @property
    def is_calendar_year(self) -> bool:
        return len(self.year) == 4


def step_for(target: ByYear, month: int) -> Step | Rating:
    """The step whose year holds the month."""
    for year, step in target.steps:
        first, last = year_months(year)
        if first <= month <= last:
            return Step(step, first, last, year)
    years = ", ".join(year for year, _ in target.steps)
    label = Period(month, 1).label
    return Rating(
        RatingStatus.NO_TARGET, f"No target is in force for {label}: the plan sets one for {years}."
    )


def is_looser(goal: Goal, indicator: Indicator, baseline: Decimal) -> bool:
    """Whether a value worse than the baseline would meet the goal."""
    if indicator.polarity is Polarity.LOWER_IS_BETTER:
        return goal.high is not None and goal.high > baseline
    if indicator.polarity is Polarity.HIGHER_IS_BETTER:
        return goal.low is not None and goal.low < baseline
    return False


def looser_goals(target: Target | None, indicator: Indicator, baseline: AnyBaseline) -> tuple[str, ...]:
    """Words of each part of a numeric target that is looser than its baseline."""
    if not isinstance(baseline, Baseline):
        return ()
    parts = tuple(step for _, step in target.steps) if isinstance(target, ByYear) else (target,)
    loose = []
    for part in parts:
        goal = fixed_goal(part, indicator) if isinstance(part, Threshold | Band) else None
        if isinstance(goal, Goal) and is_looser(goal, indicator, baseline.value):
            loose.append(goal.words)
    return tuple(loose)


def asks_for_worse(target: Target | None, indicator: Indicator) -> str:
    """Words of the part of a target that wants figures on the worse side of something; empty where none does."""
    parts = tuple(step for _, step in target.steps) if isinstance(target, ByYear) else (target,)
    for part in parts:
        move = _MOVES_OF_WAYS.get(part.way) if isinstance(part, Threshold) else None
        if isinstance(part, Change | ChangeBy) and not part.subject:
            move = part.move
        if part is not None and move is not None and move is _WORSE.get(indicator.polarity):
            return part.words
    return ""


_WORSE = {Polarity.LOWER_IS_BETTER: Move.UP, Polarity.HIGHER_IS_BETTER: Move.DOWN}
_MOVES_OF_WAYS = {
    Way.BELOW: Move.DOWN, Way.AT_MOST: Move.DOWN, Way.ABOVE: Move.UP, Way.AT_LEAST: Move.UP,
}  # fmt: skip


def distance_words(indicator: Indicator, distance: Decimal) -> str:
    """Formats a distance from a target: "1.2 points" for a percentage, else as a figure."""
    if indicator.measure is Measure.PERCENTAGE:
        return f"{number_words(distance, '', max(indicator.decimals, 1))} points"
    return indicator.words(distance)
