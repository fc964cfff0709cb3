"""Claims over the API: asked, approved, already claimed, left; and paid by somebody else."""

from typing import Any

import pytest

from tests.api.grants.conftest import Money
from tests.build import assert_problem

CLAIMS = "/grants/N1/claims"


def claim(pounds: float = 1000, period: str = "2017-18-Q2", **rest: Any) -> dict[str, Any]:
    return {
        "period": period,
        "lines": [{"line": "Locks", "incurred": pounds}],
        "late_reason": "An invoice was awaited",
        **rest,
    }


async def test_a_claim_is_approved_in_part_and_paid(both: Money) -> None:
    await both.run(pounds=4000, paid_in="arrears")
    first = await both.send("provider", CLAIMS, claim(600, "2017-18-Q1"))
    assert (first["asked"], first["already_claimed"], first["left"], first["state"]) == (
        600,
        0,
        4000,
        "draft",
    )
    await both.send("provider", f"{CLAIMS}/1/submit")
    lines = [{"line": "Locks", "incurred": 1300, "ineligible": 50}, {"line": "Travel", "incurred": 250.5}]
    second = await both.send("provider", CLAIMS, claim(lines=lines))
    assert (second["asked"], second["already_claimed"]) == (1500.5, 600)
    sent = await both.send("provider", f"{CLAIMS}/2/submit")
    assert (sent["is_late"], sent["sent_on"], sent["left"]) == (True, "2017-12-20", 1899.5)
    decision = {"approved": 1200.5, "reason": "300.00 is VAT that you can reclaim"}
    decided = await both.send("approver", f"{CLAIMS}/2/decide", decision)
    assert (decided["state"], decided["approved"], decided["left"]) == ("part_approved", 1200.5, 2199.5)
    assert (await both.sums())["spent"] == 1200.5, "what was approved, not what was asked"
    (due,) = await both.service.items("/payments", both.people["provider"])
    assert (due["amount"], due["purpose"]) == (1200.5, "Claim 2, Q2 2017/18")
    assert_problem(await both.post("approver", "/grants/N1/payments/1/authorise"), 409, "own_draft")
    await both.send("treasurer", "/grants/N1/payments/1/authorise")
    await both.send("officer", "/grants/N1/payments/1/paid", {"paid_on": "2017-12-20"})
    assert (await both.get("provider", f"{CLAIMS}/2"))["state"] == "paid"
    numbers = (await both.get("funder", "/grants/N1"))["numbers"]
    assert (numbers["paid"], numbers["spent"], numbers["still_with_them"]) == (1200.5, 1200.5, 0)


async def test_nobody_decides_an_own_claim(money: Money) -> None:
    await money.run(paid_in="arrears")
    await money.send("approver", CLAIMS, claim(on_behalf="By telephone on 12 December"))
    await money.send("approver", f"{CLAIMS}/1/submit")
    assert_problem(await money.post("approver", f"{CLAIMS}/1/decide", {"approved": 1}), 409, "own_proposal")
    assert_problem(await money.post("officer", f"{CLAIMS}/1/decide", {"approved": 1}), 403, "forbidden")
    rejected = {"approved": 0, "reason": "Not of this grant"}
    assert (await money.send("treasurer", f"{CLAIMS}/1/decide", rejected))["state"] == "rejected"
    assert await money.items("officer", "/payments") == []


async def test_what_is_sent_can_be_taken_back_until_it_is_decided(money: Money) -> None:
    await money.run(paid_in="arrears")
    await money.send("provider", CLAIMS, claim())
    await money.send("provider", f"{CLAIMS}/1/submit")
    assert (await money.send("provider", f"{CLAIMS}/1/take-back"))["state"] == "draft"
    assert_problem(await money.post("approver", f"{CLAIMS}/1/decide", {"approved": 1}), 409, "wrong_state")
    assert_problem(await money.post("other provider", f"{CLAIMS}/1/submit"), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (claim(4000.01), "lines", "more_than_is_left"),
        (claim(0), "lines", "nothing_claimed"),
        (
            claim(lines=[{"line": "Locks", "incurred": 5, "ineligible": 6}]),
            "lines.0.ineligible",
            "more_than_incurred",
        ),
        (claim(lines=[{"line": "Locks", "incurred": 5.001}]), "lines.0.incurred", "part_of_a_penny"),
        (claim(period="2016-17-Q4"), "period", "before_award"),
        (claim(period="2017-01/2017-06"), "period", "two_years"),
    ],
)
async def test_a_claim_that_cannot_be_names_the_field(
    money: Money, body: dict[str, Any], field: str, code: str
) -> None:
    await money.run(paid_in="arrears")
    answer = await money.post("provider", CLAIMS, body)
    document = assert_problem(answer, 422, answer.json()["code"])
    assert [(each["field"], each["code"]) for each in document["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (claim(late_reason=""), "late_reason", "required"),
        (claim(period="2017-18-Q3"), "period", "not_ended"),
    ],
)
async def test_when_a_claim_is_not_sent(money: Money, body: dict[str, Any], field: str, code: str) -> None:
    await money.run(paid_in="arrears")
    await money.send("provider", CLAIMS, body)
    answer = await money.post("provider", f"{CLAIMS}/1/submit")
    document = assert_problem(answer, 422, answer.json()["code"])
    assert [(each["field"], each["code"]) for each in document["errors"]] == [(field, code)]


async def test_a_grant_paid_in_advance_has_no_claims(money: Money) -> None:
    await money.run()
    assert_problem(await money.post("provider", CLAIMS, claim()), 409, "not_in_arrears")
