"""The domain's plan checks, asked of a document and answered by line."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from app.document.load.figure_rule import judged_as
from app.document.load.history import Path
from app.document.refusal import Problem
from app.document.shape import BaselineEntry, IndicatorEntry, PlanDocument
from app.domain.figures.published_change import PublishedChange
from app.domain.judgement.plan_check import HeadingFacts, LineFacts, PlanFacts, check
from app.domain.period import year_named
from app.domain.period_text import parse_period
from app.domain.plan import target
from app.domain.plan.baseline import AnyBaseline, Baseline, BaselineYear, NoBaseline


def plan_warnings(document: PlanDocument, today: date) -> Iterator[Problem]:
    places = dict(_places(document))
    for found in check(_facts(document), today):
        path = places.get(found.subject, ("plan",))
        yield Problem(document.line(*path), found.code, found.message)


def _facts(document: PlanDocument) -> PlanFacts:
    serves = _serves(document)
    heading = document.plan.baseline_period
    return PlanFacts(
        headings=tuple(_headings(document)),
        lines=tuple(
            _line(entry, serves[entry.code]) for entry in document.indicators if entry.code in serves
        ),
        baseline_heading=parse_period(heading) if heading else None,
    )


def _headings(document: PlanDocument) -> Iterator[HeadingFacts]:
    for priority in document.priorities:
        yield HeadingFacts(priority.code, priority.title)
        for theme in priority.themes:
            yield HeadingFacts(f"{priority.code}/{theme.code}", theme.title, "theme", priority.code)


def _serves(document: PlanDocument) -> dict[str, list[str]]:
    """Priorities and themes (`PRIORITY/THEME`) that each indicator stands under."""
    serves: dict[str, list[str]] = defaultdict(list)
    for priority in document.priorities:
        for measure in priority.measures:
            for code in measure.indicators:
                serves[code].append(priority.code)
                if measure.theme:
                    serves[code].append(f"{priority.code}/{measure.theme}")
    return dict(serves)


def _line(entry: IndicatorEntry, serves: list[str]) -> LineFacts:
    return LineFacts(
        code=entry.code,
        title=entry.title,
        indicator=judged_as(entry),
        serves=tuple(serves),
        responsible=entry.responsible or "",
        baseline=_baseline(entry.baseline[-1]) if entry.baseline else None,
        target=target.parse(entry.target[-1].words) if entry.target else None,
        changes=tuple(
            PublishedChange(
                parse_period(change.period),
                parse_period(change.compared_with),
                change.change,
                change.unit,
                change.words,
            )
            for change in entry.published_changes
        ),
    )


def _baseline(version: BaselineEntry) -> AnyBaseline:
    if version.year is not None:
        return BaselineYear(year_named(version.year))
    if version.value is None or version.period is None:
        return NoBaseline(version.none_because or "")
    return Baseline(parse_period(version.period), version.value, version.caveat)


def _places(document: PlanDocument) -> Iterator[tuple[str, Path]]:
    """Where each subject of a check stands in the document."""
    for number, priority in enumerate(document.priorities):
        yield priority.code, ("priorities", number)
        for position, theme in enumerate(priority.themes):
            yield f"{priority.code}/{theme.code}", ("priorities", number, "themes", position)
    for number, entry in enumerate(document.indicators):
        yield entry.code, ("indicators", number)
