"""Checks a plan's own figures. Finds warnings only."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from app.domain.figures.published_change import PublishedChange
from app.domain.judgement.goal import asks_for_worse, looser_goals, other_unit, year_months
from app.domain.judgement.target_reading import read_target
from app.domain.period import Period
from app.domain.plan.baseline import AnyBaseline, Baseline, BaselineYear, NoBaseline
from app.domain.plan.indicator import Indicator, Measure, Polarity
from app.domain.plan.target_shape import (
    AsWritten,
    Band,
    ByYear,
    Change,
    ChangeBy,
    Comparators,
    Deferred,
    Target,
    Threshold,
)
from app.domain.plan.target_unread import why_unread
from app.domain.plan.target_vocabulary import Since

TELLING = 10


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """A warning. `subject` is the code of the indicator, priority or theme it is about."""

    code: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class HeadingFacts:
    """A priority, or a theme of the priority whose code is `within`."""

    code: str
    title: str
    kind: Literal["priority", "theme"] = "priority"
    within: str = ""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One indicator of a plan. `serves` are the codes of every priority and theme it belongs to."""

    code: str
    title: str
    indicator: Indicator
    serves: tuple[str, ...] = ()
    responsible: str = ""
    baseline: AnyBaseline | None = None
    target: Target | None = None
    changes: tuple[PublishedChange, ...] = ()
    level_before: Baseline | None = None
    """Level when the target came into force, of a line that has no figure as its baseline."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Facts of a plan. `baseline_heading` is the period the plan prints above its baselines, if it prints one."""

    headings: tuple[HeadingFacts, ...] = ()
    lines: tuple[LineFacts, ...] = ()
    baseline_heading: Period | None = None


def check(plan: PlanFacts, today: date) -> tuple[PlanCheck, ...]:
    """Every warning about a plan: on headings, line by line, then on lines compared with each other."""
    return (
        *_bare_headings(plan),
        *(warning for line in plan.lines for warning in _line(line, plan, today)),
        *_identical_baselines(plan.lines),
        *_copying_slips(plan.lines),
    )


def _bare_headings(plan: PlanFacts) -> Iterator[PlanCheck]:
    served = {code for line in plan.lines for code in line.serves}
    for heading in plan.headings:
        if heading.code not in served:
            message = f'The {heading.kind} "{heading.title}" has no indicator: nothing will show whether it succeeds.'
            yield PlanCheck(f"{heading.kind}_without_indicator", heading.code, message)


def _line(line: LineFacts, plan: PlanFacts, today: date) -> Iterator[PlanCheck]:
    if not line.responsible:
        message = f'"{line.title}" has no responsible agency: nobody is asked for its figures.'
        yield PlanCheck("no_responsible_agency", line.code, message)
    yield from _looser(line)
    yield from _worse(line)
    yield from _baseline(line, plan.baseline_heading)
    yield from _target(line, today)


def _looser(line: LineFacts) -> Iterator[PlanCheck]:
    baseline = line.baseline if isinstance(line.baseline, Baseline) else line.level_before
    if baseline is None:
        return
    better = "lower" if line.indicator.polarity is Polarity.LOWER_IS_BETTER else "higher"
    if loose := looser_goals(line.target, line.indicator, baseline):
        goals_text = " and ".join(f'"{words}"' for words in loose)
        message = (
            f'"{line.title}" starts at {_start_words(line, baseline)}, and {better} is better, yet the '
            f"target is {goals_text}: it could get worse and still be met. Check the numbers."
        )
        yield PlanCheck("target_looser_than_baseline", line.code, message)


def _start_words(line: LineFacts, start: Baseline) -> str:
    """The baseline's figure; a level that is no baseline says what months it is of."""
    number = line.indicator.words(start.value)
    return number if start is line.baseline else f"{number} ({start.period.short_label})"


def _worse(line: LineFacts) -> Iterator[PlanCheck]:
    if worse := asks_for_worse(line.target, line.indicator):
        better = "lower" if line.indicator.polarity is Polarity.LOWER_IS_BETTER else "higher"
        message = (
            f'The target of "{line.title}" is "{worse}", yet {better} is better: it asks for a worse figure. '
            "Check its words, and which way is better."
        )
        yield PlanCheck("target_asks_for_worse", line.code, message)


def _baseline(line: LineFacts, heading: Period | None) -> Iterator[PlanCheck]:
    baseline = line.baseline
    if isinstance(baseline, Baseline) and heading is not None and baseline.period != heading:
        message = (
            f'The baseline of "{line.title}" is for {baseline.period.short_label}, under a heading that says '
            f"{heading.short_label}: say so beside it."
        )
        yield PlanCheck("baseline_other_period", line.code, message)
    if isinstance(baseline, NoBaseline | BaselineYear):
        for change in line.changes:
            message = (
                f'"{line.title}" has no baseline, yet a change is published: {change.summary}. A change needs '
                f"two figures: ask for the level in {change.compared_with.short_label}, or how it was worked out."
            )
            yield PlanCheck("baseline_contradicted", line.code, message)


def _target(line: LineFacts, today: date) -> Iterator[PlanCheck]:
    target = line.target
    if isinstance(target, Deferred) and target.year:
        end = Period(year_months(target.year)[1], 1)
        if end.has_ended(today):
            message = f'The target of "{line.title}" was to be set in {target.year}, and has not been.'
            yield PlanCheck("target_overdue", line.code, message)
    if isinstance(target, ByYear):
        yield from _bare_years(line, target)
    if isinstance(target, AsWritten) and target.words:
        message = (
            f'The target of "{line.title}" is kept as written, and cannot be judged: "{target.words}". '
            f"{why_unread(target.words)}"
        )
        yield PlanCheck("target_not_read", line.code, message)
    for part in _parts(target):
        if isinstance(part, Change | ChangeBy):
            yield from _needs(line, part)
    if target is not None:
        yield from _unit(line, target)
        yield from _others(line, target)


