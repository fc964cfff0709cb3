"""Checks that each code the document refers to is in it, and no code or figure is in it twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from app.document.kit.names import Names, PathProblem, unknown_code
from app.document.kit.tree import Path
from app.document.load.figure_rule import broken_rules, invalid, judged_as
from app.document.load.history import History, breakdown_text, histories
from app.document.refusal import Problem
from app.document.registry import BY_KEY
from app.document.shape import IndicatorEntry, PlanDocument, PriorityEntry
from app.models.figures.figure import LONGEST_BREAKDOWN


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


def reference_problems(document: PlanDocument) -> Iterator[Problem]:
    """Yields unknown and repeated codes, and rules that the document alone breaks."""
    lists = dict(_coded_lists(document))
    codes = {key: frozenset(entry.code for entry in entries) for key, entries in lists.items()}
    names = Names(codes, document.line)
    for key, entries in lists.items():
        for path, code, message in _repeated(key, entries):
            yield names.problem(path, code, message)
    for key in PlanDocument.model_fields:
        if key in BY_KEY:
            yield from BY_KEY[key].references(names, getattr(document, key))
        elif key in NOT_REGISTERED:
            for path, code, message in NOT_REGISTERED[key](document):
                yield names.problem(path, code, message)


def figure_problems(document: PlanDocument) -> Iterator[Problem]:
    """Yields findings about figures by themselves. `load` only warns of those that are stored already."""
    measured = {entry.code: judged_as(entry) for entry in document.indicators}
    for history in histories(document):
        if history.indicator in measured:
            for path, code, message in invalid(history, measured[history.indicator]):
                yield Problem(document.line(*path), code, message)


def _coded_lists(document: PlanDocument) -> Iterator[tuple[str, list[_Coded]]]:
    """Yields the document's lists by key, with the entries that have codes."""
    for key in PlanDocument.model_fields:
        entries = getattr(document, key)
        if isinstance(entries, list):
            yield key, [entry for entry in entries if hasattr(entry, "code")]


def _repeated(where: str | Path, entries: Sequence[_Coded]) -> Iterator[PathProblem]:
    path = (where,) if isinstance(where, str) else where
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.code in seen:
            yield (*path, number, "code"), "repeated_code", f"{entry.code} is used twice in {path[-1]}."
        seen.add(entry.code)


def _about_partnership(document: PlanDocument) -> Iterator[PathProblem]:
    area_codes = [area.code for area in document.areas]
    yield from unknown_code(("partnership", "area"), "area", document.partnership.area, area_codes)


def _about_plan(document: PlanDocument) -> Iterator[PathProblem]:
    plan = document.plan
    if plan.last_year < plan.first_year:
        yield ("plan", "last_year"), "years_reversed", "The plan's last year is before its first."
    if plan.version < 1:
        yield ("plan", "version"), "bad_version", "A plan's versions are numbered from 1."


def _about_priorities(document: PlanDocument) -> Iterator[PathProblem]:
    for number, priority in enumerate(document.priorities):
        yield from _about_priority(document, priority, ("priorities", number))


def _about_priority(document: PlanDocument, priority: PriorityEntry, path: Path) -> Iterator[PathProblem]:
    themes = [theme.code for theme in priority.themes]
    objectives = [objective.code for objective in priority.objectives]
    indicators = [indicator.code for indicator in document.indicators]
    for name in ("themes", "objectives", "actions", "measures"):
        yield from _repeated((*path, name), getattr(priority, name))
    for number, objective in enumerate(priority.objectives):
        yield from unknown_code((*path, "objectives", number, "theme"), "theme", objective.theme, themes)
    for number, action in enumerate(priority.actions):
        at = (*path, "actions", number)
        yield from unknown_code((*at, "theme"), "theme", action.theme, themes)
        yield from unknown_code((*at, "objective"), "objective", action.objective, objectives)
    for number, measure in enumerate(priority.measures):
        at = (*path, "measures", number)
        yield from unknown_code((*at, "theme"), "theme", measure.theme, themes)
        for position, code in enumerate(measure.indicators):
            yield from unknown_code((*at, "indicators", position), "indicator", code, indicators)


