"""A figure before its release is found nowhere by who may not see it: every GET, by every role and kind of key.

The routes are taken from the description itself, so a new one is walked too, and fails here until it is said
which of its things to ask for.
"""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.routing import Route

from app.config import Settings, project_file
from app.ui import create_ui
from tests.build import PASSWORD, Service, serving
from tests.held_back import (
    KEPT,
    KEYS,
    PEOPLE,
    QUARTER,
    RELEASED_ON,
    HeldBack,
    Kept,
    Viewer,
    another_world,
    copied,
    make,
)
from tests.ui.visitor import SITE

NOT_WALKED = {"If-None-Match", "partnership", "plan", "version", "cursor", "limit"}
"""Say which copy, place or part of the same answer is meant; there is one of each."""
VALUES: dict[str, list[str]] = {
    "agency": ["police"],
    "applies": ["each_year"],
    "area": ["E05001341"],
    "as_known_at": ["2017-12-20"],
    "breakdown": ["strand=race"],
    "by": ["quarter", "year"],
    "format": ["csv"],
    "grant": ["G1"],
    "group": ["board"],
    "from": ["2017-18-Q1"],
    "from_period": ["2017-18"],
    "is_overdue": ["true"],
    "indicator": [kept.code for kept in KEPT],
    "order": ["newest"],
    "period": [QUARTER, "2017-18"],
    "recipients": ["true"],
    "priority": ["places"],
    "round": ["safety-round"],
    "state": ["submitted"],
    "subject": [kept.code for kept in KEPT],
    "subject_kind": ["submission"],
    "submission": ["3"],
    "to": [QUARTER],
    "updated_since": ["s0"],
    "words": ["Fewer than 1", "Fewer than 100000", "Reduction", "Above 50%"],
}
EACH_TIME = re.compile(r'"request_id":"[^"]*"|202\d-\d\d-\d\dT[\d:.]+Z')
"""What differs between two answers to one question: its own number, and when a key was used by the real clock."""


