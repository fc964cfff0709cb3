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
