"""The last few values as a small line without axes."""

from dataclasses import dataclass
from typing import Any

from app.drawing.line import Place, gaps, lines, runs


@dataclass(frozen=True)
class Sparkline:
    lines: list[str]
    alone: list[Place]
    """Points that no line reaches."""
    end: Place
    level: float | None
    words: str


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
    parts = runs(places, gaps(recent))
    alone = [run[0] for run in parts if len(run) == 1]
    first, last = present[0], present[-1]
    words = f"From {first['words']} in {first['period_label']} to {last['words']} in {last['period_label']}"
    return Sparkline(lines(parts), alone, parts[-1][-1], None if level is None else y(level), words)