def _parts(target: Target | None) -> list[Target]:
    """A target's parts, one a year where it has several."""
    if isinstance(target, ByYear):
        return [step for _, step in target.steps]
    return [] if target is None else [target]


def _others(line: LineFacts, target: Target) -> Iterator[PlanCheck]:
    """Warns of a target that is understood and yet not judged: by other areas, or to change the wrong way."""
    reading = read_target(target.words, line.indicator, line.baseline or NoBaseline(""))
    is_against_polarity = any(isinstance(part, Change | ChangeBy) and part.subject for part in _parts(target))
    if reading.not_judged_because and (isinstance(target, Comparators) or is_against_polarity):
        message = f'The target of "{line.title}" will not be judged. {reading.not_judged_because}'
        yield PlanCheck("target_not_judged", line.code, message)


def _unit(line: LineFacts, target: Target) -> Iterator[PlanCheck]:
    """Warns once of a number in another unit than the figures', however many years it is written for."""
    numeric = [part for part in _parts(target) if isinstance(part, Threshold | Band)]
    if other := next(filter(None, (other_unit(part, line.indicator) for part in numeric)), ""):
        message = f'The target of "{line.title}" is "{target.words}", yet {other}: it cannot be judged so.'
        yield PlanCheck("target_other_unit", line.code, message)


def _bare_years(line: LineFacts, target: ByYear) -> Iterator[PlanCheck]:
    bare = [year for year, _ in target.steps if len(year) == 4]
    if bare:
        year = int(bare[0])
        message = (
            f'The target of "{line.title}" is for {" and ".join(bare)}. It is read as calendar years: if {year} '
            f"means April {year} to March {year + 1}, write {year}-{(year + 1) % 100:02d}."
        )
        yield PlanCheck("target_bare_year", line.code, message)


def _needs(line: LineFacts, target: Change | ChangeBy) -> Iterator[PlanCheck]:
    without = line.baseline is None or isinstance(line.baseline, NoBaseline)
    if target.since is Since.BASELINE and not target.base_year and without:
        message = f'"{line.title}" is to show "{target.words}", and there is no baseline to start from.'
        yield PlanCheck("target_needs_baseline", line.code, message)
    percentage = line.indicator.measure is Measure.PERCENTAGE
    if isinstance(target, ChangeBy) and target.unit == "%" and percentage:
        message = f'"{target.words}" of a percentage reads two ways for "{line.title}": write points.'
        yield PlanCheck("target_two_readings", line.code, message)


def _identical_baselines(lines: tuple[LineFacts, ...]) -> Iterator[PlanCheck]:
    """Warns of one number for two indicators. Below ten it is too likely to be chance."""
    alike: dict[tuple[Decimal, Measure], list[LineFacts]] = defaultdict(list)
    for line in lines:
        if isinstance(line.baseline, Baseline) and line.baseline.value >= TELLING:
            alike[line.baseline.value, line.indicator.measure].append(line)
    for same in alike.values():
        for one, other in pairwise(same):
            message = (
                f'"{one.title}" and "{other.title}" have the same baseline, '
                f"{one.indicator.words(_baseline_value(one))}: check that one was not copied from the other."
            )
            yield PlanCheck("identical_baselines", other.code, message)


def _copying_slips(lines: tuple[LineFacts, ...]) -> Iterator[PlanCheck]:
    baselines = {
        (line.baseline.value, line.indicator.measure): line
        for line in lines
        if isinstance(line.baseline, Baseline) and line.baseline.value >= TELLING
    }
    titles: dict[str, LineFacts] = {}
    for line in lines:
        for number in _numbers(line.target):
            yield from _slip(line, number, baselines.get((number, line.indicator.measure)))
        title = line.title.casefold().strip()
        if title in titles:
            message = f'"{line.title}" stands in the plan twice, as {titles[title].code} and {line.code}.'
            yield PlanCheck("repeated_title", line.code, message)
        titles.setdefault(title, line)


def _slip(line: LineFacts, number: Decimal, other: LineFacts | None) -> Iterator[PlanCheck]:
    own = _baseline_value(line) if isinstance(line.baseline, Baseline) else None
    number_text = line.indicator.words(number)
    if other is not None and other is not line and number != own:
        message = (
            f'The target of "{line.title}", {number_text}, is the baseline of "{other.title}": was it copied?'
        )
        yield PlanCheck("copying_slip", line.code, message)
    elif own is not None and number != own and number >= 100 and sorted(f"{number:f}") == sorted(f"{own:f}"):
        message = (
            f'The target of "{line.title}", {number_text}, has the digits of its baseline, '
            f"{line.indicator.words(own)}, in another order: was it mistyped?"
        )
        yield PlanCheck("copying_slip", line.code, message)


def _baseline_value(line: LineFacts) -> Decimal:
    return line.baseline.value if isinstance(line.baseline, Baseline) else Decimal(0)


def _numbers(target: Target | None) -> tuple[Decimal, ...]:
    if isinstance(target, Threshold):
        return (target.amount.value,)
    if isinstance(target, Band):
        return (target.low.value, target.high.value)
    if isinstance(target, ByYear):
        return tuple(number for _, step in target.steps for number in _numbers(step))
    return ()
