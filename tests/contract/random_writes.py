"""Writes of every kind to a town, by whoever makes them, drawn by chance."""

import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import httpx

from tests.build import Service
from tests.held_back import KEPT, QUARTER, HeldBack, document
from tests.town import figures

POLICE = "a contributor for the police"
COUNCIL = "a contributor for the council"
OFFICER = "an officer"
APPROVER = "an approver"
ADMINISTRATOR = "an administrator"
QUARTERS = ("2017-18-Q1", QUARTER)
CODES = [kept.code for kept in KEPT]
MEETING = "board-2017-09-22"


class RandomWrites:
    """`done` counts the kinds of write that went through; the others were refused, in order."""

    def __init__(self, service: Service, held: HeldBack, chance: random.Random) -> None:
        self.done: Counter[str] = Counter()
        self.service = service
        self.held = held
        self.chance = chance
        self.last_number = 0
        self.waiting: list[str] = []

    async def write(self) -> None:
        """Each kind comes before any comes again, in another order each time."""
        self.waiting = self.waiting or self.chance.sample(list(KINDS), len(KINDS))
        name = self.waiting.pop()
        answer = await KINDS[name](self)
        assert answer.status_code < 500, answer.text
        self.done[name] += answer.status_code < 300

    async def ask(self, method: str, path: str, who: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {} if body is None else {"json": body}
        return await self.service.ask(method, path, self.held.viewers[who].token, headers=headers, **sent)

    def one_of(self, *things: Any) -> Any:
        return self.chance.choice(things)

    def number(self) -> int:
        """Another each time."""
        self.last_number += 1
        return self.last_number

    def value(self) -> int:
        return self.chance.randrange(1000, 9000)


Write = Callable[[RandomWrites], Awaitable[httpx.Response]]


async def post_figure(writes: RandomWrites) -> httpx.Response:
    row = {
        "indicator": writes.one_of(*CODES),
        "period": writes.one_of(*QUARTERS),
        "value": writes.value(),
        "reason": "Recounted",
    }
    area = writes.one_of({}, {"area": "E05001341"}, {"breakdown": {"strand": "race"}})
    return await writes.ask("POST", "/figures", POLICE, figures(row | area))


async def correct_figure(writes: RandomWrites) -> httpx.Response:
    row = {"indicator": "dwelling-fires", "period": writes.one_of(*QUARTERS), "value": writes.value()}
    return await writes.ask("POST", "/figures", COUNCIL, figures(row | {"reason": "Recounted"}))


async def edit_indicator(writes: RandomWrites) -> httpx.Response:
    change = writes.one_of(
        {"title": f"Offences {writes.number()}"},
        {"release_to": writes.one_of("partnership", "board", "public", "submitter")},
        {"target": {"words": writes.one_of("Reduction", "Fewer than 4,000", "8%")}},
        {"baseline": {"period": "2016-17", "value": writes.value()}},
    )
    path = f"/indicators/{writes.one_of(*CODES)}"
    return await writes.ask("PATCH", path, APPROVER, change | {"reason": "Agreed"}, **{"If-Match": "*"})


async def release(writes: RandomWrites) -> httpx.Response:
    body = {
        "indicator": writes.one_of(*CODES),
        "period": writes.one_of(*QUARTERS),
        "audience": writes.one_of("partnership", "board", "public"),
        "from_on": "2017-12-20",
        "reason": "Cleared",
    }
    return await writes.ask("POST", "/releases", APPROVER, body)


async def step_quarter(writes: RandomWrites) -> httpx.Response:
    address = f"/reporting-periods/{writes.one_of(*QUARTERS)}"
    step = writes.one_of("cut-off", "close", "reopen", "plan")
    if step == "plan":
        day = f"2018-02-{writes.one_of(10, 20)}"
        return await writes.ask("PATCH", address, OFFICER, {"board_on": day}, **{"If-Match": "*"})
    body = {"reason": "A late correction"} if step == "reopen" else {"note": "Papers"}
    return await writes.ask("POST", f"{address}/{step}", APPROVER, body)


async def step_return(writes: RandomWrites) -> httpx.Response:
    address = f"/returns/{writes.one_of(*QUARTERS)}~police"
    step, who, body = writes.one_of(
        ("late", POLICE, {"reason": "Late reports", "promised_on": "2018-01-10"}),
        ("nil", POLICE, {"note": "None"}),
        ("sign-off", POLICE, {"text": ""}),
        ("answer", POLICE, {"text": "They are in"}),
        ("query", OFFICER, {"text": "Are these all?", "indicators": [CODES[0]]}),
        ("check", OFFICER, {"text": ""}),
    )
    return await writes.ask("POST", f"{address}/{step}", who, body)


async def save_draft(writes: RandomWrites) -> httpx.Response:
    body = {"rows": [{"indicator": CODES[0], "value": str(writes.value())}]}
    return await writes.ask("PUT", f"/returns/{QUARTER}~police/draft", POLICE, body, **{"If-Match": "*"})


async def change_person(writes: RandomWrites) -> httpx.Response:
    name = {"name": f"Somebody {writes.number()}"}
    if writes.one_of(True, False):
        body = name | {
            "email": f"n{writes.number()}@agency.example",
            "role": writes.one_of("reader", "officer"),
        }
        return await writes.ask("POST", "/users", ADMINISTRATOR, body)
    people = (await writes.ask("GET", "/users", ADMINISTRATOR)).json()["items"]
    invited = [each["id"] for each in people if each["name"].startswith("Somebody ")]
    path = f"/users/{writes.one_of(*invited or ['0'])}"
    return await writes.ask("PATCH", path, ADMINISTRATOR, name, **{"If-Match": "*"})


async def change_key(writes: RandomWrites) -> httpx.Response:
    if writes.one_of(True, False):
        body = {"name": f"Loader {writes.number()}", "agency": "police", "scopes": ["figures:read"]}
        return await writes.ask("POST", "/keys", ADMINISTRATOR, body)
    keys = (await writes.ask("GET", "/keys", ADMINISTRATOR)).json()["items"]
    loaders = [each["id"] for each in keys if each["name"].startswith("Loader ")]
    path = f"/keys/{writes.one_of(*loaders or ['0'])}"
    return await writes.ask("DELETE", path, ADMINISTRATOR, **{"If-Match": "*"})


async def upload(writes: RandomWrites) -> httpx.Response:
    """A file sent, or one that waits for it."""
    token = writes.held.viewers[POLICE].token
    files = (await writes.service.get("/uploads", token)).json()["items"]
    ready = [each["id"] for each in files if "submit" in each["may"]]
    if ready and writes.one_of(True, False):
        return await writes.service.post(f"/uploads/{writes.one_of(*ready)}/submit", token)
    line = f"{writes.one_of(*CODES)},2017-18-Q1,{writes.value()},Recounted"
    content = f"indicator,period,value,reason\n{line}\n".encode()
    return await writes.service.post("/uploads", token, content=content, headers={"Content-Type": "text/csv"})


async def import_document(writes: RandomWrites) -> httpx.Response:
    """The plan as it was at first, with an agency under another name; what stands now may hold figures that nobody
    of the partnership may have in a document."""
    token = writes.held.viewers[APPROVER].token
    renamed = re.sub(r"name: Public Health[ \d]*", f"name: Public Health {writes.number()}", document())
    return await writes.service.post(
        "/plans/import", token, content=renamed.encode(), headers={"Content-Type": "application/yaml"}
    )


async def hold_meeting(writes: RandomWrites) -> httpx.Response:
    """A meeting is entered, and what became of it."""
    day = date(2017, 4, 1) + timedelta(days=writes.number())
    kind = writes.one_of("ordinary", "extraordinary", "circulated")
    body = {"group": "board", "day": day.isoformat(), "kind": kind, "items": [{"title": "Performance"}]}
    added = await writes.ask("POST", "/meetings", OFFICER, body)
    if added.status_code != 201:
        return added
    step = writes.one_of("hold", "cancel", "hold" if kind == "circulated" else "inquorate")
    path = f"/meetings/{added.json()['code']}/{step}"
    return await writes.ask("POST", path, OFFICER, {}, **{"If-Match": "*"})


async def record_attendance(writes: RandomWrites) -> httpx.Response:
    entry = {
        "post": writes.one_of("portfolio-holder", "area-commander"),
        "status": writes.one_of("present", "deputy", "apologies", "absent"),
    }
    body = {"attendance": [entry], "heard_how": f"By telephone, call {writes.number()}"}
    return await writes.ask("PUT", f"/meetings/{MEETING}/attendance", OFFICER, body, **{"If-Match": "*"})


async def decide(writes: RandomWrites) -> httpx.Response:
    """A decision is entered or edited; what it decided names it."""
    body = {
        "text": f"The figures stand {writes.number()}",
        "subject": {"kind": "reporting-periods", "ref": writes.one_of(*QUARTERS)},
    }
    decisions = (await writes.ask("GET", "/decisions", OFFICER)).json()["items"]
    entered = [each["code"] for each in decisions if each["text"].startswith("The figures stand")]
    if entered and writes.one_of(True, False):
        path = f"/decisions/{writes.one_of(*entered)}"
        return await writes.ask("PATCH", path, OFFICER, body, **{"If-Match": "*"})
    where = writes.one_of({"meeting": MEETING}, {"group": "board", "decided_on": "2017-10-02"})
    return await writes.ask("POST", "/decisions", OFFICER, body | where)


async def answer_recommendation(writes: RandomWrites) -> httpx.Response:
    step, body = writes.one_of(
        ("answer", {"answer": writes.one_of("accepted", "partly_accepted")}),
        ("progress", {"state": writes.one_of("on_track", "at_risk")}),
    )
    path = f"/recommendations/risk-conferences/{step}"
    words = {"text": f"As the chair said, {writes.number()}"}
    return await writes.ask("POST", path, OFFICER, body | words, **{"If-Match": "*"})


async def rename_group_or_post(writes: RandomWrites) -> httpx.Response:
    """What shows the name of the other changes with it."""
    path, name = writes.one_of(("/groups/board", "name"), ("/posts/area-commander", "title"))
    body = {name: f"Community safety {writes.number()}"}
    return await writes.ask("PATCH", path, OFFICER, body, **{"If-Match": "*"})


async def apply_for_money(writes: RandomWrites) -> httpx.Response:
    """An application is written, sent, or passed to the panel."""
    await _call_for_applications(writes)
    rows = (await writes.ask("GET", "/applications", OFFICER)).json()["items"]
    steps = [(each["code"], step) for each in rows for step in ("submit", "assess") if step in each["may"]]
    if steps and writes.one_of(True, False):
        code, step = writes.one_of(*steps)
        path = f"/applications/{code}/{step}"
        return await writes.ask("POST", path, OFFICER, {}, **{"If-Match": "*"})
    amount = {"financial_year": "2017-18", "amount": 100 + writes.number()}
    body = {
        "round": "winter",
        "applicant": writes.one_of("police", "council"),
        "title": f"Locks {writes.number()}",
        "lines": [{"title": "Locks", "amounts": [amount]}],
    }
    return await writes.ask("POST", "/applications", OFFICER, body)


async def _call_for_applications(writes: RandomWrites) -> None:
    """A fund and its round, where there are none yet."""
    if (await writes.ask("GET", "/rounds", OFFICER)).json()["items"]:
        return
    fund = {"code": "locks", "title": "Locks", "funder": "commissioner"}
    round_ = {
        "code": "winter",
        "title": "Winter",
        "fund": "locks",
        "opens_on": "2017-12-01",
        "closes_on": "2018-01-31",
    }
    for path, body in (("/funds", fund), ("/rounds", round_)):
        answer = await writes.ask("POST", path, ADMINISTRATOR, body)
        assert answer.status_code == 201, answer.text


KINDS: dict[str, Write] = {
    each.__name__: each
    for each in (
        post_figure,
        correct_figure,
        edit_indicator,
        release,
        step_quarter,
        step_return,
        save_draft,
        change_person,
        change_key,
        upload,
        import_document,
        hold_meeting,
        record_attendance,
        decide,
        answer_recommendation,
        rename_group_or_post,
        apply_for_money,
    )
}
