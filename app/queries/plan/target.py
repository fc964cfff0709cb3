"""Reads versions of targets and baselines, and converts them to the domain's and to wire shapes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.domain.judgement.goal import change_move, other_unit, year_months
from app.domain.judgement.target_reading import TargetReading, read_target
from app.domain.judgement.verdict import Rating
from app.domain.period import Period, year_named
from app.domain.period_text import parse_period
from app.domain.plan import baseline as baselines
from app.domain.plan import target_shape as shape
from app.domain.plan.indicator import Indicator
from app.domain.plan.target_version import TargetVersion
from app.domain.plan.target_vocabulary import Since
from app.domain.plan.target_words import parse
from app.models.author import author_out
from app.models.plan.baseline import Baseline, BaselineOut
from app.models.plan.indicator import Indicator as IndicatorRow
from app.models.plan.plan import Plan
from app.models.plan.target import IndicatorTargetOut, MilestoneOut, Target, TargetOut
from app.models.wire import instant_text, json_number

APPLIES_WORDS = {
    "each_year": "each year",
    "by_plan_end": "by the end of the plan",
    "cumulative": "over the whole plan, adding up",
}
NO_BASELINE = baselines.NoBaseline("none is given")
NO_TARGET_OUT = TargetOut(
    number=None,
    words="",
    understood_as="no target is set",
    judged=False,
    not_judged_because="The plan sets no target.",
    value=None,
    applies="each_year",
    applies_words="",
    milestones=[],
    from_period=None,
    from_period_label=None,
    recorded_at=None,
    recorded_by=None,
    author=None,
    reason="",
)


def versions(
    session: Session, plan_id: int, known_at: datetime | None, of: Collection[int] | None = None
) -> dict[int, list[Target]]:
    """Every version of targets known at a moment, newest first, by indicator id; `of` these indicators, or all."""
    query = select(Target).where(Target.plan_id == plan_id).order_by(col(Target.number).desc())
    if of is not None:
        query = query.where(col(Target.indicator_id).in_(of))
    if known_at is not None:
        query = query.where(Target.recorded_at <= known_at)
    return _grouped(session.exec(query))


def as_version(row: Target) -> TargetVersion:
    """Converts a stored version to the domain's."""
    return TargetVersion(
        parse(row.words),
        shape.Applies(row.applies),
        milestones(row),
        parse_period(row.from_period),
        row.number,
    )


def known_baselines(
    session: Session, plan_id: int, known_at: datetime | None, of: Collection[int] | None = None
) -> dict[int, Baseline]:
    """Newest version of baselines known at a moment, by indicator id; `of` these indicators, or all."""
    query = select(Baseline).where(Baseline.plan_id == plan_id).order_by(col(Baseline.number))
    if of is not None:
        query = query.where(col(Baseline.indicator_id).in_(of))
    if known_at is not None:
        query = query.where(Baseline.recorded_at <= known_at)
    return {row.indicator_id: row for row in session.exec(query)}


def as_baseline(row: Baseline | None) -> baselines.AnyBaseline:
    if row is None:
        return NO_BASELINE
    if row.value is not None and row.period is not None:
        return baselines.Baseline(parse_period(row.period), row.value, row.caveat)
    if row.year is not None:
        return baselines.BaselineYear(year_named(row.year))
    return baselines.NoBaseline(row.none_because or "")


def milestones(row: Target) -> shape.Milestones:
    return tuple((parse_period(each["period"]), Decimal(each["value"])) for each in row.milestones)


def target_out(row: Target | None, measured: Indicator, baseline: baselines.AnyBaseline) -> TargetOut:
    if row is None:
        return NO_TARGET_OUT
    reading = read_target(row.words, measured, baseline)
    since = parse_period(row.from_period)
    return TargetOut(
        number=row.number,
        words=row.words,
        understood_as=reading.understood_as,
        judged=reading.is_judged,
        not_judged_because=reading.not_judged_because,
        value=json_number(line_value(parse(row.words), measured, baseline)),
        applies=row.applies,
        applies_words=APPLIES_WORDS[row.applies],
        milestones=[
            MilestoneOut(period=str(period), period_label=period.label, value=json_number(number) or 0)
            for period, number in milestones(row)
        ],
        from_period=row.from_period,
        from_period_label=since.short_label,
        recorded_at=instant_text(row.recorded_at),
        recorded_by=row.recorded_by,
        author=author_out(row.author),
        reason=row.reason,
    )


