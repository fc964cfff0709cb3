"""Computes the positions of a chart's points, lines and labels. A template draws them.

Co-ordinates are SVG's, in user units from the top left, rounded to a tenth.
"""

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from app.drawing.axis import number, scale_of
from app.drawing.line import gaps, lines, month_number, runs
from app.drawing.quantity import parted

Stroke = tuple[float, float, float]
"""A level line: from x, to x, at y."""


@dataclass(frozen=True)
class Frame:
    """The picture's size, and the plot's margins within it."""

    width: float
    height: float
    left: float
    right: float
    top: float = 18
    bottom: float = 52
    labels: int = 18
    """Number of names that fit along the bottom."""

    @property
    def right_edge(self) -> float:
        return self.width - self.right

    @property
    def floor(self) -> float:
        return self.height - self.bottom


WIDE = Frame(width=1140, height=360, left=84, right=190)
NARROW = Frame(width=360, height=300, left=56, right=32, labels=4)


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    words: str
    label: str
    provisional: bool


@dataclass(frozen=True)
class Tick:
    at: float
    text: str
    below: str = ""


@dataclass(frozen=True)
class EndLabel:
    """Name of a line, at its right-hand end."""

    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class Chart:
    frame: Frame
    rises: list[Tick]
    names: list[Tick]
    points: list[Point]
    lines: list[str]
    """Polylines' points; a gap or a break in the series begins another."""
    targets: list[Stroke]
    baseline: float | None
    breaks: list[tuple[float, str]]
    limits: tuple[float, float] | None
    """The usual range's top and bottom."""
    ends: list[EndLabel]


def _across(points: list[dict[str, Any]], frame: Frame) -> list[float]:
    """x of each period, by its end, so that a gap in time is a gap on paper."""
    ends = [month_number(point["period_end"]) for point in points]
    if len(set(ends)) < 2:
        return [(frame.left + frame.right_edge) / 2 for _ in ends]
    # Half a step of room on either side keeps the first and last points off the axis.
    pad = min(24.0, (frame.right_edge - frame.left) / (2 * len(ends)))
    span = frame.right_edge - frame.left - 2 * pad
    return [round(frame.left + pad + span * (end - ends[0]) / (ends[-1] - ends[0]), 1) for end in ends]


def _targets(points: list[dict[str, Any]], xs: list[float], frame: Frame) -> list[Stroke]:
    """Joins periods with one target to a stroke. Its y is still the target's value."""
    strokes: list[Stroke] = []
    half = min((b - a for a, b in pairwise(xs) if b > a), default=frame.right_edge - frame.left) / 2
    for point, x in zip(points, xs, strict=True):
        if point["target"] is None:
            continue
        start, end = max(frame.left, x - half), min(frame.right_edge, x + half)
        if strokes and strokes[-1][2] == point["target"] and abs(strokes[-1][1] - start) < 0.2:
            strokes[-1] = (strokes[-1][0], end, point["target"])
        else:
            strokes.append((start, end, point["target"]))
    return strokes


def _names(points: list[dict[str, Any]], xs: list[float], frame: Frame) -> list[Tick]:
    every = max(1, math.ceil(len(points) / frame.labels))
    ticks: list[Tick] = []
    year = None
    for index, (point, x) in enumerate(zip(points, xs, strict=True)):
        if (len(points) - 1 - index) % every:
            continue
        text, below = point["axis_label"], point["axis_year"]
        ticks.append(Tick(x, text, below if below != year else ""))
        year = below
    return ticks


def _apart(ends: list[EndLabel], frame: Frame, gap: float = 19) -> list[EndLabel]:
    """Moves labels just far enough apart to be read, and keeps their order."""
    placed: list[EndLabel] = []
    for end in sorted(ends, key=lambda label: label.y):
        lowest = placed[-1].y + gap if placed else frame.top
        placed.append(replace(end, y=round(max(end.y, lowest), 1)))
    over = placed[-1].y - frame.floor if placed else 0
    return [replace(end, y=round(end.y - over, 1)) for end in placed] if over > 0 else placed


def chart(series: dict[str, Any], frame: Frame = WIDE) -> Chart | None:
    """The chart of an API series; nothing where no period has a value."""
    rows = series["points"]
    present = [row for row in rows if row["value"] is not None]
    if not present:
        return None
    baseline, limits = series.get("baseline_level"), series.get("limits") or {}
    levels = [row["value"] for row in present] + [row["target"] for row in rows if row["target"] is not None]
    levels += [baseline] if baseline is not None else []
    levels += [limits[name] for name in ("lower", "upper") if name in limits]
    low, high, step = scale_of([float(level) for level in levels], series["zero_based"])

    def y(level: float) -> float:
        return round(frame.floor - (frame.floor - frame.top) * (float(level) - low) / (high - low), 1)

    xs = _across(rows, frame)
    points = [
        Point(x, y(row["value"]), row["words"], row["period_label"], row["status"] not in (None, "final"))
        if row["value"] is not None
        else None
        for row, x in zip(rows, xs, strict=True)
    ]
    breaks = _breaks(series, xs)
    targets = [(a, b, y(level)) for a, b, level in _targets(rows, xs, frame)]
    drawn = [point for point in points if point]
    broken_at = {index for index, _, _ in breaks} | gaps(rows)
    return Chart(
        frame=frame,
        rises=[
            Tick(y(low + n * step), number(low + n * step, step, series["unit"]))
            for n in range(round((high - low) / step) + 1)
        ],
        names=_names(rows, xs, frame),
        points=drawn,
        lines=lines(runs([(point.x, point.y) if point else None for point in points], broken_at)),
        targets=targets,
        baseline=None if baseline is None else y(baseline),
        breaks=[(x, reason) for _, x, reason in breaks],
        limits=(y(limits["upper"]), y(limits["lower"])) if {"lower", "upper"} <= limits.keys() else None,
        ends=_apart(_ends(series, drawn, targets, None if baseline is None else y(baseline)), frame),
    )


def _breaks(series: dict[str, Any], xs: list[float]) -> list[tuple[int, float, str]]:
    """Index of the first point after each break, x of the break's line, and its reason."""
    ends = [point["period_end"][:7] for point in series["points"]]
    positions = []
    for broken in series.get("breaks") or []:
        since = str(broken.get("from") or broken.get("from_period") or "")[:7]
        index = next((n for n, end in enumerate(ends) if since and end >= since), 0)
        if index:
            positions.append(
                (index, round((xs[index - 1] + xs[index]) / 2, 1), str(broken.get("reason", "")))
            )
    return positions


def _ends(
    series: dict[str, Any], points: list[Point], targets: list[Stroke], baseline: float | None
) -> list[EndLabel]:
    # The words after a number may be longer than the margin; the table has them.
    newest = points[-1].words
    ends = [EndLabel(points[-1].y, parted(newest)[0] or newest, "figure")]
    if targets:
        ends.append(EndLabel(targets[-1][2], "Target", "target"))
    if baseline is not None:
        ends.append(EndLabel(baseline, series.get("baseline_level_label") or "Baseline", "baseline"))
    return ends
