"""Ten thousand figures as a workbook, beside the same rows as JSON: how long they take, and in how much memory."""

import json
import shutil
from collections.abc import Iterator, Mapping
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


def measure(database: Path, token: str, directory: Path, rounds: int) -> tuple[Result, list[Size]]:
    """Each way in has a service of its own, so that what one took in memory is told from what the other did."""
    rows = list(_rows())
    headings = tuple(rows[0])
    bodies = {
        SERVICE: workbook(*[tuple(row.values()) for row in rows], headings=headings),
        JSON: json.dumps({"figures": rows}).encode(),
    }
    kinds = {SERVICE: XLSX, JSON: {"Content-Type": "application/json"}}
    workers = {name: _worker(name, database, directory) for name in bodies}
    with running(*workers.values()):
        headers = {name: {"Authorization": f"Bearer {token}", **kind} for name, kind in kinds.items()}
        before = {name: _settled(worker, token) for name, worker in workers.items()}
        runs = {name: partial(_post, workers[name], headers[name], body) for name, body in bodies.items()}
        title = f"{ROWS:,} figures as a workbook, beside the same as JSON"
        result = contest(NAME, title, runs, rounds=rounds, against=JSON, most=3)
        extra = {name: worker.peak_memory() - before[name] for name, worker in workers.items()}
    return result, [
        Size(
            "memory-workbook", f"Extra memory for {ROWS:,} figures as a workbook", extra[SERVICE], 150_000_000
        ),
        Size("memory-json", f"Extra memory for {ROWS:,} figures as JSON", extra[JSON]),
    ]


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


def _settled(worker: Worker, token: str) -> int:
    """Its peak once it has answered something."""
    ask_once(f"{worker.url}/api/v1/indicators", {"Authorization": f"Bearer {token}"})
    return worker.peak_memory()


def _post(worker: Worker, headers: Mapping[str, str], body: bytes, _round: int) -> Load:
    url = worker.url + ADDRESS
    request = request_bytes(url, dict(headers), "POST", body)
    return send_each(url, [request] * POSTS_A_ROUND, 200)
