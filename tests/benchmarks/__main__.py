"""`make bench`: one run, from an empty directory to a written report; it ends by itself.

Ten million figures take some minutes to store and 5 GB under the temporary directory (TMPDIR moves it); with
`ARGS="--only ..."` they are stored only where a case of theirs is asked for, as `growth` or `growth-poll`.
With `AGAINST=commit` this version is compared with that one instead; each stores them for itself.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import growth, report, stock, workbook
from tests.benchmarks.against import run as against
from tests.benchmarks.cases import Bench
from tests.benchmarks.contest import FLOOR, ORM, SERVICE, Result, Size
from tests.benchmarks.first_visit import first_visit, sign_in
from tests.benchmarks.shape import lay
from tests.benchmarks.turns import MOST_ROUNDS, PATHS, Contender
from tests.benchmarks.wrk import find_wrk
from tests.worker import Worker, running, saferplan_afresh

ROUNDS = 3
OTHER_PATHS = {name: f"/{name}" for name in PATHS}


def main() -> int:
    """0 when every figure asked for is reached, else 1."""
    asked = _arguments()
    if asked.against:
        return against.run(asked.against, asked.only, asked.rounds, asked.seconds)
    asked.rounds = asked.rounds or ROUNDS
    wrk = find_wrk()
    with tempfile.TemporaryDirectory(prefix="saferplan-bench-") as name:
        results, sizes = _run(Path(name), wrk, asked)
    driver = (
        "driven by wrk"
        if wrk
        else "driven from Python, as there is no wrk: its own cost weighs on all of them"
    )
    text = report.tell(results, sizes, rounds=asked.rounds, seconds=asked.seconds, driver=driver)
    if not asked.only:
        report.write(Path("var"), text, results, sizes)
    print(text)
    return int(
        any(
            reached is False
            for reached in [each.reached for each in results] + [each.reached for each in sizes]
        )
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--against", default="", help="a commit to compare this version with, and with that alone"
    )
    few_or_more = f"{ROUNDS}, or {against.ROUNDS} against a commit; {MOST_ROUNDS} at most"
    parser.add_argument("--rounds", type=int, choices=range(1, MOST_ROUNDS + 1), help=few_or_more)
    parser.add_argument("--seconds", type=int, default=3, help="of each contender's turn")
    parser.add_argument("--only", default="", help="cases whose name begins so; the report is not written")
    return parser.parse_args()


def _run(directory: Path, wrk: str | None, asked: argparse.Namespace) -> tuple[list[Result], list[Size]]:
    stocked = stock.build(directory)
    url = f"sqlite:///{stocked.path}"
    cookie = sign_in(url)
    headers = {"Authorization": f"Bearer {stocked.token}"}
    service = saferplan_afresh(url, directory / "service.log")
    with running(service):
        contenders = {SERVICE: Contender(service.url, url, headers, PATHS)}
        laid = directory / "floor.db"
        _lay(laid, contenders[SERVICE])
        others = {name: _other(name, laid, directory) for name in (FLOOR, ORM)}
        with running(*others.values()):
            contenders |= {
                name: Contender(each.url, f"sqlite:///{laid}", {}, OTHER_PATHS)
                for name, each in others.items()
            }
            _check_same_bytes(contenders)
            bench = Bench(contenders, wrk, asked.rounds, asked.seconds)
            results = list(_told(_measured(bench, asked.only)))
            memory = service.peak_memory()
            peaks = {name: worker.peak_memory() for name, worker in others.items()}
            visit = first_visit(service.url, cookie)
    files: list[Size] = []
    if workbook.NAME.startswith(asked.only):
        found, files = workbook.measure(stocked.path, stocked.token, directory, asked.rounds)
        results += _told(iter([found]))
    for kind in (growth.SQLITE, growth.POSTGRES):
        results += _told(growth.measure(kind, directory, asked.only, asked.rounds, asked.seconds))
    sizes = [
        Size("memory", "Peak memory of a worker of the service, after it all", memory, 150_000_000),
        *(Size(f"memory-{name}", f"Peak memory of the {name}", peak) for name, peak in peaks.items()),
        *files,
        Size("first-visit", "The plan on a page, first visit, over the wire", visit, 100_000),
    ]
    return results, sizes


def _measured(bench: Bench, only: str) -> Iterator[Result]:
    return (case() for name, case in bench.cases().items() if name.startswith(only))


def _told(results: Iterator[Result]) -> Iterator[Result]:
    for result in results:
        least, most = result.spread
        print(f"{result.title}: {result.ratio:.3f} ({least:.3f} to {most:.3f})", flush=True)
        yield result


def _lay(path: Path, service: Contender) -> None:
    """The service's own answers become the rows of the others."""
    scorecard = json.loads(service.ask("scorecard").body)
    series = json.loads(service.ask("series").body)
    lay(
        path, {"scorecard": scorecard["items"], "series": [series]}, int(scorecard["as_of"].removeprefix("s"))
    )


def _check_same_bytes(contenders: dict[str, Contender]) -> None:
    for what in ("scorecard", "series"):
        if contenders[FLOOR].ask(what).body != contenders[SERVICE].ask(what).body:
            raise RuntimeError(f"the floor sends another {what} than the service: they cannot be compared")


def _other(name: str, database: Path, directory: Path) -> Worker:
    program = [sys.executable, "-m", "uvicorn", "--factory", f"tests.benchmarks.{name}:create_app"]
    address = ["--host", "127.0.0.1", "--no-server-header", "--port"]
    return Worker(
        lambda port: [*program, *address, str(port)],
        {"BENCH_DATABASE": str(database)},
        directory / f"{name}.log",
        "/health",
    )


if __name__ == "__main__":
    sys.exit(main())
