"""What grows with the database: the same questions, asked where many figures are stored and where few are.

On SQLite ten million figures stand beside ten thousand, on PostgreSQL a million. Each question is asked on one
connection with a change elsewhere before it, so that no kept answer serves.
"""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.db import migrate
from tests.benchmarks.change import ALL, ELSEWHERE, changes
from tests.benchmarks.contest import FEW, SERVICE, Result, contest
from tests.benchmarks.fill import fill
from tests.benchmarks.load import Load, ask_once, keep_asking, request_bytes, send_each
from tests.benchmarks.stock import indicators
from tests.benchmarks.turns import Changes, Run, Statements
from tests.postgres import Server, database_name
from tests.stocked import OWN_AREA, months, stock, ward
from tests.worker import Worker, running, saferplan_afresh

API = "/api/v1"
SQLITE, POSTGRES = "growth", "postgres"
MANY_WARDS = {SQLITE: 1_983, POSTGRES: 198}
"""Wards with figures beside the partnership's own area: of 60 indicators for 84 months each."""
FREE_WARDS = 60
"""Wards without figures, for what is posted."""
WORDS = {SQLITE: "10,000,000 figures", POSTGRES: "1,000,000 figures on PostgreSQL"}
NEWS = f"{API}/figures?updated_since="
MONTH = "2017-11/2017-11"
QUESTIONS = {
    "poll": (f"{NEWS}{{as_of}}", "a poll with nothing new"),
    "poll-of-one": (f"{NEWS}{{as_of}}&indicator=count-01", "a poll of an indicator with nothing new"),
    "figures": (f"{API}/figures", "figures, first page"),
    "figures-500": (f"{API}/figures?limit=500", "500 figures"),
    "figures-next": ("{next}", "figures, next page"),
    "indicator": (f"{API}/figures?indicator=count-01", "?indicator="),
    "period": (f"{API}/figures?period={MONTH}", "?period="),
    "series-list": (f"{API}/figures?indicator=count-01&area={ward(1)}", "?indicator=&area="),
    "area": (f"{API}/figures?area={ward(1)}", "?area="),
    "from": (f"{API}/figures?from={MONTH}", "?from="),
    "to": (f"{API}/figures?to=2012-01/2012-01", "?to="),
    "submission": (f"{API}/figures?submission=2", "?submission="),
    "known": (f"{API}/figures?as_known_at=2017-12-20", "?as_known_at="),
    "unknown": (f"{API}/figures?as_known_at=2012-01-01", "?as_known_at= before any was known"),
    "submissions": (f"{API}/submissions?limit=10", "ten submissions"),
    "submissions-newest": (f"{API}/submissions?order=newest&limit=10", "the ten newest submissions"),
    "submissions-poll": (f"{API}/submissions?updated_since={{as_of}}", "a poll of submissions"),
    "events": (f"{API}/audit-events?limit=10", "ten events of the record"),
    "events-newest": (f"{API}/audit-events?order=newest&limit=10", "the ten newest of the record"),
    "events-kind": (f"{API}/audit-events?subject_kind=key", "the record of keys"),
    "events-poll": (f"{API}/audit-events?updated_since={{as_of}}", "a poll of the record"),
    "returns": (f"{API}/returns", "returns"),
    "releases": (f"{API}/releases", "releases"),
    "scorecard": (f"{API}/indicators", "scorecard"),
    "series": (f"{API}/indicators/count-01/series?from=2011-12/2011-12", "series of 72 points"),
}
"""By name: the address, and what it is called."""
REVISED = "revised"
ROWS = 1_000
POSTS_A_ROUND = 4
REVISED_TITLE = f"{ROWS:,} figures revised in one call"
BEFORE = 34
"""Months that a series has before the ones that are measured."""


@dataclass(frozen=True)
class Place:
    """A service that answers from one database."""

    worker: Worker
    database_url: str
    token: str
    changes: Changes = changes

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, path: str, seconds: float, statements: Statements, _round: int = 0) -> Load:
        with self.changes(self.database_url, statements) as change:
            return keep_asking(
                self.worker.url + path,
                self.headers,
                seconds=seconds,
                connections=1,
                status=200,
                before=change,
            )

    def post(self, bodies: Sequence[bytes]) -> Load:
        url = f"{self.worker.url}{API}/figures"
        headers = {**self.headers, "Content-Type": "application/json"}
        return send_each(url, [request_bytes(url, headers, "POST", body) for body in bodies], 201)


def names(kind: str) -> list[str]:
    """Of everything measured on one kind of database."""
    own = [REVISED] if kind == SQLITE else ["uncached", "post"]
    return [f"{kind}-{name}" for name in (*QUESTIONS, "scorecard-all-changed", *own)]


def measure(kind: str, directory: Path, only: str, rounds: int, seconds: float) -> Iterator[Result]:
    """Each case as it is done; nothing is stored where none is asked for."""
    if not any(name.startswith(only) for name in names(kind)):
        return
    with _databases(kind, directory) as (few, many, token):
        places = {
            name: Place(saferplan_afresh(url, directory / f"{kind}-{name}.log"), url, token)
            for name, url in ((SERVICE, many), (FEW, few))
        }
        with running(*(place.worker for place in places.values())):
            for name, case in _cases(kind, places, rounds, seconds).items():
                if name.startswith(only):
                    yield case()


