"""A fund, an allocation of 10,000 pounds, and the people who deal with it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.models.plan.partnership import Agency
from tests.build import Service, make_agency, make_person, make_token
from tests.town import Town

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
    people: dict[str, str] = field(default_factory=dict)

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


async def make_money(service: Service, town: Town) -> Money:
    money = Money(service)
    with service.writing() as session:
        provider = make_agency(session, town.partnership, code="lane", kind="provider")
        other = make_agency(session, town.partnership, code="other", kind="provider")
        funder = session.exec(select(Agency).where(Agency.code == "commissioner")).one()
        for name, role, agency in (
            ("officer", Role.OFFICER, None),
            ("approver", Role.APPROVER, None),
            ("treasurer", Role.APPROVER, None),
            ("administrator", Role.ADMINISTRATOR, None),
            ("provider", Role.CONTRIBUTOR, provider),
            ("other provider", Role.CONTRIBUTOR, other),
            ("funder", Role.FUNDER, funder),
            ("reader", Role.READER, None),
            ("auditor", Role.AUDITOR, None),
        ):
            person = make_person(session, town.partnership, role, agency=agency, name=name)
            money.people[name] = make_token(session, person)
    money.people |= {"staff key": town.staff, "admin key": town.admin, "stranger": town.stranger}
    fund = {
        "code": "streets",
        "title": "Community safety",
        "funder": "commissioner",
        "rules": {"underspend_limit": 500},
    }
    await money.send("administrator", "/funds", fund)
    await money.send("officer", "/allocations", ALLOCATION)
    return money


@pytest.fixture
async def money(one_service: Service, one_town: Town) -> Money:
    return await make_money(one_service, one_town)


@pytest.fixture
async def both(service: Service, town: Town) -> Money:
    """As `money`, on each of the two databases."""
    return await make_money(service, town)
