"""Every link of every page, followed by somebody of each role, from the home page on.

None leads where its reader may not go, and each page is marked in the menu, or belongs to no part of it.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.routing import Match, Route

from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.build import BUILDER, PASSWORD, TODAY, Service, make_key, make_person, make_token, serving
from tests.passwords import QUICK_HASHER, hashed_with
from tests.town import NOW, make_upload
from tests.ui.conftest import pages
from tests.ui.visitor import SITE, Visitor

DOCUMENT = """
saferplan: 1
partnership: {code: town, name: Town Community Safety Partnership, short_name: Town, area: E08000032}
areas:
  - {code: E08000032, name: Town, kind: district}
  - {code: E05001341, name: Riverside, kind: ward, within: E08000032}
agencies:
  - {code: police, name: Town Police, kind: responsible_authority}
  - {code: council, name: Town Council, kind: responsible_authority}
  - {code: analysts, name: Joint analysts, kind: other}
  - {code: commissioner, name: Police and Crime Commissioner, kind: funder}
posts:
  - {code: chair, title: Portfolio holder, agency: council}
  - {code: head, title: Head of safety, agency: council}
groups:
  - {code: board, name: Town Board, kind: board, chair: chair}
funds:
  - {code: safety, title: Community safety, funder: commissioner}
allocations:
  - {code: safety-2017-18, fund: safety, accountable_body: council, financial_year: 2017-18, revenue: 10000}
delegations:
  - {code: local, group: board, amount: 1000, allocation: safety-2017-18}
grants:
  - code: G1
    recipient: police
    payer: council
    purpose: Locks
    starts: 2017-04-01
    ends: 2018-03-31
    lines: [{title: Locks, amount: 2000}]
    priority: places
    managed_by: board
    paid_in: arrears
    parent: P1
    allocations: [safety-2017-18]
  - code: P1
    recipient: council
    payer: commissioner
    purpose: All of it
    starts: 2017-04-01
    ends: 2018-03-31
    lines: [{title: All of it, amount: 10000}]
    takes_up: safety-2017-18
rounds:
  - code: winter
    title: Winter round
    fund: safety
    opens_on: 2017-12-01
    closes_on: 2018-01-31
    panel: board
    criteria: [{code: need, title: Need}]
applications:
  - code: A1
    round: winter
    applicant: police
    title: Lamps
    lines: [{title: All of it, amounts: [{financial_year: 2017-18, amount: 50}]}]
    state: draft
  - code: A2
    round: winter
    applicant: council
    title: Gates
    lines: [{title: All of it, amounts: [{financial_year: 2017-18, amount: 50}]}]
    state: in_assessment
    sent_on: 2017-12-02
  - code: A3
    round: winter
    applicant: police
    title: Bells
    lines: [{title: All of it, amounts: [{financial_year: 2017-18, amount: 50}]}]
    state: approved
    sent_on: 2017-12-02
    decided_on: 2017-12-03
    amount_approved: 50
local_issues:
  - {code: high-street, title: Noise in High Street, raised_by: Traders}
recommendations:
  - code: lights
    source: inspection
    source_title: Inspection of 2017
    text: Mend the lights.
    owner: head
    due_on: 2018-01-19
  - code: gates
    source: inspection
    source_title: Inspection of 2017
    text: Close the gates.
    owner: head
    due_on: 2018-01-19
    history:
      - {day: 2017-06-23, answer: accepted, text: They are to be closed.}
  - code: signs
    source: inspection
    source_title: Inspection of 2017
    text: Put up signs.
    owner: head
    due_on: 2017-10-30
    history:
      - {day: 2017-06-23, answer: accepted, text: They are to be put up.}
      - {day: 2017-10-30, state: done, text: They are up.}
engagements:
  - {code: fair, title: Summer fair, begins_on: 2017-07-01}
meetings:
  - {code: board-2017-09-22, group: board, day: 2017-09-22, state: held}
decisions:
  - code: quarter-stands
    meeting: board-2017-09-22
    text: The figures for April to June stand
    subject: {kind: reporting-periods, ref: 2017-18-Q1}
  - code: next-quarter
    meeting: board-2017-09-22
    text: The figures for October to December are to come sooner
    subject: {kind: reporting-periods, ref: 2017-18-Q3}
meeting_actions:
  - {code: call, meeting: board-2017-09-22, text: Call the police, owner: head, due_on: 2018-01-19}
plan:
  code: plan
  version: 1
  title: Community Safety Plan 2017 to 2020
  status: adopted
  first_year: 2017-18
  last_year: 2019-20
  baseline_period: 2016-17
priorities:
  - code: places
    title: Safer places
    measures:
      - {code: crime, words: Less crime, indicators: [burglaries, young-victims]}
      - {code: fires, words: Fewer fires, indicators: [dwelling-fires]}
      - {code: trust, words: More trust, measured_by: focus_group}
