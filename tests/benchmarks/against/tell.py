"""The comparison as Markdown, and what it comes to."""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.benchmarks.against.measure import Found
from tests.benchmarks.against.stages import How
from tests.benchmarks.against.verdict import Comparison, Spread, Verdict, Weight, by_chance
from tests.benchmarks.report import WORDS, amount

NOTES = """\
`new` is this version, `old` is {old}; both were asked in turn for {rounds} rounds of {seconds} s, each served, filled
and changed by its own code{packages}. Figures are requests a second: the median over the rounds (least to most), and
the ratio of the medians, new to old. Only where the spreads do not overlap is a case worse or better; of two versions
that are alike one case in {chance:,} seems worse, and as many better.
"""
OTHER_PACKAGES = ", but with the packages that this version pins"


def is_failure(found: Found) -> bool:
    """Also where nothing was compared: that says nothing of what is worse."""
    return bool(_worse(found)) or not _any_compared(found) or any(weight.is_over for weight in found.weights)


def tell(found: Found, old: str, how: How, *, same_packages: bool) -> str:
    packages = "" if same_packages else OTHER_PACKAGES
    notes = NOTES.format(
        old=old, rounds=how.rounds, seconds=how.seconds, packages=packages, chance=by_chance(how.rounds)
    )
    lines = [
        f"# Bench against {old}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        notes,
        "| case | name | old | new | new/old | |",
        "|---|---|--:|--:|--:|---|",
        *map(_row, found.comparisons),
        "",
        "| size | old | new | new/old | asked | |",
        "|---|--:|--:|--:|--:|---|",
        *map(_size, found.weights),
        "",
        *_conclusion(found, old),
    ]
    return "\n".join([*lines, ""])


def _row(case: Comparison) -> str:
    ratio = "" if case.ratio is None else f"{case.ratio:.3f}"
    said = case.verdict.value if case.old else "skipped"
    return f"| {case.title} | {case.name} | {_spread(case.old)} | {_spread(case.new)} | {ratio} | {said} |"


def _spread(found: Spread | None) -> str:
    return f"{_rate(found.median)} ({_rate(found.least)} to {_rate(found.most)})" if found else ""


def _rate(number: float) -> str:
    return f"{number:,.1f}" if number >= 10 else f"{number:.2f}"


def _size(weight: Weight) -> str:
    old = amount(weight.old) if weight.old is not None else ""
    ratio = f"{weight.new / weight.old:.3f}" if weight.old else ""
    said = WORDS[not weight.is_over]
    return (
        f"| {weight.title} | {old} | {amount(weight.new)} | {ratio} | under {amount(weight.most)} | {said} |"
    )


def _conclusion(found: Found, old: str) -> Iterator[str]:
    for why, names in _skipped(found).items():
        yield f"Skipped for {old}: {', '.join(names)}: {why}"
    for weight in found.weights:
        if weight.is_over:
            yield f"Too much: {weight.title}: {amount(weight.new)}"
    worse = [f"{case.name} ({case.ratio:.3f})" for case in _worse(found)]
    if worse:
        yield f"Worse than {old}: {', '.join(worse)}"
    else:
        yield f"Nothing is worse than {old}." if _any_compared(found) else f"Nothing was compared with {old}."


def _skipped(found: Found) -> dict[str, list[str]]:
    """By reason, as one is often that of many."""
    skipped: dict[str, list[str]] = {}
    for case in found.comparisons:
        if case.old is None:
            skipped.setdefault(case.skipped, []).append(case.name)
    return skipped


def _any_compared(found: Found) -> bool:
    return any(case.old for case in found.comparisons)


def _worse(found: Found) -> list[Comparison]:
    return [case for case in found.comparisons if case.verdict is Verdict.WORSE]
