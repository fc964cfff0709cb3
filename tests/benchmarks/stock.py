"""What is measured: a plan of sixty indicators with seven years of months, and a million figures around it."""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db import migrate
from tests.stocked import OWN_AREA, TODAY, stock, ward

INDICATORS = 60
MONTHS = 84
FEW_WARDS = 1
MANY_WARDS = 198
POST_WARDS = range(MANY_WARDS + 1, MANY_WARDS + 25)
"""Wards without figures, for what is posted."""
LAST = TODAY.year * 12 + TODAY.month - 2
"""November 2017, in months since year 0."""

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
    """Two databases alike but for how many figures they hold, and the key that reads both."""

    few: Path
    many: Path
    token: str


def build(directory: Path) -> Stock:
    few, many = directory / "few.db", directory / "many.db"
    url = f"sqlite:///{few}"
    migrate(url)
    token = stock(url, indicators(), wards=POST_WARDS[-1])
    fill(few, [OWN_AREA, *(ward(number) for number in range(1, FEW_WARDS + 1))])
    shutil.copyfile(few, many)
    fill(many, [ward(number) for number in range(FEW_WARDS + 1, MANY_WARDS + 1)])
    return Stock(few, many, token)


def indicators() -> list[dict[str, Any]]:
    made = []
    for number in range(1, INDICATORS + 1):
        kind = KINDS[(number - 1) % len(KINDS)]
        name = kind.get("measure", "count")
        made.append({"code": f"{name}-{number:02}", **kind})
    return made


def fill(path: Path, areas: list[str]) -> int:
    """Figures of every indicator, month and area straight into the tables, month by month as they would come.

    Gives how many figures the database then holds.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000", "BEGIN"):
        connection.execute(statement)
    connection.execute("CREATE TEMP TABLE place (code TEXT, number INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO place (code) VALUES (?)", [(area,) for area in areas])
    connection.execute("INSERT OR IGNORE INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", SUBMISSION)
    connection.execute(FIGURES, {"first": LAST - MONTHS + 1, "last": LAST})
    connection.execute(REVISIONS)
    (held,) = connection.execute("SELECT count(*) FROM figure").fetchone()
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return int(held)


SUBMISSION = (1, 1, 1, "csv", "accepted", "{}", "[]", "2017-12-20 09:00:00", "key", 1)
FIGURES = """
WITH RECURSIVE month(last) AS (SELECT :first UNION ALL SELECT last + 1 FROM month WHERE last < :last),
made AS (
    SELECT indicator.id AS indicator, place.code AS area, month.last,
        month.last - CASE indicator.window WHEN 'rolling_year' THEN 11 ELSE 0 END AS first,
        indicator.measure = 'percentage' AS of_parts,
        60 + (indicator.id * 37 + month.last * 13 + place.number * 7) % 40 + 10 * (month.last % 12 > 5) AS value
    FROM month CROSS JOIN place CROSS JOIN indicator ORDER BY month.last, place.number, indicator.id
)
INSERT INTO figure (id, indicator_id, area_code, breakdown, first_month, last_month, revision, recorded_at,
    submission_id, seq, value, numerator, denominator, status, qualifier, note)
SELECT (SELECT coalesce(max(id), 0) FROM figure) + row_number() OVER (), indicator, area, '', first, last, 1,
    '2017-12-20 09:00:00.000000', 1, 1, CAST(CASE WHEN of_parts THEN value / 2.0 ELSE value END AS TEXT),
    CASE WHEN of_parts THEN CAST(value AS TEXT) END, CASE WHEN of_parts THEN '200' END, 'final', 'exact', ''
FROM made
"""
REVISIONS = """
INSERT INTO figure_revision (figure_id, number, reason, recorded_at, recorded_by, submission_id, seq,
    value, numerator, denominator, status, qualifier, note)
SELECT id, 1, '', recorded_at, 'key', submission_id, seq,
    value, numerator, denominator, status, qualifier, note
FROM figure WHERE id > (SELECT coalesce(max(figure_id), 0) FROM figure_revision)
"""