def understood_in_time(reading: TargetReading, target: shape.Target, applies: shape.Applies) -> str:
    """What a target is understood as, with the time for reaching it where its own words name none."""
    names_time = not isinstance(target, shape.Threshold | shape.Band | shape.Change | shape.ChangeBy)
    is_from_year_before = isinstance(target, shape.Change | shape.ChangeBy) and (
        target.since is Since.YEAR_BEFORE
    )
    if names_time or is_from_year_before or not reading.is_judged:
        return reading.understood_as
    return f"{reading.understood_as} {APPLIES_WORDS[applies]}"


def baseline_out(baseline: baselines.AnyBaseline, measured: Indicator) -> BaselineOut:
    match baseline:
        case baselines.Baseline(period, level, caveat):
            out = _baseline("figure", measured.words(level), period)
            return {**out, "value": json_number(level), "caveat": caveat}
        case baselines.BaselineYear(year):
            return _baseline("baseline_year", "baseline year", year)
        case baselines.NoBaseline(reason):
            return {**_baseline("none", "none"), "none_because": reason}


def _baseline(kind: str, words: str, period: Period | None = None) -> BaselineOut:
    return BaselineOut(
        kind=kind,
        period=str(period) if period is not None else None,
        period_label=period.short_label if period is not None else None,
        value=None,
        caveat="",
        none_because=None,
        words=words,
    )


def line_value(target: shape.Target, measured: Indicator, baseline: baselines.AnyBaseline) -> Decimal | None:
    """Number to draw the target's line at: the threshold, or the baseline to be bettered; None for others."""
    if isinstance(target, shape.Threshold):
        return None if other_unit(target, measured) else target.amount.value
    if isinstance(target, shape.Change) and isinstance(baseline, baselines.Baseline):
        return _baseline_line(target, measured, baseline)
    return None


def _baseline_line(target: shape.Change, measured: Indicator, baseline: baselines.Baseline) -> Decimal | None:
    """The baseline, where the change is from it, and not from the year before or a year that it names."""
    months = (baseline.period.first, baseline.period.last)
    is_other_year = bool(target.base_year) and year_months(target.base_year) != months
    if target.since is not Since.BASELINE or is_other_year:
        return None
    return None if isinstance(change_move(target, measured), Rating) else baseline.value


@dataclass(frozen=True, slots=True)
class TargetFilters:
    plan_id: int
    indicator: str | None
    """Its code."""
    known_at: datetime | None


TargetEntry = tuple[Target, IndicatorRow, str, Baseline | None]
"""A target, its indicator, its plan's code and the baseline."""


def list_targets(
    session: Session, filters: TargetFilters, after: Sequence[ColumnElement[bool]], limit: int
) -> list[TargetEntry]:
    """Up to `limit` + 1 versions of a plan's targets, in order of id."""
    query = (
        select(Target, IndicatorRow, Plan.code)
        .join(IndicatorRow, col(IndicatorRow.id) == Target.indicator_id)
        .join(Plan, col(Plan.id) == Target.plan_id)
        .where(Target.plan_id == filters.plan_id, *after)
        .order_by(col(Target.id))
        .limit(limit + 1)
    )
    if filters.indicator is not None:
        query = query.where(IndicatorRow.code == filters.indicator)
    if filters.known_at is not None:
        query = query.where(Target.recorded_at <= filters.known_at)
    baseline_of = known_baselines(session, filters.plan_id, filters.known_at)
    return [
        (row, indicator, plan, baseline_of.get(row.indicator_id))
        for row, indicator, plan in session.exec(query)
    ]


def target_entry_out(entry: TargetEntry) -> IndicatorTargetOut:
    row, indicator, plan, baseline = entry
    out = target_out(row, indicator.judged(), as_baseline(baseline))
    return IndicatorTargetOut(**out, id=str(row.id), indicator=indicator.code, plan=plan)


def _grouped(rows: Iterable[Target]) -> dict[int, list[Target]]:
    grouped: dict[int, list[Target]] = {}
    for row in rows:
        grouped.setdefault(row.indicator_id, []).append(row)
    return grouped
