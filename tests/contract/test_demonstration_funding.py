"""The demonstration's money: the API says what its paper adds up to, and what is not known yet is named."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.commands.audit import verify
from app.demo.account import make_accounts
from app.demo.content import load_plan
from app.demo.funding import load_funding_history
from tests.build import Service, serving

GRANTS = {
    "SSF-17-01": (52000, 39000),
    "SSF-17-02": (28500, 14250),
    "SSF-17-03": (18000, 9000),
    "SSF-17-04": (24000, 9099.15),
    "SSF-17-05": (30000, 16200),
    "SSF-17-06": (15000, 7500),
    "SSF-17-07": (22000, 16650),
    "SSF-17-08": (12000, 6000),
    "SSF-17-09": (16000, 6500),
    "SSF-17-10": (7250, 6750),
    "LOC-17-1": (3800, 3800),
    "LOC-17-2": (2650, 2650),
}
"""Award, and paid less repaid."""
IN_ARREARS = "SSF-17-04"
HELD = {
    "CSG-2017": "Send the report for 2017-18-Q3. Report a forecast",
    "SSF-17-02": "Send the report for 2017-18-Q2.",
    "SSF-17-03": "Send the report for 2017-18-Q2.",
    "SSF-17-05": "Report what was spent: at most £3,000 may be unspent.",
    "SSF-17-09": "Send the report for 2017-18-Q2.",
}
"""Grants whose next payment is past its day or of the commissioner, and what it waits for."""


@pytest.fixture(scope="module")
async def demonstration(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Service, str]]:
    """The demonstration with its payments and claims, and a key that reads everything."""
    path = tmp_path_factory.mktemp("funding") / "demo.db"
    path.write_bytes(sqlite_template.read_bytes())
    async with serving(f"sqlite:///{path}", mode="demo") as service:
        load_plan(service.settings, service.database)
        keys = make_accounts(service.settings, service.database)["keys"]
        load_funding_history(service.database)
        yield service, keys["admin"]


async def test_the_funds_numbers(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    allocation = (await service.get("/allocations/community-safety-2017-18", key)).json()
    (sums,) = allocation["sums"]
    assert (sums["allocated"], sums["committed"], sums["not_scheduled"]) == (256343, 231200, 14900.85)
    assert (sums["with_groups"], sums["not_committed"]) == (3550, 21593)
    assert (sums["never_awarded"], sums["released"]) == (14343, 7250)
    assert sums["paid"] == 137399.15
    assert sums["paid"] == round(sum(paid for _, paid in GRANTS.values()), 2)
    assert (sums["limit"], sums["over_committed"]) == (15000, 0)
    assert set(sums["without_spending"]) == GRANTS.keys() - {IN_ARREARS}
    assert set(sums["without_forecast"]) == GRANTS.keys()
    (delegation,) = allocation["delegations"]
    assert (delegation["amount"], delegation["awarded"], delegation["left"]) == (10000, 6450, 3550)


async def test_each_grants_award_and_paid(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    for reference, (award, paid) in GRANTS.items():
        grant = (await service.get(f"/grants/{reference}", key)).json()
        assert (grant["amount"], grant["numbers"]["paid"]) == (award, paid), reference
        is_known = reference == IN_ARREARS
        assert (grant["numbers"]["spent"] is not None) == is_known, "not yet known is not nought"
        assert grant["numbers"]["forecast"] is None
    later = (await service.get("/grants/SSF-17-08", key)).json()["years"]
    assert [(each["financial_year"], each["approved"], each["is_indicated"]) for each in later] == [
        ("2017-18", 12000, False),
        ("2018-19", 12000, True),
    ]
    released = (await service.get("/grants/SSF-17-10", key)).json()
    assert (released["numbers"]["awarded"], released["state_label"]) == (14500, "being closed")


async def test_a_claim_says_asked_approved_claimed_and_left(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    claim = (await service.get(f"/grants/{IN_ARREARS}/claims/2", key)).json()
    assert (claim["asked"], claim["approved"], claim["left"]) == (5486.75, 5186.75, 14900.85)
    assert (claim["already_claimed"], claim["state"], claim["is_late"]) == (3912.40, "paid", True)


async def test_what_stands_before_each_next_payment(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    for reference, words in HELD.items():
        grant = (await service.get(f"/grants/{reference}", key)).json()
        assert words in grant["next_payment"]["words"], reference


async def test_changes_that_were_asked_for(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    rows = await service.items("/variations", key)
    assert [(row["grant"], row["kind"], row["state"]) for row in rows] == [
        ("SSF-17-01", "virement", "recorded"),
        ("SSF-17-05", "reprofile", "requested"),
        ("SSF-17-05", "reduction", "requested"),
    ]


async def test_its_record_is_whole_and_the_script_runs_once(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    before = len(await service.items("/payments", key))
    load_funding_history(service.database)
    assert len(await service.items("/payments", key)) == before
    with service.database.read() as session:
        assert list(verify(session)) == []


ROUND = "community-safety-2017-18"
APPLICATIONS = {
    "A01": (58000, 52000, "SSF-17-01", 18),
    "A02": (28500, 28500, "SSF-17-02", 18),
    "A03": (21000, 18000, "SSF-17-03", 16),
    "A04": (24000, 24000, "SSF-17-04", 17),
    "A05": (36000, 30000, "SSF-17-05", 15),
    "A06": (15000, 15000, "SSF-17-06", 16),
    "A07": (25000, 22000, "SSF-17-07", 16),
    "A08": (12000, 12000, "SSF-17-08", 15),
    "A09": (20000, 16000, "SSF-17-09", 15),
    "A10": (14500, 14500, "SSF-17-10", 14),
    "A11": (8500, None, None, 13),
    "A12": (19600, None, None, 8),
    "A13": (6000, None, None, None),
}
"""Asked for, approved, its grant, and the panel's total of 20."""


async def test_the_round_of_thirteen(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    round_ = (await service.get(f"/rounds/{ROUND}", key)).json()
    numbers = {"applications": 13, "to_decide": 1, "amount_asked": 288100, "amount_approved": 232000}
    assert round_["numbers"] == numbers
    rows = await service.items("/applications", key, round=ROUND)
    assert {
        row["code"]: (row["amount_asked"], row["amount_approved"], row["grant"], row["score"]["total"])
        for row in rows
    } == APPLICATIONS
    states = {row["code"]: row["state"] for row in rows}
    assert (states["A11"], states["A12"], states["A13"]) == ("reserve", "declined", "withdrawn")
    later = {row["code"]: row["amount_asked_later"] for row in rows if row["amount_asked_later"]}
    assert later == {"A08": 12000}
    assert [row["score"]["took_no_part"] for row in rows if row["code"] == "A07"] == [1]


async def test_an_awarded_application_has_the_amount_of_its_grant(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    for asked, approved, reference, _ in APPLICATIONS.values():
        if reference is not None:
            grant = (await service.get(f"/grants/{reference}", key)).json()
            assert grant["numbers"]["awarded"] == approved, (reference, asked)


async def test_the_commissioners_own_rounds(demonstration: tuple[Service, str]) -> None:
    service, key = demonstration
    rounds = {each["code"]: each for each in await service.items("/rounds", key)}
    own = [each for each in rounds.values() if each["decider"] == "funder"]
    assert [(each["state"], each["cap"]) for each in own] == [("closed", 5000)] * 2 + [("planned", 5000)]
    assert [each["numbers"]["amount_approved"] for each in own] == [4800, 3200, 0]
