"""Changes of a grant over the API: the kind is worked out, the difference shown, and somebody else decides."""

from typing import Any

import pytest

from tests.api.grants.conftest import Money
from tests.build import assert_problem

CHANGES = "/grants/N1/variations"


def change(pounds: float | None = None, **rest: Any) -> dict[str, Any]:
    lines = {} if pounds is None else {"lines": [{"title": "Workers", "amount": pounds}]}
    return {"reason": "A second worker", **lines, **rest}


async def test_an_uplift_is_asked_for_and_approved(both: Money) -> None:
    await both.run()
    asked = await both.send("provider", CHANGES, change(6000))
    assert (asked["kind"], asked["kind_label"], asked["state"]) == ("uplift", "More money", "requested")
    assert asked["differences"][0] == {"what": "Amount", "before": "£4,000", "after": "£6,000"}
    assert (await both.sums())["committed"] == 4000, "what was asked for counts nowhere"
    approved = await both.send("approver", f"{CHANGES}/1/approve", {"reason": "By the Board"})
    assert (approved["state"], approved["amount_before"], approved["amount_after"]) == (
        "approved",
        4000,
        6000,
    )
    grant = await both.get("officer", "/grants/N1")
    assert (grant["amount"], grant["version_number"], grant["numbers"]["awarded"]) == (6000, 2, 4000)
    sums = await both.sums()
    assert (sums["committed"], sums["not_committed"]) == (6000, 4000)


async def test_an_uplift_beyond_what_is_left_is_refused(money: Money) -> None:
    await money.run()
    await money.send("officer", CHANGES, change(10000.01))
    refused = await money.post("approver", f"{CHANGES}/1/approve", {})
    text = assert_problem(refused, 409, "not_enough_left")["detail"]
    assert text == "This needs £6,000.01 of local-2017-18 (revenue), and £6,000 is left."


async def test_a_reduction_releases_money_but_not_what_is_paid(money: Money) -> None:
    await money.run()
    await money.send("officer", "/grants/N1/payments", {**PAYMENT, "amount": 1500})
    await money.send("approver", "/grants/N1/payments/1/authorise")
    await money.send("officer", CHANGES, change(1499))
    assert_problem(await money.post("approver", f"{CHANGES}/1/approve", {}), 409, "below_paid")
    await money.send("officer", CHANGES, change(1500))
    await money.send("approver", f"{CHANGES}/2/approve", {})
    sums = await money.sums()
    assert (sums["committed"], sums["not_committed"], sums["released"]) == (1500, 8500, 2500)
    assert (await money.get("officer", f"{CHANGES}/1"))["state"] == "superseded"


PAYMENT = {"planned_on": "2017-12-19", "financial_year": "2017-18"}


async def test_nobody_approves_an_own_request(money: Money) -> None:
    await money.run()
    await money.send("approver", CHANGES, change(5000, on_behalf="By telephone"))
    assert_problem(await money.post("approver", f"{CHANGES}/1/approve", {}), 409, "own_proposal")
    assert_problem(await money.post("officer", f"{CHANGES}/1/approve", {}), 403, "forbidden")
    refused = await money.send("treasurer", f"{CHANGES}/1/refuse", {"reason": "Not this year"})
    assert (refused["state"], refused["decision_reason"], refused["may"]) == ("refused", "Not this year", [])
    await money.send("provider", CHANGES, change(ends="2018-06-30"))
    assert (await money.get("provider", f"{CHANGES}/2"))["kind"] == "no_cost_extension"
    assert (await money.send("provider", f"{CHANGES}/2/withdraw"))["state"] == "withdrawn"


async def test_a_small_virement_is_recorded_and_stands(money: Money) -> None:
    fund = {**FUND, "rules": {"virement": {"percent": 10, "amount": 500}}}
    await money.send("administrator", "/funds", fund)
    here = {"code": "small", "fund": "small", "accountable_body": "council", "financial_year": "2017-18"}
    await money.send("officer", "/allocations", {**here, "revenue": 5000})
    lines = [{"title": "Workers", "amount": 3000}, {"title": "Travel", "amount": 1000}]
    await money.run(lines=lines, allocations=[{"code": "small"}])
    moved = [{"title": "Workers", "amount": 3400}, {"title": "Travel", "amount": 600}]
    recorded = await money.send("officer", CHANGES, change(lines=moved))
    assert (recorded["kind"], recorded["state"]) == ("virement", "recorded")
    assert (await money.get("officer", "/grants/N1"))["version_number"] == 2
    more = [{"title": "Workers", "amount": 3801}, {"title": "Travel", "amount": 199}]
    assert (await money.send("officer", CHANGES, change(lines=more)))["state"] == "requested"


FUND = {"code": "small", "title": "With a threshold", "funder": "commissioner"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (change(), "nothing_changes"),
        (change(ends="2018-02-28"), "not_longer"),
        (change(ends="2017-12-31"), "outside_dates"),
        (change(-1), "negative_amount"),
        (change(ends="2017-03-31"), "dates_cross"),
    ],
)
async def test_a_change_that_cannot_be(money: Money, body: dict[str, Any], code: str) -> None:
    await money.run()
    answer = await money.post("officer", CHANGES, body)
    document = assert_problem(answer, 422, answer.json()["code"])
    assert document["errors"][0]["code"] == code