indicators:
  - code: burglaries
    title: Burglaries
    measure: count
    polarity: lower_is_better
    adds_up: sum
    responsible: police
    breakdowns: {kind: [homes]}
    baseline: {period: 2016-17, value: 4000}
    target: {words: 'Fewer than 4,100'}
  - code: young-victims
    title: Victims under 18
    measure: count
    polarity: lower_is_better
    adds_up: sum
    counts_people: yes
    responsible: police
    suppliers: [analysts]
  - code: dwelling-fires
    title: Dwelling fires
    measure: count
    polarity: lower_is_better
    adds_up: sum
    responsible: council
"""
PEOPLE: dict[str, tuple[Role, str | None]] = {
    "a contributor": (Role.CONTRIBUTOR, "police"),
    "a contributor for another agency": (Role.CONTRIBUTOR, "council"),
    "a supplier": (Role.CONTRIBUTOR, "analysts"),
    "an officer": (Role.OFFICER, None),
    "an approver": (Role.APPROVER, None),
    "an administrator": (Role.ADMINISTRATOR, "analysts"),
    "an auditor": (Role.AUDITOR, None),
    "an auditor of the council": (Role.AUDITOR, "council"),
    "a Board member": (Role.READER, None),
    "a Board member of the council": (Role.READER, "council"),
    "a funder": (Role.FUNDER, "commissioner"),
}
UPLOADS = ("/figures/upload/1", "/figures/upload/2")
"""Only sending a form leads to them: a file that waits to be checked, and one that was."""
UNLINKED = {
    "/figures/upload/{id}",
    "/figures/upload/{id}/progress",
    "/partnership",
    "/sign-in",
    "/password",
    "/password/{token}",
    "/favicon.ico",
    "/static/{name}",
}
"""Where nothing leads somebody who is signed in, to one partnership; and what is no page."""
UNMARKED = {"/account/password", "/accessibility", "/privacy"}
"""Pages about the service or oneself, of no part of the menu."""


@pytest.fixture(scope="module")
async def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which every kind of page has something to lead to."""
    path = tmp_path_factory.mktemp("links") / "saferplan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with hashed_with(QUICK_HASHER):
        async with serving(f"sqlite:///{path}") as service:
            with service.writing() as session:
                load(
                    Change(session, BUILDER, None, TODAY, NOW),
                    parse_document(DOCUMENT),
                    partnerships_allowed=None,
                )
            with service.writing() as session:
                tokens = _make_people(session)
            await _do_a_quarter(service, tokens)
    return path


def email(name: str) -> str:
    return f"{name.replace(' ', '.').lower()}@town.example"


def _make_people(session: Session) -> dict[str, str]:
    """A session's token of each of them."""
    here = session.exec(select(Partnership)).one()
    agencies: dict[str | None, Agency] = {each.code: each for each in session.exec(select(Agency))}
    people = {
        name: make_person(session, here, role, agency=agencies.get(agency), email=email(name))
        for name, (role, agency) in PEOPLE.items()
    }
    make_key(session, here, agency=agencies["police"])
    return {name: make_token(session, person) for name, person in people.items()}


async def _do_a_quarter(service: Service, tokens: dict[str, str]) -> None:
    police, manager = tokens["a contributor"], tokens["an administrator"]
    q1, q2 = "2017-18-Q1", "2017-18-Q2"

    async def post(token: str, address: str, body: dict[str, Any]) -> None:
        answer = await service.post(address, token, json=body)
        assert answer.status_code in (200, 201), answer.text

    def figures(period: str, value: int, **rest: str) -> dict[str, Any]:
        row = {"period": period, "value": value, **rest}
        codes = ("burglaries", "young-victims") if period == q1 else ("burglaries",)
        return {"figures": [{"indicator": code, **row} for code in codes]}

    await post(police, "/figures", figures(q1, 905))
    await post(police, "/figures", figures(q2, 930))
    await post(police, "/figures", figures(q2, 931, reason="One more"))
    await post(manager, "/figures", {"figures": [{"indicator": "dwelling-fires", "period": q1, "value": 9}]})
    await post(manager, f"/returns/{q1}~police/check", {})
    await post(manager, f"/reporting-periods/{q1}/cut-off", {})
    await post(manager, f"/reporting-periods/{q1}/close", {})
    await post(police, "/figures?correction=true", figures(q1, 907, reason="Two more", note="Counted again"))
    await post(tokens["a contributor for another agency"], f"/returns/{q2}~council/nil", {})
    await post(manager, f"/returns/{q2}~council/query", {"text": "None at all?", "indicators": []})
    await post(tokens["a contributor for another agency"], f"/returns/{q2}~council/answer", {"text": "None."})
    await post(manager, f"/returns/{q2}~police/query", {"text": "Sure?", "indicators": ["burglaries"]})
    await post(manager, f"/reporting-periods/{q2}/cut-off", {})
    release = {"indicator": "burglaries", "period": q2, "audience": "public", "from_on": "2018-01-08"}
    await post(manager, "/releases", {**release, "reason": "Cleared"})
    file = b"indicator,period,value\nburglaries,2017-18-Q2,930\n"
    uploaded = await service.post("/uploads", police, content=file, headers={"Content-Type": "text/csv"})
    assert uploaded.status_code == 201, uploaded.text
    await _do_some_funding(service, tokens)
    paper = await service.post(
        "/files?name=count.csv", manager, content=file, headers={"Content-Type": "text/csv"}
    )
    assert paper.status_code == 201, paper.text
    evidence = {"title": "What was counted", "name": "count.csv", "sha256": paper.json()["sha256"]}
    await post(manager, "/recommendations/lights/evidence", evidence)
    me = (await service.get("/me", police)).json()["person"]["id"]
    with service.writing() as session:
        make_upload(session, session.exec(select(Partnership)).one(), f"person:{me}")


