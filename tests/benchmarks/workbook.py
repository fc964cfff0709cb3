"""Ten thousand figures as a workbook, beside the same rows as JSON: how long they take, and in how much memory."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.contest import SERVICE, Result, Size, contest
from tests.benchmarks.load import Load, ask_once, request_bytes, send_each
from tests.benchmarks.stock import POST_WARDS, indicators
from tests.files.build import XLSX, workbook
from tests.stocked import months, ward
from tests.worker import Worker, running, saferplan_afresh

NAME = "workbook"
ROWS = 10_000
MONTHS = 50
POSTS_A_ROUND = 2
JSON = "json"
ADDRESS = "/api/v1/figures?dry_run=true"
"""All the work and nothing kept, so that every round finds the same."""
ALONE = f"{ROWS:,} figures as a workbook"
TITLE = f"{ALONE}, beside the same as JSON"
MEMORY = f"Extra memory for {ALONE}"
MOST_MEMORY = 150_000_000

Sent = tuple[bytes, Mapping[str, str]]
"""A body and the headers that say what it is."""


def measure(database: Path, token: str, directory: Path, rounds: int) -> tuple[Result, list[Size]]:
    """Each way in has a service of its own, so that what one took in memory is told from what the other did."""
    ways = {SERVICE: _as_workbook, JSON: _as_json}
    workers = {name: _worker(name, database, directory) for name in ways}
    with running(*workers.values()):
        before = {name: settled(worker, token) for name, worker in workers.items()}
        runs = {name: partial(_post, workers[name], token, way()) for name, way in ways.items()}
        result = contest(NAME, TITLE, runs, rounds=rounds, against=JSON, most=3)
        extra = {name: worker.peak_memory() - before[name] for name, worker in workers.items()}
    return result, [
        Size("memory-workbook", MEMORY, extra[SERVICE], MOST_MEMORY),
        Size("memory-json", f"Extra memory for {ROWS:,} figures as JSON", extra[JSON]),
    ]


def turn(worker: Worker, token: str) -> Callable[[int], Load]:
    """The workbook alone."""
    return partial(_post, worker, token, _as_workbook())


def settled(worker: Worker, token: str) -> int:
    """Its peak once it has answered something."""
    ask_once(f"{worker.url}/api/v1/indicators", {"Authorization": f"Bearer {token}"})
    return worker.peak_memory()


def _as_workbook() -> Sent:
    rows = list(_rows())
    return workbook(*[tuple(row.values()) for row in rows], headings=tuple(rows[0])), XLSX


def _as_json() -> Sent:
    return json.dumps({"figures": list(_rows())}).encode(), {"Content-Type": "application/json"}


def _rows() -> Iterator[dict[str, Any]]:
    """Figures nobody has yet."""
    codes = [each["code"] for each in indicators() if "measure" not in each and "window" not in each]
    wards = ROWS // (len(codes) * MONTHS)
    for number in list(POST_WARDS)[:wards]:
        for code in codes:
            for place, period in enumerate(months(MONTHS)):
                value = 40 + (place * 7) % 30
                yield {
                    "indicator": code,
                    "period": period,
                    "area": ward(number),
                    "value": value,
                    "note": f"counted {place}",
                }


def _worker(name: str, database: Path, directory: Path) -> Worker:
    copy = directory / f"workbook-{name}.db"
    shutil.copyfile(database, copy)
    return saferplan_afresh(f"sqlite:///{copy}", directory / f"workbook-{name}.log")


def _post(worker: Worker, token: str, sent: Sent, _round: int) -> Load:
    body, kind = sent
    url = worker.url + ADDRESS
    request = request_bytes(url, {"Authorization": f"Bearer {token}", **kind}, "POST", body)
    return send_each(url, [request] * POSTS_A_ROUND, 200)