@pytest.fixture(scope="module")
async def held(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> HeldBack:
    path = tmp_path_factory.mktemp("held") / "held.db"
    path.write_bytes(sqlite_template.read_bytes())
    async with serving(f"sqlite:///{path}") as service:
        return await make(service, path)


@asynccontextmanager
async def world(path: Path, **settings: Any) -> AsyncIterator[Service]:
    async with serving(f"sqlite:///{path}", requests_a_minute=1_000_000, **settings) as service:
        # So many refusals a minute are written down: in two worlds the minute is to be the same one.
        service.gateway.app.state.refusals.clock = lambda: 0.0
        yield service


def questions(held: HeldBack) -> Iterator[str]:
    """Every GET of the description, with real ids, and with each of its parameters in turn.

    The record of changes comes first: it tells of refusals, and so of the walk itself.
    """
    paths = json.loads((project_file("openapi") / "openapi.json").read_bytes())["paths"]
    for path, methods in sorted(paths.items(), key=lambda item: "audit" not in item[0]):
        if "get" not in methods or path == "/api/v1/metrics":  # counts of the process, and when they began
            continue
        given = [each for each in methods["get"].get("parameters", []) if each["name"] not in NOT_WALKED]
        named = [each["name"] for each in given if each["in"] == "path"]
        wanted = [
            {each["name"]: value} for each in given if each["in"] == "query" for value in values(each["name"])
        ]
        for ids in product(*(things(held, path, name) for name in named)):
            address = path.format(**dict(zip(named, ids, strict=True)))
            yield address
            yield from (f"{address}?{urlencode(query)}" for query in wanted)


def values(parameter: str) -> list[str]:
    assert parameter in VALUES, f"say in VALUES what to ask of the parameter {parameter}"
    return VALUES[parameter]


def things(held: HeldBack, path: str, name: str) -> list[str]:
    """The ids to ask for; a route that takes others needs them said."""
    key = name if name in held.ids else re.sub(r"^/api/v1(/[a-z-]+).*", r"\1", path)
    assert key in held.ids, f"say in tests/held_back.py which {name} of {path} to ask for"
    return held.ids[key]


def read(answer: httpx.Response) -> str:
    """What an answer says; a workbook by the texts of its parts."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "\n".join(book.read(name).decode() for name in sorted(book.namelist()))


def plainly(text: str) -> str:
    """Without thousands' commas, so that 7,919 is found as well."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", text)


def tells(text: str, kept: Kept) -> bool:
    """Whether one of the numbers stands in it, alone and not as part of an id, an hour or a hash."""
    plain = plainly(text)
    return any(number in plain and re.search(rf"(?<![\w.-]){number}(?!\w)", plain) for number in kept.telling)


def alike(text: str) -> str:
    return EACH_TIME.sub("", text)


ALL = [*PEOPLE, *KEYS]


@pytest.mark.parametrize("name", ALL)
async def test_before_its_day(held: HeldBack, tmp_path: Path, name: str) -> None:
    viewer = held.viewers[name]
    other = copied(held, tmp_path / "other.db")
    another_world(other, viewer)
    found: set[str] = set()
    async with world(copied(held, tmp_path / "this.db")) as this, world(other) as that:
        for question in questions(held):
            answer = await this.get(question, viewer.token)
            assert answer.status_code < 500, question
            said = read(answer)
            for kept in KEPT:
                if tells(said, kept):
                    assert viewer.may_see(kept), f"{kept.to}: {question}\n{said}"
                    found.add(kept.to)
            same = await that.get(question, viewer.token)
            assert alike(said) == alike(read(same)), f"{question} depends on what is withheld"
            assert answer.status_code == same.status_code
    assert found == viewer.sees


@pytest.mark.parametrize("name", ALL)
async def test_from_its_day(
    held: HeldBack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Nobody writes at midnight: what was worked out and kept the day before is no answer any more."""
    viewer = held.viewers[name]
    asked = [
        (kept, question)
        for kept in KEPT
        for question in (
            f"/figures?indicator={kept.code}&period={QUARTER}",
            f"/indicators/{kept.code}",
            f"/indicators/{kept.code}/series",
        )
    ]
    async with world(copied(held, tmp_path / "this.db")) as service:
        for kept, question in asked:
            before = await service.get(question, viewer.token)
            assert tells(before.text, kept) == viewer.may_see(kept), question
        monkeypatch.setattr(Settings, "today", lambda _self: RELEASED_ON)
        for kept, question in asked:
            assert tells((await service.get(question, viewer.token)).text, kept), question
        line = (await service.get("/indicators/kept-by-police", viewer.token)).json()
    assert line["latest"]["value"] == 8919, "the year so far"
    assert line["rating"]["status"] not in ("no_data", "too_early")
    assert line["published_changes"][0]["check"] == "differs"


PAGES: dict[str, list[str]] = {
    "step": ["late", "nil", "cut-off", "close"],
    "name": ["saferplan.css"],
    "number": ["1"],
    "part": ["definition", "baseline", "target", "agency", "audience"],
    "token": ["0123456789"],
}


def addresses(held: HeldBack, route: Route) -> Iterator[str]:
    """The addresses of a page: a route that takes other things needs them said."""
    names = re.findall(r"{(\w+)(?::\w+)?}", route.path)
    bare = re.sub(r":\w+}", "}", route.path)
    for ids in product(*(page_things(held, route.path, name) for name in names)):
        yield bare.format(**dict(zip(names, ids, strict=True)))


OF_PAGES = {
    "receipts": "submission_id",
    "people": "user_id",
    "keys": "key_id",
    "returns": "return_id",
    "upload": "upload_id",
    "history": "figure_id",
    "quarters": "period",
    "files": "sha256",
    "evidence": "sha256",
    "meeting": "/groups",
    "decision": "/meetings",
    "chairs-action": "/groups",
    "meeting-action": "/meetings",
}
"""What the API calls the things of a page, by the last word of its address before them."""


def page_things(held: HeldBack, path: str, name: str) -> list[str]:
    before = path[: path.index(f"{{{name}")].rstrip("/").rsplit("/", 1)[-1]
    key = OF_PAGES.get(before, f"/{before}")
    found = PAGES.get(name) or held.ids.get(key)
    assert found, f"say in PAGES or OF_PAGES which {name} of {path} to look at"
    return found


@pytest.mark.parametrize("name", PEOPLE)
async def test_no_page_shows_it(held: HeldBack, tmp_path: Path, name: str) -> None:
    viewer = held.viewers[name]
    found: set[str] = set()
    async with world(copied(held, tmp_path / "this.db"), secure_cookies=False) as service:
        transport = httpx.ASGITransport(app=service.gateway, raise_app_exceptions=False)
        ui = create_ui(service.settings, transport)
        async with browser(ui) as browsing:
            await signed_in(browsing, viewer)
            for address in pages(held, ui):
                page = await browsing.get(address)
                assert page.status_code < 500, address
                said = read(page)
                for kept in KEPT:
                    if tells(said, kept):
                        assert viewer.may_see(kept), f"{kept.to}: {address}\n{said}"
                        found.add(kept.to)
    assert found == viewer.sees


def browser(ui: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=ui, raise_app_exceptions=False),
        base_url=SITE,
        follow_redirects=True,
    )


async def signed_in(browsing: httpx.AsyncClient, viewer: Viewer) -> None:
    form = (await browsing.get("/sign-in")).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    sent = {**hidden, "email": viewer.email, "password": PASSWORD}
    assert (await browsing.post("/sign-in", data=sent)).status_code == 200


def pages(held: HeldBack, ui: Any) -> Iterator[str]:
    for route in ui.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        for address in addresses(held, route):
            yield address
            if address.startswith("/indicators/") and address.count("/") == 2:
                yield from (
                    f"{address}?{query}"
                    for query in (
                        "breakdown.strand=race",
                        "area=E05001341",
                        "by=year",
                        f"period={QUARTER}",
                        "as_known_at=2017-12-20",
                    )
                )
    yield from (f"/?period={QUARTER}", "/?as_known_at=2017-12-20", f"/figures?period={QUARTER}")
