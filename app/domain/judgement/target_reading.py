"""The reading of a target's words: what they were understood as, and whether figures are judged by them."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from app.domain.judgement.goal import Goal, change_move, fixed_goal
from app.domain.judgement.rating_input import sums_over_time
from app.domain.judgement.verdict import Rating
from app.domain.number import plain
from app.domain.plan.baseline import AnyBaseline, NoBaseline
from app.domain.plan.indicator import Indicator
from app.domain.plan.target_shape import (
    AsWritten,
    Band,
    ByYear,
    Change,
    ChangeBy,
    Comparators,
    CreateBaseline,
    Deferred,
    Target,
    Threshold,
)
from app.domain.plan.target_unread import why_unread
from app.domain.plan.target_vocabulary import Since
from app.domain.plan.target_words import parse


@dataclass(frozen=True, slots=True)
class TargetReading:
    """`understood_as` is a part of a sentence; `not_judged_because` is a sentence, empty where it is judged."""

    understood_as: str
    not_judged_because: str

    @property
    def is_judged(self) -> bool:
        return not self.not_judged_because


@lru_cache(maxsize=4096)
def read_target(words: str, indicator: Indicator, baseline: AnyBaseline) -> TargetReading:
    """Reads a target's words for an indicator and its baseline, for somebody who wants to check them."""
    target = parse(words)
    reason = _why_not_judged(target, indicator, baseline)
    if not reason and indicator.reporting_sensitive:
        reason = "The indicator depends on how much is reported, so it is not rated by itself."
    return TargetReading(understood_as(target, indicator), reason)


def understood_as(target: Target, indicator: Indicator) -> str:
    match target:
        case AsWritten():
            return "kept in the plan's words; they do not say what can be judged"
        case Threshold() | Band():
            goal = fixed_goal(target, indicator)
            return _goal_words(goal, indicator) if isinstance(goal, Goal) else _part(goal.reason)
        case ByYear(steps):
            return "; ".join(f"in {year} {understood_as(step, indicator)}" for year, step in steps)
        case CreateBaseline():
            return "this year's figure becomes the baseline; nothing is judged yet"
        case Deferred():
            return "not set yet; nothing is judged until it is"
    return _part(target.words)


def _part(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:].removesuffix('.')}"


def _goal_words(goal: Goal, indicator: Indicator) -> str:
    if goal.low is not None and goal.high is not None:
        return f"from {_in_full(goal.low, indicator)} to {_in_full(goal.high, indicator)}"
    if goal.high is not None:
        return f"{'below' if goal.strict else 'at most'} {_in_full(goal.high, indicator)}"
    return f"{'above' if goal.strict else 'at least'} {_in_full(goal.low or Decimal(0), indicator)}"


def _in_full(bound: Decimal, indicator: Indicator) -> str:
    """The bound with all its decimals, even where figures have fewer: 7.5 must not read as 8."""
    written = plain(bound).partition(".")[2]
    return replace(indicator, decimals=max(indicator.decimals, len(written))).words(bound)


def _why_not_judged(target: Target, indicator: Indicator, baseline: AnyBaseline) -> str:
    """Why no figure is judged by the target; empty where figures are."""
    match target:
        case AsWritten(words):
            return why_unread(words)
        case Threshold() | Band():
            goal = fixed_goal(target, indicator)
            return goal.reason if isinstance(goal, Rating) else ""
        case Change() | ChangeBy():
            return _why_no_change(target, indicator, baseline)
        case ByYear(steps):
            reasons = (_why_not_judged(step, indicator, baseline) for _, step in steps)
            return next(filter(None, reasons), "")
        case Comparators():
            if sums_over_time(indicator):
                return "Counts of areas of different sizes are not compared: it needs a rate or a percentage."
            return "It compares with other areas, and no figures of other areas are kept here."
        case CreateBaseline():
            return "The first full year's figure becomes the baseline."
        case Deferred():
            return "The target is still to be set."


def _why_no_change(target: Change | ChangeBy, indicator: Indicator, baseline: AnyBaseline) -> str:
    move = change_move(target, indicator)
    if isinstance(move, Rating):
        return move.reason
    is_from_baseline = target.since is Since.BASELINE and not target.base_year
    if is_from_baseline and isinstance(baseline, NoBaseline):
        return (
            "There is no baseline to compare with: give one, or name the year, as in “Reduction on 2016/17”."
        )
    return ""
