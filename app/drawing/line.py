"""Splits the line through a series at gaps and breaks."""

from itertools import pairwise
from typing import Any

Place = tuple[float, float]


def month_number(date_text: str) -> int:
    return int(date_text[:4]) * 12 + int(date_text[5:7])


def gaps(points: list[dict[str, Any]]) -> set[int]:
    """Indexes of the points before which a period is absent. Periods are of one length and in order."""
    spans = [(month_number(point["period_start"]), month_number(point["period_end"])) for point in points]
    steps = [after[1] - before[1] for before, after in pairwise(spans)]
    # Rolling years come oftener than once a year: they step by less than they are long.
    usual = min([*steps, *(last - first + 1 for first, last in spans)], default=0)
    return {index for index, step in enumerate(steps, 1) if step > usual}


def runs(places: list[Place | None], broken_at: set[int]) -> list[list[Place]]:
    """Points that follow one another, up to a period without a value or a place to break at."""
    parts: list[list[Place]] = [[]]
    for index, place in enumerate(places):
        if place is None or index in broken_at:
            parts.append([])
        if place is not None:
            parts[-1].append(place)
    return [run for run in parts if run]


def lines(parts: list[list[Place]]) -> list[str]:
    return [" ".join(f"{x},{y}" for x, y in run) for run in parts if len(run) > 1]