def _about_indicators(document: PlanDocument) -> Iterator[PathProblem]:
    for number, indicator in enumerate(document.indicators):
        yield from _about_indicator(document, indicator, ("indicators", number))


def _about_indicator(document: PlanDocument, indicator: IndicatorEntry, path: Path) -> Iterator[PathProblem]:
    agencies = [agency.code for agency in document.agencies]
    others = [other.code for other in document.indicators if other.code != indicator.code]
    yield from unknown_code((*path, "responsible"), "agency", indicator.responsible, agencies)
    for number, code in enumerate(indicator.suppliers):
        yield from unknown_code((*path, "suppliers", number), "agency", code, agencies)
    yield from unknown_code((*path, "paired_with"), "indicator", indicator.paired_with, others)
    for name in ("baseline", "target"):
        versions = getattr(indicator, name)
        for number, version in enumerate(versions[1:], start=1):
            if not version.reason:
                message = f"Say why this {name} replaced the one before: give a reason."
                yield (*path, name, number), "reason_needed", message
    yield from _about_changes(document, indicator, path)


def _about_changes(document: PlanDocument, indicator: IndicatorEntry, path: Path) -> Iterator[PathProblem]:
    areas = [area.code for area in document.areas]
    seen: set[tuple[str | None, str, str, str]] = set()
    for number, change in enumerate(indicator.published_changes):
        at = (*path, "published_changes", number)
        yield from unknown_code((*at, "area"), "area", change.area, areas)
        key = (change.area, change.period, change.compared_with, change.unit)
        if key in seen:
            message = "A change between the same two periods is given twice for this indicator."
            yield at, "repeated_change", message
        seen.add(key)


def _about_figures(document: PlanDocument) -> Iterator[PathProblem]:
    indicators = {indicator.code: indicator for indicator in document.indicators}
    for code in document.figures:
        yield from unknown_code(("figures", code), "indicator", code, indicators)
    yield from _about_groups(document, indicators)
    seen: dict[tuple[str, str, str, int, int], History] = {}
    for history in histories(document):
        first = seen.setdefault(history.identity, history)
        if first is not history:
            line = document.line(*first.path)
            message = f"The figure for {history.period} is already given on line {line}: keep one of them."
            yield history.path, "repeated_figure", message
        yield from broken_rules(history)


def _about_groups(document: PlanDocument, indicators: dict[str, IndicatorEntry]) -> Iterator[PathProblem]:
    areas = [area.code for area in document.areas]
    for code, groups in document.figures.items():
        for number, group in enumerate(groups):
            path: Path = ("figures", code, number)
            yield from unknown_code((*path, "area"), "area", group.area, areas)
            breakdowns = indicators[code].breakdowns if code in indicators else None
            if len(breakdown_text(group.breakdown)) > LONGEST_BREAKDOWN:
                message = f"Together its dimensions and parts may be {LONGEST_BREAKDOWN} characters long."
                yield (*path, "breakdown"), "breakdown_too_long", message
            for dimension, member in group.breakdown.items() if breakdowns is not None else ():
                at = (*path, "breakdown", dimension)
                yield from unknown_code(at, "breakdown", dimension, breakdowns or ())
                if breakdowns and dimension in breakdowns:
                    yield from unknown_code(at, "breakdown", member, breakdowns[dimension])


NOT_REGISTERED: Mapping[str, Callable[[PlanDocument], Iterator[PathProblem]]] = {
    "partnership": _about_partnership,
    "plan": _about_plan,
    "priorities": _about_priorities,
    "indicators": _about_indicators,
    "figures": _about_figures,
}
"""Checks of the sections that are not in the registry yet."""
