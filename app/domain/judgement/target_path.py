"""Path from a baseline to a target set for a plan's end."""

from decimal import Decimal

from app.domain.judgement.goal import Goal
from app.domain.judgement.profile import interpolate
from app.domain.number import plain
from app.domain.period import Period
from app.domain.plan.baseline import Baseline
from app.domain.plan.target_shape import Milestones


def path_goal(
    goal: Goal, milestones: Milestones, baseline: Baseline | None, plan: Period, month: int
) -> Goal | None:
    """Goal for the end of `month`, interpolated through the milestones, else straight from the baseline.

    None for a band, or with neither milestones nor baseline. If the baseline already meets the goal, return the
    goal; do not interpolate.
    """
    if goal.low is not None and goal.high is not None:
        return None
    bound = goal.high if goal.high is not None else goal.low
    if bound is None:
        return None
    if baseline is not None and goal.met(baseline.value):
        return goal
    points = sorted((p.last, v) for p, v in milestones if p.last < plan.last)
    if baseline is not None and (not points or baseline.period.last < points[0][0]):
        points.insert(0, (baseline.period.last, baseline.value))
    if not points:
        return None
    level = (
        _rounded(interpolate([*points, (plan.last, bound)], month)) if month >= points[0][0] else points[0][1]
    )
    source = "the milestones" if milestones else "a straight line from the baseline"
    words = f"{goal.words} by the plan's end; by {Period(month, 1).label} {source} gives {plain(level)}"
    if goal.high is not None:
        return Goal(None, level, goal.strict, words)
    return Goal(level, None, goal.strict, words)


def _rounded(level: Decimal) -> Decimal:
    return round(level, 1)
