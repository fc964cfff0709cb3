"""What is measured: a plan of sixty indicators with seven years of months, of two areas."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db import migrate
from tests.benchmarks.fill import fill
from tests.stocked import OWN_AREA, stock, ward

INDICATORS = 60
POST_WARDS = range(199, 223)
"""Wards without figures, for what is posted."""

KINDS: tuple[dict[str, Any], ...] = (
    {"target": "Reduction"},
    {"target": "Fewer than 1,150", "baseline": {"period": "2016-17", "value": "1211"}},
    {"polarity": "higher_is_better", "target": "8%", "baseline": {"period": "2016-17", "value": "1204"}},
    {"reporting_sensitive": "yes", "paired_with": "percentage-05", "target": "Increase"},
    {
        "measure": "percentage",
        "adds_up": "ratio",
        "denominator": "victims asked in the quarter",
        "polarity": "higher_is_better",
        "decimals": "1",
        "target": "Greater than 76%",
        "baseline": {"period": "2016-17", "value": "74.2"},
    },
    {"window": "rolling_year", "adds_up": "latest", "target": "Lower than 140"},
)
"""One after another, over and over."""


@dataclass(frozen=True)
class Stock:
    """A database with ten thousand figures, and the key that reads it."""

    path: Path
    token: str


def build(directory: Path) -> Stock:
    path = directory / "service.db"
    url = f"sqlite:///{path}"
    migrate(url)
    token = stock(url, indicators(), wards=POST_WARDS[-1])
    fill(url, [OWN_AREA, ward(1)])
    return Stock(path, token)


def indicators() -> list[dict[str, Any]]:
    made = []
    for number in range(1, INDICATORS + 1):
        kind = KINDS[(number - 1) % len(KINDS)]
        name = kind.get("measure", "count")
        made.append({"code": f"{name}-{number:02}", **kind})
    return made
