"""Rates a figure against the target in force, with the reason in words."""

from decimal import Decimal

from app.domain.figures.figure import Figure
from app.domain.judgement.against_goal import Verdict, complete, part_way
from app.domain.judgement.comparator import against_others
from app.domain.judgement.goal import Goal, Step, change_goal, fixed_goal, is_looser, step_for, year_months
from app.domain.judgement.profile import Profile, by_milestones, by_shape
from app.domain.judgement.rating_input import (
    Comparator,
    Measured,
    RatingInput,
    Span,
    comparable_baseline,
    from_base_year,
    measured,
    sums_over_time,
)
from app.domain.judgement.target_path import path_goal
from app.domain.judgement.verdict import Rating, RatingStatus
from app.domain.period import APRIL, Period
from app.domain.plan.baseline import Baseline
from app.domain.plan.indicator import Polarity
from app.domain.plan.target_shape import (
    Applies,
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
from app.domain.plan.target_vocabulary import Since

__all__ = ["Comparator", "Rating", "RatingInput", "RatingStatus", "rate"]


def rate(case: RatingInput) -> Rating:
    """The rating of `case.figure` against the target in force for its period.

    Complete periods are met, near or missed; part-years of an accumulating indicator are held to a profiled
    target. Ratios, rolling twelve months and surveys are rated directly, as they stand. A reporting-sensitive
    indicator is never red or green: its rating states the numbers, and the indicator to read with them.
    """
    target_rating = _rate_by_target_alone(case)
    if target_rating is not None:
        return target_rating
    if case.figure is None or case.figure.value is None:
        return Rating(RatingStatus.NO_DATA, case.note or "No figure has been sent.")
    if case.plan is not None and case.figure.period.last < case.plan.first:
        return _before_plan(case.plan, case.figure, case.note)
    if outside := _outside_target(case, case.figure.period):
        return Rating(RatingStatus.NO_TARGET, f"{outside} {case.note}".strip())
    if isinstance(case.target, Comparators):
        rating = against_others(case.target, case.indicator, case.figure, case.comparators)
    else:
        rating = _against_number(case, case.figure)
    if case.indicator.reporting_sensitive and rating.status.judges:
        return _with_care(case, rating)
    if case.note:
        brief = f"{rating.short_reason} {case.note}" if rating.short_reason else ""
        return Rating(rating.status, f"{rating.reason} {case.note}", rating.second, brief)
    return rating


def _rate_by_target_alone(case: RatingInput) -> Rating | None:
    """Rating that follows from the target alone, with or without figures; None where there is none."""
    target = case.target
    if target is None:
        return Rating(RatingStatus.NO_TARGET, "The plan sets no target.")
    if isinstance(target, AsWritten):
        reason = "The target is kept as the plan writes it, and states no number or direction to judge by."
        return Rating(RatingStatus.NO_TARGET, reason)
    if isinstance(target, Deferred):
        return _deferred(case, target)
    if isinstance(target, CreateBaseline):
        return Rating(RatingStatus.BASELINE_YEAR, "The first full year's figure becomes the baseline.")
    return None


def _deferred(case: RatingInput, target: Deferred) -> Rating:
    reason = f"{target.words}."
    if target.year and Period(year_months(target.year)[1], 1).has_ended(case.today):
        reason += f" {target.year} is over, and it is still to be set."
    return Rating(RatingStatus.TARGET_DEFERRED, reason)


def _before_plan(plan: Period, figure: Figure, note: str) -> Rating:
    began = Period(plan.first, 1).short_label
    reason = f"The newest figure, for {figure.period.short_label}, is from before the plan began in {began}."
    return Rating(RatingStatus.NO_DATA, f"{reason} {note}".strip())


def _outside_target(case: RatingInput, period: Period) -> str:
    """Reason why the target is not for this period: set for later ones, or its plan is over. Empty where it is."""
    since = case.target_since
    if since is not None and period.last < since.first:
        return f"No target was set for {period.short_label}: this one is from {since.short_label} on."
    if case.plan is not None and period.first > case.plan.last:
        end = Period(case.plan.last, 1).short_label
        return f"The plan ended in {end}, and sets no target for {period.short_label}."
    return ""


def _with_care(case: RatingInput, rating: Rating) -> Rating:
    beside = f" Read it with {case.indicator.paired_with}." if case.indicator.paired_with else ""
    care = f"A rise may be better reporting, so it is not rated by itself.{beside}"
    return Rating(RatingStatus.REPORTING_SENSITIVE, f"{rating.reason} {care}", short_reason=care)


def _against_number(case: RatingInput, figure: Figure) -> Rating:
    target_span = _span(case, figure)
    if isinstance(target_span, Rating):
        return target_span
    target, span = target_span
    now = measured(case, figure, span)
    if isinstance(now, Rating):
        return now
    if at := _break_since_set(case, now):
        return at
    goal = _goal(target, case, now, span)
    if isinstance(goal, Rating):
        return goal
    now = _as_compared(target, case, now)
    verdict = _verdict(goal, case, figure, now, span)
    reason = f"{verdict.reason} {span.assumption}" if span.assumption else verdict.reason
    short_reason = f"{verdict.short_reason} {span.assumption}".strip()
    return Rating(verdict.status, reason, _second_line(case, goal, now, span, verdict), short_reason)


def _span(case: RatingInput, figure: Figure) -> tuple[Target | None, Span] | Rating:
    last = figure.period.last
    if isinstance(case.target, ByYear):
        step = step_for(case.target, last)
        return step if isinstance(step, Rating) else (step.target, _span_of_step(step))
    runs_on = case.applies is Applies.CUMULATIVE and isinstance(case.target, Threshold | Band)
    if runs_on and case.plan is not None and case.indicator.accumulates:
        return case.target, Span(case.plan.first, case.plan.last, is_financial_year=False)
    first = (last - APRIL) // 12 * 12 + APRIL
    return case.target, Span(first, first + 11)


def _span_of_step(step: Step) -> Span:
    if not step.is_calendar_year:
        return Span(step.first, step.last)
    assumption = f"The plan's {step.year} is read as January to December {step.year}."
    return Span(step.first, step.last, assumption, is_financial_year=False)


def _break_since_set(case: RatingInput, now: Measured) -> Rating | None:
    """Rating where recording changed after the target's first period: it was set for figures counted another way."""
    starts = [each.first for each in (case.plan, case.target_since) if each is not None]
    at = case.indicator.break_between(max(starts), now.last) if starts else None
    if at is None:
        return None
    reason = f"The target was set before a recording change took effect: {at.reason}."
    return Rating(RatingStatus.NOT_COMPARABLE, reason)


def _goal(target: Target | None, case: RatingInput, now: Measured, span: Span) -> Goal | Rating:
    if isinstance(target, Threshold | Band):
        return fixed_goal(target, case.indicator)
    if not isinstance(target, Change | ChangeBy):
        return Rating(RatingStatus.NO_TARGET, "The target states no number or direction to judge by.")
    if target.since is Since.YEAR_BEFORE:
        earlier = _year_before(case, now, span)
        return earlier if isinstance(earlier, Rating) else change_goal(target, case.indicator, earlier)
    baseline = comparable_baseline(from_base_year(target, case), now)
    if isinstance(baseline, Rating):
        return baseline
    return change_goal(target, case.indicator, baseline.value)


def _as_compared(target: Target | None, case: RatingInput, now: Measured) -> Measured:
    """Marks a part-year as complete where its baseline is the same part of a year: not profiled."""
    if not isinstance(target, Change | ChangeBy) or target.since is not Since.BASELINE:
        return now
    baseline = comparable_baseline(from_base_year(target, case), now)
    if not isinstance(baseline, Baseline) or baseline.period.months == 12:
        return now
    return Measured(now.value, now.first, now.last, complete=True)


def _year_before(case: RatingInput, now: Measured, span: Span) -> Decimal | Rating:
    """Last year's whole, for a part-year or a year; for anything else the same months of the year before."""
    first, last = (now.first, now.last) if now.complete else (span.first, span.last)
    if at := case.indicator.break_between(first - 12, now.last):
        reason = f"A recording change parts {now.label} from the year before: {at.reason}."
        return Rating(RatingStatus.NOT_COMPARABLE, reason)
    if case.indicator.accumulates:
        earlier = case.series.sum(first - 12, last - 12)
    else:
        figure = case.series.parts.at(first - 12, last - 12)
        earlier = figure.value if figure else None
    if earlier is None:
        before = Period(first - 12, last - first + 1)
        return Rating(RatingStatus.NO_DATA, f"There is no figure for the year before, {before.label}.")
    return earlier


def _verdict(goal: Goal, case: RatingInput, figure: Figure, now: Measured, span: Span) -> Verdict:
    plan = case.plan
    if case.applies is not Applies.BY_PLAN_END or plan is None or span.last >= plan.last:
        return _against(goal, case, figure, now, span)
    if isinstance(case.target, ByYear):
        return _against(goal, case, figure, now, span)
    baseline = comparable_baseline(case, now)
    start = baseline if isinstance(baseline, Baseline) else None
    # What adds up is profiled to the year's end; anything else stands where its own months end.
    at = span.last if case.indicator.accumulates else now.last
    on_the_way = path_goal(goal, case.milestones, start, plan, at)
    verdict = _against(on_the_way or goal, case, figure, now, span)
    return _before_plan_end(verdict, plan, has_path=on_the_way is not None)


def _against(goal: Goal, case: RatingInput, figure: Figure, now: Measured, span: Span) -> Verdict:
    if now.complete:
        return complete(goal, now, figure, case.indicator)
    return part_way(goal, now, _profile(goal, case, now, span), case.series)


def _before_plan_end(verdict: Verdict, plan: Period, *, has_path: bool) -> Verdict:
    """Rates a year before the plan's last by its path: on track at best, never met."""
    end = f"The target is for the plan's end, {Period(plan.last, 1).label}."
    if verdict.status in (RatingStatus.MET, RatingStatus.ON_TRACK):
        status = RatingStatus.ON_TRACK
    elif not has_path or verdict.status is RatingStatus.TOO_EARLY:
        status = RatingStatus.TOO_EARLY
    else:
        status = RatingStatus.OFF_TRACK
    reason, short_reason = f"{verdict.reason} {end}", f"{verdict.short_reason} {end}"
    return Verdict(status, reason, verdict.level, verdict.is_forecast, short_reason)


def _profile(goal: Goal, case: RatingInput, now: Measured, span: Span) -> Profile:
    bound = goal.high if goal.high is not None else goal.low
    if case.applies is not Applies.BY_PLAN_END and bound is not None:
        profile = by_milestones(case.milestones, span.first, span.last, now.last, bound)
        if profile is not None:
            return profile
    if span.last - span.first == 11:
        return by_shape(case.series, span.first, span.last, now.last)
    start = (now.last - APRIL) // 12 * 12 + APRIL
    year = by_shape(case.series, start, start + 11, now.last)
    years = (span.last - span.first + 1) / 12
    share = ((start - span.first) / 12 + year.share) / years
    return Profile(
        share, year.spread * year.share / (share * years), f"equal years, and within one {year.words}"
    )


def _second_line(case: RatingInput, goal: Goal, now: Measured, span: Span, verdict: Verdict) -> str:
    """Facts that the colour hides: a target met by a worse year, an improvement short of it, a target too loose."""
    baseline = comparable_baseline(case, now)
    if isinstance(baseline, Rating) or not _is_as_long(baseline, case, now, span, verdict):
        return ""
    lines = [_hidden(verdict, baseline.value, case.indicator.polarity)]
    if is_looser(goal, case.indicator, baseline.value):
        lines.append("target is looser than its baseline")
    return "; ".join(line for line in lines if line)


def _is_as_long(baseline: Baseline, case: RatingInput, now: Measured, span: Span, verdict: Verdict) -> bool:
    """Whether the verdict's level covers as many months as the baseline, where length matters."""
    if not sums_over_time(case.indicator):
        return True
    compared = span if verdict.is_forecast else now
    return compared.last - compared.first + 1 == baseline.period.months


def _hidden(verdict: Verdict, baseline: Decimal, polarity: Polarity) -> str:
    if polarity not in (Polarity.LOWER_IS_BETTER, Polarity.HIGHER_IS_BETTER) or verdict.level == baseline:
        return ""
    better = (verdict.level < baseline) == (polarity is Polarity.LOWER_IS_BETTER)
    if verdict.status in (RatingStatus.MET, RatingStatus.ON_TRACK) and not better:
        return (
            "on track, heading worse than baseline"
            if verdict.is_forecast
            else "target met, worse than baseline"
        )
    if verdict.status in (RatingStatus.NEAR, RatingStatus.MISSED, RatingStatus.OFF_TRACK) and better:
        return "improved, short of target"
    return ""
