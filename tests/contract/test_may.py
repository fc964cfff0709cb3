"""What `may` offers is what goes through, and what it does not offer is refused: for everybody, in any order."""

import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.build import Service, serving
from tests.held_back import KEPT, QUARTER, HeldBack, make
from tests.town import figures

QUARTERS = ("2017-18-Q1", QUARTER, "2016-17-Q4", "2017-18-Q3")
"""The last has not ended."""
AGENCIES = ("police", "police", "council", "analysts")
OFTEN = ("a contributor for the police", "an officer", "an approver")
"""Whoever has steps to take, half the time."""


@dataclass(frozen=True)
class Step:
    """`thing` is where `may` is read, with the quarter and the agency to be put in; `sent` what would be taken."""

    thing: str
    method: str
    path: str
    sent: Callable[[str], dict[str, Any]] = field(default=lambda _quarter: {})
    offered_as: str = ""
    """Its name in `may`, where that is not its name here."""


def figure(quarter: str) -> dict[str, Any]:
    return figures({"indicator": KEPT[0].code, "period": quarter, "value": 4000, "reason": "Recounted"})


PERIOD, RETURN = "/reporting-periods/{quarter}", "/returns/{quarter}~{agency}"
MEETING, RECOMMENDATION = "/meetings/{meeting}", "/recommendations/risk-conferences"
MEETINGS = ("board-2017-09-22", "board-2017-12-15", "board-2018-01-19")
"""The last is to come; what the first decided keeps it held."""
STEPS = {
    "plan": Step(PERIOD, "PATCH", PERIOD, lambda _: {"board_on": "2018-03-20"}),
    "cut_off": Step(PERIOD, "POST", f"{PERIOD}/cut-off"),
    "close": Step(PERIOD, "POST", f"{PERIOD}/close"),
    "reopen": Step(PERIOD, "POST", f"{PERIOD}/reopen", lambda _: {"reason": "A late correction"}),
    "nil": Step(RETURN, "POST", f"{RETURN}/nil"),
    "late": Step(RETURN, "POST", f"{RETURN}/late", lambda _: {"reason": "Late", "promised_on": "2018-01-10"}),
    "sign_off": Step(RETURN, "POST", f"{RETURN}/sign-off", lambda _: {"text": ""}),
    "answer": Step(RETURN, "POST", f"{RETURN}/answer", lambda _: {"text": "They are in"}),
    "query": Step(RETURN, "POST", f"{RETURN}/query", lambda _: {"text": "Are these all?"}),
    "check": Step(RETURN, "POST", f"{RETURN}/check", lambda _: {"text": ""}),
    "remind": Step(RETURN, "POST", f"{RETURN}/remind"),
    "hold": Step(MEETING, "POST", f"{MEETING}/hold"),
    "cancel": Step(MEETING, "POST", f"{MEETING}/cancel"),
    "inquorate": Step(MEETING, "POST", f"{MEETING}/inquorate"),
    "take_back": Step(MEETING, "POST", f"{MEETING}/take-back", lambda _: {"reason": "A slip"}),
    "answer_recommendation": Step(
        RECOMMENDATION,
        "POST",
        f"{RECOMMENDATION}/answer",
        lambda _: {"answer": "accepted", "text": "Agreed"},
        "answer",
    ),
    "report": Step(
        RECOMMENDATION,
        "POST",
        f"{RECOMMENDATION}/progress",
        lambda _: {"state": "done", "text": "It is done"},
    ),
    "reopen_recommendation": Step(
        RECOMMENDATION,
        "POST",
        f"{RECOMMENDATION}/reopen",
        lambda _: {"state": "on_track", "text": "Not quite"},
        "reopen",
    ),
}

WALKS = (((PERIOD, RETURN, RETURN), 360), ((MEETING, RECOMMENDATION), 180))
"""Kinds of thing that steps are tried on, and how many attempts there are."""


@dataclass(frozen=True)
class Attempt:
    step: str
    who: str
    thing: str
    is_offered: bool
    status: int
    said: str


@pytest.fixture(scope="module")
async def attempts(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Attempt]]:
    """A long walk: somebody tries some step on something; what goes through is where the next begins."""
    path = tmp_path_factory.mktemp("may") / "own.db"
    shutil.copyfile(sqlite_template, path)
    found: dict[str, list[Attempt]] = defaultdict(list)
    async with serving(f"sqlite:///{path}", requests_a_minute=1_000_000) as service:
        held = await make(service, path)
        chance = random.Random(42)
        for kinds, count in WALKS:
            for _ in range(count):
                attempt = await _attempt(service, held, chance, kinds)
                if attempt is not None:
                    found[attempt.step].append(attempt)
    return found


async def _attempt(
    service: Service, held: HeldBack, chance: random.Random, kinds: Sequence[str]
) -> Attempt | None:
    """Often something that is offered; None where the thing itself is not there for whoever asks."""
    kind = chance.choice(kinds)
    viewer = held.viewers[chance.choice(OFTEN if chance.random() < 0.5 else list(held.viewers))]
    names = {
        "quarter": chance.choice(QUARTERS),
        "agency": chance.choice(AGENCIES),
        "meeting": chance.choice(MEETINGS) if kind == MEETING else "",
    }
    thing = kind.format(**names)
    read = await service.get(thing, viewer.token)
    if read.status_code != 200:
        return None
    steps = [name for name, step in STEPS.items() if step.thing == kind]
    offered = [name for name in steps if (STEPS[name].offered_as or name) in read.json()["may"]]
    name = chance.choice(offered if offered and chance.random() < 0.3 else steps)
    step = STEPS[name]
    answer = await service.ask(
        step.method,
        step.path.format(**names),
        viewer.token,
        json=step.sent(names["quarter"]),
        headers={"If-Match": "*"},
    )
    return Attempt(name, viewer.name, thing, name in offered, answer.status_code, answer.text[:300])


@pytest.mark.parametrize("step", STEPS)
async def test_what_may_be_done_is_what_is_not_refused(attempts: dict[str, list[Attempt]], step: str) -> None:
    for each in attempts[step]:
        assert (each.status < 300) == each.is_offered, each


@pytest.mark.parametrize("step", STEPS)
async def test_the_walk_comes_where_it_matters(attempts: dict[str, list[Attempt]], step: str) -> None:
    assert {each.is_offered for each in attempts[step]} == {True, False}
