"""A series as geometry: where each point, line and label of its chart goes. The drawing is a template's.

Co-ordinates are SVG's, in user units from the top left, rounded to a tenth.
"""

import math
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from app.drawing.quantity import parted

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


Place = tuple[float, float]
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
    """How many names fit along the bottom."""

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
    """What a line is called, at its right-hand end."""

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


@dataclass(frozen=True)
class Sparkline:
    lines: list[str]
    alone: list[Place]
    """Points that no line reaches."""
    end: Place
    level: float | None
    words: str


def nice_step(span: float, most: int = 5) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that covers the span in at most `most` steps."""
    rough = max(span, 1e-9) / most
    power: float = 10 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999999)


def scale_of(values: list[float], zero_based: bool) -> tuple[float, float, float]:
    """Lowest, highest and step of an axis that holds every value, in round numbers."""
    low, high = min(values), max(values)
    if zero_based:
        low = min(low, 0.0)
    if high == low:
        high, low = high + (abs(high) * 0.1 or 1.0), low - (0.0 if zero_based else abs(low) * 0.1 or 1.0)
    step = nice_step(high - low)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


def number(value: float, step: float, unit: str) -> str:
    """An axis label: as many decimals as its step has."""
    decimals = 0 if step >= 1 and float(step).is_integer() else (1 if round(step * 10, 6).is_integer() else 2)
    return in_unit(f"{value:,.{decimals}f}", unit)


def in_unit(text: str, unit: str) -> str:
    """ "42.5%", "£1,200"; other units are said once, not at each number."""
    if unit == "%":
        return f"{text}%"
    return f"£{text}" if unit in ("£", "GBP", "pounds") else text


def named(period: str) -> tuple[str, str]:
    """A period's short name along the bottom and the year below it: ("Q1", "2014/15"), ("Sep", "2017")."""
    last = period.rsplit("/", 1)[-1]
    if quarter := re.fullmatch(r"(\d{4})-(\d{2})-Q([1-4])", last):
        return f"Q{quarter[3]}", f"{quarter[1]}/{quarter[2]}"
    two = re.fullmatch(r"(\d{4})-(\d{2})", last)
    if two is None:
        return period, ""
    # 2011-12 is a financial year, though it could be a December; a run's end is always a month.
    is_year = "/" not in period and int(two[2]) == (int(two[1]) + 1) % 100
    return (f"{two[1]}/{two[2]}", "") if is_year else (MONTHS[int(two[2]) - 1], two[1])


def _months(date_text: str) -> int:
    return int(date_text[:4]) * 12 + int(date_text[5:7])


def _gaps(points: list[dict[str, Any]]) -> set[int]:
    """Before which of the points, whose periods are of one length and in order, another is absent."""
    spans = [(_months(point["period_start"]), _months(point["period_end"])) for point in points]
    steps = [after[1] - before[1] for before, after in pairwise(spans)]
    # Rolling years come oftener than once a year: they step by less than they are long.
    usual = min([*steps, *(last - first + 1 for first, last in spans)], default=0)
    return {index for index, step in enumerate(steps, 1) if step > usual}


def _across(points: list[dict[str, Any]], frame: Frame) -> list[float]:
    """Where each period falls, by when it ends, so that a gap in time is a gap on paper."""
    ends = [_months(point["period_end"]) for point in points]
    if len(set(ends)) < 2:
        return [(frame.left + frame.right_edge) / 2 for _ in ends]
    # Half a step of room on either side keeps the first and last points off the axis.
    pad = min(24.0, (frame.right_edge - frame.left) / (2 * len(ends)))
    span = frame.right_edge - frame.left - 2 * pad
    return [round(frame.left + pad + span * (end - ends[0]) / (ends[-1] - ends[0]), 1) for end in ends]


def _targets(points: list[dict[str, Any]], xs: list[float], frame: Frame) -> list[Stroke]:
    """Each run of periods with one target is one stroke; its height is still the figure's own number."""
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


def _runs(places: list[Place | None], broken_at: set[int]) -> list[list[Place]]:
    """Points that follow one another, up to a period without a value or a place to break at."""
    runs: list[list[Place]] = [[]]
    for index, place in enumerate(places):
        if place is None or index in broken_at:
            runs.append([])
        if place is not None:
            runs[-1].append(place)
    return [run for run in runs if run]


def _lines(runs: list[list[Place]]) -> list[str]:
    return [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]


def _names(points: list[dict[str, Any]], xs: list[float], frame: Frame) -> list[Tick]:
    every = max(1, math.ceil(len(points) / frame.labels))
    shown: list[Tick] = []
    year = None
    for index, (point, x) in enumerate(zip(points, xs, strict=True)):
        if (len(points) - 1 - index) % every:
            continue
        text, below = named(point["period"])
        shown.append(Tick(x, text, below if below != year else ""))
        year = below
    return shown


def _apart(ends: list[EndLabel], frame: Frame, gap: float = 19) -> list[EndLabel]:
    """The same labels moved just far enough apart to be read, in their own order."""
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

    def y(value: float) -> float:
        return round(frame.floor - (frame.floor - frame.top) * (float(value) - low) / (high - low), 1)

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
    broken_at = {index for index, _, _ in breaks} | _gaps(rows)
    return Chart(
        frame=frame,
        rises=[
            Tick(y(low + n * step), number(low + n * step, step, series["unit"]))
            for n in range(round((high - low) / step) + 1)
        ],
        names=_names(rows, xs, frame),
        points=drawn,
        lines=_lines(_runs([(point.x, point.y) if point else None for point in points], broken_at)),
        targets=targets,
        baseline=None if baseline is None else y(baseline),
        breaks=[(x, reason) for _, x, reason in breaks],
        limits=(y(limits["upper"]), y(limits["lower"])) if {"lower", "upper"} <= limits.keys() else None,
        ends=_apart(_ends(series, drawn, targets, None if baseline is None else y(baseline)), frame),
    )


def _breaks(series: dict[str, Any], xs: list[float]) -> list[tuple[int, float, str]]:
    """Before which point each break falls, where its line is drawn, and why it is there."""
    ends = [point["period_end"][:7] for point in series["points"]]
    found = []
    for broken in series.get("breaks") or []:
        since = str(broken.get("from") or broken.get("from_period") or "")[:7]
        index = next((n for n, end in enumerate(ends) if since and end >= since), 0)
        if index:
            found.append((index, round((xs[index - 1] + xs[index]) / 2, 1), str(broken.get("reason", ""))))
    return found


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


def sparkline(recent: list[dict[str, Any]], level: float | None = None) -> Sparkline | None:
    """The last few values as a line 110 by 30, with the target's level where it is of the same kind."""
    present = [point for point in recent if point["value"] is not None]
    if len(present) < 2:
        return None
    heights = [float(point["value"]) for point in present] + ([float(level)] if level is not None else [])
    low, high = min(heights), max(heights)
    across = 102 / max(1, len(recent) - 1)

    def y(value: float) -> float:
        return round(26 - 22 * (value - low) / (high - low), 1) if high > low else 15.0

    places = [
        (round(3 + across * n, 1), y(float(point["value"]))) if point["value"] is not None else None
        for n, point in enumerate(recent)
    ]
    runs = _runs(places, _gaps(recent))
    alone = [run[0] for run in runs if len(run) == 1]
    first, last = present[0], present[-1]
    words = f"From {first['words']} in {first['period_label']} to {last['words']} in {last['period_label']}"
    return Sparkline(_lines(runs), alone, runs[-1][-1], None if level is None else y(level), words)
