"""A fund, an allocation of 10,000 pounds, and the people who deal with it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.commands.grants.allocation import add_allocation
from app.commands.grants.fund import add_fund
from app.domain.access.authority import Role
from app.models.grants.allocation import AllocationIn
from app.models.grants.fund import FundIn
from app.models.plan.partnership import Agency
from app.queries.access.actor import actor_of
from tests.api.conftest import Stock
from tests.build import Service, change_in, make_agency, make_person, make_token
from tests.town import Town, make_town

ALLOCATION = {
    "code": "local-2017-18",
    "fund": "streets",
    "accountable_body": "council",
    "financial_year": "2017-18",
    "revenue": 10000,
}


BEFORE = {"G1", "G2", "safety", "safety-2017-18", "safety-round", "A1", "A2"}
"""Codes of what the town has already."""


@dataclass
class Money:
    """Calls as people of the town, each by a token."""

    service: Service
    people: dict[str, str]

    async def get(self, who: str, path: str) -> Any:
        answer = await self.service.get(path, self.people[who])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def items(self, who: str, path: str) -> list[dict[str, Any]]:
        """A list, without what the town had before."""
        items = await self.service.items(path, self.people[who])
        return [
            each
            for each in items
            if not BEFORE & {each.get(name) for name in ("code", "reference", "grant", "application")}
        ]

    async def send(self, who: str, path: str, body: Any = None, **headers: str) -> Any:
        """A POST that goes through; its answer."""
        answer = await self.post(who, path, body, **headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def post(self, who: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"json": body} if body is not None else {}
        return await self.service.post(path, self.people[who], headers={"If-Match": "*", **headers}, **sent)

    async def propose(self, reference: str = "N1", pounds: float = 4000, **rest: Any) -> Any:
        return await self.send("officer", "/grants", grant(reference, pounds, **rest))

    async def award(self, reference: str = "N1", pounds: float = 4000, **rest: Any) -> Any:
        await self.propose(reference, pounds, **rest)
        return await self.send("approver", f"/grants/{reference}/award", {})

    async def run(self, reference: str = "N1", pounds: float = 4000, **rest: Any) -> None:
        """Awards a grant and lets it run."""
        await self.award(reference, pounds, **rest)
        await self.send("provider", f"/grants/{reference}/accept", {})
        await self.send("officer", f"/grants/{reference}/start", {})

    async def sums(self, code: str = "local-2017-18") -> Any:
        return (await self.get("officer", f"/allocations/{code}"))["sums"][0]


def grant(reference: str, pounds: float, **rest: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "recipient": "lane",
        "purpose": "Young people",
        "starts": "2017-04-01",
        "ends": "2018-03-31",
        "allocations": [{"code": "local-2017-18"}],
        "lines": [{"title": "Workers", "amount": pounds}],
        **rest,
    }


FUND = {
    "code": "streets",
    "title": "Community safety",
    "funder": "commissioner",
    "rules": {"underspend_limit": 500},
}
NAMES = {
    "officer": (Role.OFFICER, None),
    "approver": (Role.APPROVER, None),
    "treasurer": (Role.APPROVER, None),
    "administrator": (Role.ADMINISTRATOR, None),
    "provider": (Role.CONTRIBUTOR, "lane"),
    "other provider": (Role.CONTRIBUTOR, "other"),
    "funder": (Role.FUNDER, "commissioner"),
    "reader": (Role.READER, None),
    "auditor": (Role.AUDITOR, None),
}
"""Role and agency of each person, by what the tests call them."""


@dataclass(frozen=True, kw_only=True)
class TownWithMoney(Town):
    people: dict[str, str]
    """Each person's token, by what the tests call them."""


def make_town_with_money(session: Session) -> TownWithMoney:
    town = make_town(session)
    for code in ("lane", "other"):
        make_agency(session, town.partnership, code=code, kind="provider")
    agencies = {agency.code: agency for agency in session.exec(select(Agency))}
    persons = {
        name: make_person(session, town.partnership, role, agency=agencies.get(agency or ""), name=name)
        for name, (role, agency) in NAMES.items()
    }
    people = {name: make_token(session, person) for name, person in persons.items()}
    administrator = actor_of(session, f"person:{persons['administrator'].id}", datetime.now(UTC))
    assert administrator is not None
    change = replace(change_in(session, town.partnership), actor=administrator)
    add_fund(change, FundIn.model_validate(FUND))
    add_allocation(change, AllocationIn.model_validate(ALLOCATION))
    return TownWithMoney(**vars(town), people=people)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    """As the stock of other tests, with money and people in the town: made once and copied."""
    return Stock(tmp_path_factory.mktemp("money"), make_town_with_money)


@pytest.fixture
def money(one_service: Service, one_town: TownWithMoney) -> Money:
    return _money(one_service, one_town)


@pytest.fixture
def both(service: Service, town: TownWithMoney) -> Money:
    """As `money`, on each of the two databases."""
    return _money(service, town)


def _money(service: Service, town: TownWithMoney) -> Money:
    keys = {"staff key": town.staff, "admin key": town.admin, "stranger": town.stranger}
    return Money(service, town.people | keys)
