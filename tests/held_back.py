"""A town whose police keep three figures to three audiences until a day; each is a number found nowhere else.

Of each there is a revision, a note and a reason that say it too, a breakdown and a ward, a receipt, a return and
a quarter that was cut off: wherever a figure may come out again.
"""

import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.api.routes import ROUTES
from app.commands.change import Change
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role, Scope
from app.models.plan.partnership import Agency, Partnership
from tests.build import BUILDER, PASSWORD, TODAY, Service, make_key, make_person, make_token
from tests.contract.walk import path_of
from tests.town import DOCUMENT, EVIDENCE_SHA256, NOW, figures

QUARTER = "2017-18-Q2"
RELEASED_ON = date(2018, 1, 8)
SHOWN = ("2015-16-Q3", "2015-16-Q4", "2016-17-Q1", "2016-17-Q2", "2016-17-Q3", "2016-17-Q4", "2017-18-Q1")


@dataclass(frozen=True)
class Kept:
    """A figure kept to an audience. `as_sent` is what it was first; `instead` stand for both in another world."""

    code: str
    to: str
    value: str
    as_sent: str
    instead: tuple[str, str]

    @property
    def telling(self) -> tuple[str, ...]:
        """The number as it was and is, and the year so far that it makes with the quarter before."""
        return (self.value, self.as_sent, str(int(self.value) + 1000))


KEPT = (
    Kept("kept-by-police", "submitter", "7919", "7907", ("3119", "3109")),
    Kept("kept-inside", "partnership", "6829", "6827", ("2129", "2113")),
    Kept("kept-to-board", "board", "5737", "5717", ("1637", "1627")),
)
INDICATOR = """
  - code: {code}
    title: Offences {code}
    measure: count
    polarity: lower_is_better
    adds_up: sum
    responsible: police
    release:
      to: {to}
      approvals:
{approvals}
        - {{period: {quarter}, to: public, from: {day}, reason: Cleared}}
    breakdowns: {{strand: [race]}}
    baseline: {{period: 2016-17, value: 4100}}
    target: {{words: 'Fewer than 4,100'}}
    published_changes:
      - {{period: 2017-04/2017-09, compared_with: 2016-04/2016-09, change: 50, words: Up by half}}
"""
APPROVAL = "        - {{period: {period}, to: public, from: 2017-12-01, reason: Cleared}}"


def document() -> str:
    """The town's plan with an indicator for each."""
    indicators = "".join(
        INDICATOR.format(
            code=kept.code,
            to=kept.to,
            approvals="\n".join(APPROVAL.format(period=period) for period in SHOWN),
            quarter=QUARTER,
            day=RELEASED_ON,
        ).rstrip("\n")
        for kept in KEPT
    )
    codes = ", ".join(kept.code for kept in KEPT)
    with_lines = DOCUMENT.replace("damage-cost, repair-index", f"{codes}, damage-cost, repair-index")
    return with_lines.replace("\nindicators:\n", f"\nindicators:{indicators}\n")


@dataclass(frozen=True)
class Viewer:
    """Who asks, and for which audiences' figures they are."""

    name: str
    sees: frozenset[str]
    token: str
    email: str | None = None
    """A person's, who also looks at the pages."""

    def may_see(self, kept: Kept) -> bool:
        return kept.to in self.sees


@dataclass(frozen=True)
class HeldBack:
    path: Path
    viewers: dict[str, Viewer]
    ids: dict[str, list[str]]
    """What each path parameter may be, by its name or by the resource it stands in."""


ALL = frozenset({"submitter", "partnership", "board"})
INSIDE = ALL - {"submitter"}
BOARD = frozenset({"board"})
NOTHING: frozenset[str] = frozenset()
PEOPLE: dict[str, tuple[Role, str | None, frozenset[str]]] = {
    "a contributor for the police": (Role.CONTRIBUTOR, "police", ALL),
    "a contributor for the council": (Role.CONTRIBUTOR, "council", INSIDE),
    "an officer": (Role.OFFICER, None, INSIDE),
    "an approver": (Role.APPROVER, None, INSIDE),
    "an administrator": (Role.ADMINISTRATOR, None, INSIDE),
    "an auditor": (Role.AUDITOR, None, BOARD),
    "a Board member": (Role.READER, None, BOARD),
    "a Board member of the council": (Role.READER, "council", BOARD),
    "a funder": (Role.FUNDER, "commissioner", NOTHING),
}
NOT_STAFF = tuple(
    scope for scope in Scope if scope not in (Scope.WRITE_PLAN, Scope.CHECK_RETURNS, Scope.CLOSE_PERIODS)
)
KEYS: dict[str, tuple[str, tuple[Scope, ...], frozenset[str]]] = {
    "a key of the police": (
        "police",
        (Scope.READ, Scope.READ_FIGURES, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS),
        ALL,
    ),
    "a key of the council that may do everything": ("council", tuple(Scope), INSIDE),
    "a key of a funder that may all it can": ("commissioner", NOT_STAFF, NOTHING),
}