def _cases(
    kind: str, places: dict[str, Place], rounds: int, seconds: float
) -> dict[str, Callable[[], Result]]:
    cases: dict[str, Callable[[], Result]] = {}
    asked = {who: questions(kind, place, seconds) for who, place in places.items()}
    for name, (title, _) in asked[SERVICE].items():
        runs = {who: found[name][1] for who, found in asked.items()}
        cases[name] = partial(contest, name, title, runs, rounds=rounds, against=FEW, most=1.5)
    few = places[FEW]
    if kind == SQLITE:
        cases[f"{kind}-{REVISED}"] = partial(_revised, few, rounds)
        return cases
    for name, (title, run) in lines(few, rounds, seconds).items():
        cases[name] = partial(contest, name, title, {SERVICE: run}, rounds=rounds, against=SERVICE)
    return cases


def questions(kind: str, place: Place, seconds: float) -> dict[str, tuple[str, Run]]:
    """All that is asked of one place: by its name, its title and how it is asked."""
    told = _told(place)
    asked: dict[str, tuple[str, str, Statements]] = {
        name: (path.format(**told), title, ELSEWHERE) for name, (path, title) in QUESTIONS.items()
    }
    asked["scorecard-all-changed"] = (f"{API}/indicators", "scorecard, every indicator changed", ALL)
    return {
        f"{kind}-{name}": (f"{WORDS[kind]}: {title}", partial(place.ask, path, seconds, statements))
        for name, (path, title, statements) in asked.items()
    }


def _told(place: Place) -> dict[str, str]:
    """What an address may name: the moment that is, and the page that follows the first."""
    page = json.loads(ask_once(f"{place.worker.url}{API}/figures", place.headers).body)
    return {"as_of": page["as_of"], "next": page["next"]}


def lines(place: Place, rounds: int, seconds: float) -> dict[str, tuple[str, Run]]:
    """Two without a bound, on PostgreSQL: the scorecard uncached, and a thousand figures posted."""
    sent = _bodies(rounds, POSTS_A_ROUND)
    return {
        f"{POSTGRES}-uncached": (
            "Scorecard on PostgreSQL, a change elsewhere before each",
            partial(place.ask, f"{API}/indicators", seconds, ELSEWHERE),
        ),
        f"{POSTGRES}-post": (
            f"{ROWS:,} figures posted in one call on PostgreSQL",
            lambda number: place.post(sent[number][1]),
        ),
    }


def _revised(place: Place, rounds: int) -> Result:
    new, revised = revisions(place, rounds)
    runs = {"new": new, SERVICE: revised}
    title = f"{REVISED_TITLE}, beside {ROWS:,} new ones"
    return contest(f"{SQLITE}-{REVISED}", title, runs, rounds=rounds, against="new", most=1.3)


def revisions(place: Place, rounds: int) -> tuple[Run, Run]:
    """New figures of series that have some already, then other values for the same ones."""
    sent = _bodies(rounds, POSTS_A_ROUND)
    for earlier, _, _ in sent:
        place.post(earlier)
    return lambda number: place.post(sent[number][1]), lambda number: place.post(sent[number][2])


def _bodies(rounds: int, posts: int) -> list[tuple[list[bytes], list[bytes], list[bytes]]]:
    """For each round: what is there before, what is new, and the same revised."""
    every = months(BEFORE + ROWS // 20)
    wards = iter(range(MANY_WARDS[SQLITE] + 1, MANY_WARDS[SQLITE] + 1 + FREE_WARDS))
    made = []
    for _ in range(rounds):
        places = [next(wards) for _ in range(posts)]
        made.append(
            (
                [_body(place, every[:BEFORE], 0) for place in places],
                [_body(place, every[BEFORE:], 0) for place in places],
                [_body(place, every[BEFORE:], 1) for place in places],
            )
        )
    return made


def _body(place: int, periods: Sequence[str], more: int) -> bytes:
    reason = {"reason": "Counted again"} if more else {}
    codes = [each["code"] for each in indicators() if "measure" not in each and "window" not in each]
    rows = [
        {
            "indicator": code,
            "period": period,
            "area": ward(place),
            "value": 40 + (n * 7) % 30 + more,
            **reason,
        }
        for code in codes[:20]
        for n, period in enumerate(periods)
    ]
    return json.dumps({"figures": rows}).encode()


@contextmanager
def _databases(kind: str, directory: Path) -> Iterator[tuple[str, str, str]]:
    """Two databases alike but for how many figures they hold, and the key to both."""
    if kind == SQLITE:
        few, many = (directory / f"{kind}-{name}.db" for name in ("few", "many"))
        token = _plan(f"sqlite:///{few}")
        _at_rest(few)
        shutil.copyfile(few, many)
        _fill(kind, f"sqlite:///{few}", f"sqlite:///{many}")
        yield f"sqlite:///{few}", f"sqlite:///{many}", token
        for path in (few, many):
            path.unlink()
        return
    server = Server()
    server.start()
    try:
        few_url = server.create()
        token = _plan(few_url)
        many_url = server.create(database_name(few_url))
        _fill(kind, few_url, many_url)
        yield few_url, many_url, token
    finally:
        server.stop()


def _plan(url: str) -> str:
    migrate(url)
    return stock(url, indicators(), wards=MANY_WARDS[SQLITE] + FREE_WARDS)


def _at_rest(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _fill(kind: str, few: str, many: str) -> None:
    began = time.monotonic()
    fill(few, [OWN_AREA, ward(1)])
    fill(many, [OWN_AREA, *(ward(number) for number in range(1, MANY_WARDS[kind] + 1))])
    print(f"Storing {WORDS[kind]} took {time.monotonic() - began:.0f} s", flush=True)
