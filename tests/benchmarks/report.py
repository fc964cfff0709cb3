"""The figures as a table for people and as JSON for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.contest import Result, Size

WORDS = {True: "reached", False: "**missed**", None: ""}
NOTES = """\
One run, each contender asked in turn for {rounds} rounds of {seconds} s; figures are medians over the rounds, and
a ratio is the median of the rounds' own. All of it on the loopback address, with one worker each, and with SQLite
where nothing else is said. The PostgreSQL is the tests' own: it listens on a socket and does not wait for the disk.

- `service`: `saferplan serve`. `floor`: Starlette, sqlite3 and msgspec by hand, sending the same bytes of the same rows
  from a database that holds no more, without authority or judging; `kept floor` sends them from memory while its
  ledger stands. `orm`: FastAPI, SQLModel objects and response models. `few`: the service with 10,000 figures.
- Ratios are of rates to the floor's: 0.5 is half as many requests a second. Where many figures are stored they are of
  median times to `few`, of revisions to `new`, of the workbook to `json`, which are this service too.
- Warm and 304: 16 connections, {driver}. With a change before each: made behind the server's back, so that no kept
  answer serves; 16 connections of our own, or 1 where every judgement is made anew. Posts: one after another.
"""


def tell(results: Sequence[Result], sizes: Sequence[Size], **how: Any) -> str:
    """The report as Markdown."""
    lines = [
        "# Bench",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        NOTES.format(**how),
        "| case | who | requests/s | p50 ms | p99 ms | ratio | of the rounds | asked | |",
        "|---|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for result in results:
        lines += _rows(result)
    lines += ["", "| size | found | asked | |", "|---|--:|--:|---|"]
    lines += [
        f"| {size.title} | {amount(size.value)} | {_under(size)} | {WORDS[size.reached]} |" for size in sizes
    ]
    return "\n".join([*lines, ""])


def write(directory: Path, text: str, results: Sequence[Result], sizes: Sequence[Size]) -> None:
    directory.mkdir(exist_ok=True)
    said = {
        "cases": [{**asdict(result), "reached": result.reached} for result in results],
        "sizes": [{**asdict(size), "reached": size.reached} for size in sizes],
    }
    (directory / "bench.md").write_text(text, encoding="utf-8")
    (directory / "bench.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _rows(result: Result) -> list[str]:
    rows = []
    for name, load in result.loads.items():
        first = name == next(iter(result.loads))
        judged = f"{_ratio(result)} | {_asked(result)} | {WORDS[result.reached]}" if first else "| | |"
        speed = f"{load.rate:,.1f} | {load.p50_ms:.2f} | {load.p99_ms:.2f}"
        rows.append(f"| {result.title if first else ''} | {name} | {speed} | {judged} |")
    return rows


def _ratio(result: Result) -> str:
    least, most = result.spread
    return f"{result.ratio:.3f} | {least:.3f} to {most:.3f}"


def _asked(result: Result) -> str:
    if result.least is not None:
        return f"at least {result.least}"
    return f"at most {result.most}" if result.most is not None else ""


def _under(size: Size) -> str:
    return f"under {amount(size.most)}" if size.most is not None else ""


def amount(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB" if number >= 1_000_000 else f"{number / 1_000:,.1f} kB"