async def make(service: Service, path: Path) -> HeldBack:
    """Fills the service's database, which is the file at `path`."""
    with service.writing() as session:
        load(
            Change(session, BUILDER, None, TODAY, NOW), parse_document(document()), partnerships_allowed=None
        )
    with service.writing() as session:
        viewers = _viewers(session)
    police = viewers["a contributor for the police"].token
    submissions = [await _sent(service, police, number) for number in (0, 1)]
    council = viewers["a key of the council that may do everything"].token
    draft = {"rows": [{"indicator": kept.code, "value": kept.value} for kept in KEPT]}
    saved = await service.ask(
        "PUT", f"/returns/{QUARTER}~police/draft", police, json=draft, headers={"If-Match": "*"}
    )
    assert saved.status_code == 200, saved.text
    cut_off = await service.post(f"/reporting-periods/{QUARTER}/cut-off", council, json={})
    assert cut_off.status_code == 200, cut_off.text
    file = "\n".join(["indicator,period,value", *(f"{kept.code},{QUARTER},{kept.value}" for kept in KEPT)])
    kept_file = await service.post(
        "/uploads", police, content=file.encode(), headers={"Content-Type": "text/csv"}
    )
    assert kept_file.status_code == 201, kept_file.text
    found = {
        each["id"]
        for kept in KEPT
        for each in await service.items("/figures", police, indicator=kept.code, period=QUARTER)
    }
    codes = await _codes(service, council)
    return HeldBack(path, viewers, codes | _ids(sorted(found), submissions))


async def _codes(service: Service, token: str) -> dict[str, list[str]]:
    """What is in each list of things with codes, by its address."""
    lists = {path_of(each).removesuffix("/{code}") for each in ROUTES if path_of(each).endswith("/{code}")}
    return {path: [each["code"] for each in await service.items(path, token)] for path in sorted(lists)}


def _ids(figure_ids: list[str], submissions: list[str]) -> dict[str, list[str]]:
    return {
        "figure_id": figure_ids,
        "message_id": ["1"],
        "upload_id": ["1"],
        "submission_id": submissions,
        "return_id": [f"{QUARTER}~police", f"{QUARTER}~council"],
        "period": [QUARTER],
        "key_id": ["1"],
        "user_id": ["1"],
        "sha256": [EVIDENCE_SHA256],
        "/grants": ["G1"],
        "/rounds": ["safety-round"],
        "/applications": ["A2"],
        "number": ["1"],
        "/indicators": [kept.code for kept in KEPT],
        "/priorities": ["places"],
    }


def _viewers(session: Session) -> dict[str, Viewer]:
    town = session.exec(select(Partnership)).one()
    agencies: dict[str | None, Agency | None] = {each.code: each for each in session.exec(select(Agency))}
    made = {}
    for name, (role, agency, sees) in PEOPLE.items():
        person = make_person(session, town, role, agency=agencies.get(agency))
        made[name] = Viewer(name, sees, make_token(session, person), person.email)
    for name, (code, scopes, sees) in KEYS.items():
        agency_row = agencies[code]
        assert agency_row is not None
        made[name] = Viewer(name, sees, make_key(session, town, agency=agency_row, scopes=scopes).secret)
    return made


async def _sent(service: Service, police: str, number: int) -> str:
    """First as it was sent, then as it was revised; the receipt's id."""
    rows: list[dict[str, Any]] = []
    for kept in KEPT:
        said = (kept.as_sent, kept.value)[number]
        common = {"indicator": kept.code, "period": QUARTER, "value": int(said), "note": f"It is {said}."}
        if number:
            common |= {"reason": f"Was {kept.as_sent}, is {said}."}
        else:
            rows += [{"indicator": kept.code, "period": period, "value": 1000} for period in SHOWN]
        rows += [common, {**common, "area": "E05001341"}, {**common, "breakdown": {"strand": "race"}}]
        # A row that is refused stays on the receipt, with what it said.
        rows.append(
            {"indicator": kept.code, "period": QUARTER, "value": int(said), "breakdown": {"no": "such"}}
        )
    answer = await service.post("/figures?mode=partial", police, json=figures(*rows))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def another_world(path: Path, viewer: Viewer) -> None:
    """Changes, behind the service's back, every number that a viewer may not see; nothing else in the file."""
    swaps = {
        number: instead
        for kept in KEPT
        if not viewer.may_see(kept)
        for number, instead in zip((kept.value, kept.as_sent), kept.instead, strict=True)
    }
    if not swaps:
        return
    alone = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(swaps)})(?![0-9A-Za-z])")
    connection = sqlite3.connect(path)
    connection.create_function("swapped", 1, lambda text: alone.sub(lambda found: swaps[found[0]], text))
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for _, column, *_ in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
            connection.execute(
                f'UPDATE "{table}" SET "{column}" = swapped("{column}") WHERE typeof("{column}") = \'text\''
            )
    connection.commit()
    connection.close()


def copied(held: HeldBack, to: Path) -> Path:
    """A file of its own, with what may still stand in a write-ahead log."""
    source, target = sqlite3.connect(held.path), sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()
    return to


__all__ = ["KEPT", "PASSWORD", "QUARTER", "RELEASED_ON", "HeldBack", "Kept", "Viewer"]