async def _do_some_funding(service: Service, tokens: dict[str, str]) -> None:
    """A payment, a claim, a change and a decision of a grant."""
    manager, grant = tokens["an administrator"], "/grants/G1"
    payment = {"planned_on": "2018-01-15", "amount": 500, "financial_year": "2017-18"}
    claim = {"period": "2017-18-Q2", "lines": [{"line": "Locks", "incurred": 300}]}
    change = {"lines": [{"title": "Locks", "amount": 1500}], "reason": "Fewer are needed"}
    subject = {"kind": "grants", "ref": "G1"}
    decision = {"group": "board", "decided_on": "2017-12-01", "text": "Locks go on", "subject": subject}
    for address, body in (
        (f"{grant}/payments", payment),
        (f"{grant}/claims", claim),
        (f"{grant}/variations", change),
        ("/decisions", decision),
    ):
        answer = await service.post(address, manager, json=body)
        assert answer.status_code == 201, answer.text


class Reading(HTMLParser):
    """What a page leads to by links, htmx and forms that are fetched; and how many parts of the menu it marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.marked = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form" and (attributes.get("method") or "get").lower() == "get":
            self.addresses.append(attributes.get("action") or "")
        if tag == "a" and attributes.get("href"):
            self.addresses.append(attributes["href"] or "")
            in_menu = "govuk-service-navigation__link" in (attributes.get("class") or "")
            self.marked += in_menu and attributes.get("aria-current") is not None
        if attributes.get("hx-get"):
            self.addresses.append(attributes["hx-get"] or "")


def site_addresses(reading: Reading, here: str) -> Iterator[str]:
    """Addresses of this site that a page leads to, without the places within a page."""
    for address in reading.addresses:
        parts = urlsplit(urljoin(SITE + here, address))
        if f"{parts.scheme}://{parts.netloc}" == SITE:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


async def follow_all(visitor: Visitor, seeds: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """Follows every link from these pages on; gives what is wrong, and where each address was linked from."""
    linked_from = dict.fromkeys(seeds, "nowhere")
    todo, faults = list(seeds), []
    for here in todo:
        answer = await visitor.browser.get(here)
        if answer.status_code >= 400:
            faults.append(f"{answer.status_code} at {here}, linked from {linked_from[here]}")
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        reading = Reading(answer.text)
        if not _is_marked_rightly(answer, reading):
            faults.append(f"{reading.marked} parts of the menu are marked at {here}")
        for address in site_addresses(reading, str(answer.url.raw_path.decode())):
            if address not in linked_from:
                linked_from[address] = here
                todo.append(address)
    return faults, linked_from


def _is_marked_rightly(answer: httpx.Response, reading: Reading) -> bool:
    is_part = answer.url.path.endswith("/progress") or answer.status_code >= 400
    return is_part or reading.marked == (0 if answer.url.path in UNMARKED else 1)


@pytest.mark.parametrize("name", PEOPLE)
async def test_every_link_may_be_followed(town: Path, name: str) -> None:
    async with pages(town, requests_a_minute=1_000_000) as (_, ui), Visitor(ui) as visitor:
        await visitor.sign_in(email(name), PASSWORD)
        sends = PEOPLE[name] == (Role.CONTRIBUTOR, "police")
        faults, linked_from = await follow_all(visitor, ("/", *(UPLOADS if sends else ())))
        assert faults == []
        assert len(linked_from) > 10
        if PEOPLE[name][0] is Role.ADMINISTRATOR:
            assert unreached(ui, linked_from) == UNLINKED


def unreached(ui: Starlette, addresses: dict[str, str]) -> set[str]:
    """Routes of pages that no address leads to."""
    routes = [each for each in ui.routes if isinstance(each, Route) and "GET" in (each.methods or ())]
    reached = set()
    for address in addresses:
        scope = {"type": "http", "path": urlsplit(address).path, "method": "GET", "root_path": ""}
        first = next((each for each in routes if each.matches(scope)[0] is Match.FULL), None)
        reached.add(first.path if first is not None else address)
    return {each.path for each in routes} - reached


def test_the_walk_tells_a_link_from_a_mark() -> None:
    html = """<a class="govuk-service-navigation__link" href="/returns" aria-current="page">R</a>
    <form action="/find"></form><form method="post" action="/no"></form><p hx-get="/part"></p>
    <a href="https://elsewhere.example/">E</a><a href="?sheet=2">Next</a>"""
    reading = Reading(html)
    assert reading.marked == 1
    assert list(site_addresses(reading, "/record?kind=plan")) == [
        "/returns",
        "/find",
        "/part",
        "/record?sheet=2",
    ]
