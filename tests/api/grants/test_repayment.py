"""Repayments: within what was paid, received in parts, waived by somebody else; and paid is less repaid."""

from typing import Any

import pytest

from tests.api.grants.conftest import Money
from tests.build import assert_problem

HERE = "/grants/N1/repayments"
DEMAND = {"amount": 810, "financial_year": "2017-18", "why": "underspend"}


async def pay(money: Money) -> None:
    """A running grant of 4,000 pounds, of which 2,000 were paid."""
    await money.run()
    body = {"planned_on": "2017-12-01", "amount": 2000, "financial_year": "2017-18"}
    await money.send("officer", "/grants/N1/payments", body)
    await money.send("treasurer", "/grants/N1/payments/1/authorise")
    await money.send("officer", "/grants/N1/payments/1/paid", {"paid_on": "2017-12-01"})


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"amount": 2000.01}, "beyond_paid", "amount"),
        ({"amount": 0}, "no_amount", "amount"),
        ({"amount": 1, "financial_year": "2018-19"}, "beyond_paid", "amount"),
        ({"financial_year": "2017-18-Q1"}, "not_a_financial_year", "financial_year"),
    ],
)
async def test_what_cannot_be_asked_back(money: Money, change: dict[str, Any], code: str, field: str) -> None:
    await pay(money)
    assert_problem(await money.post("officer", HERE, {**DEMAND, **change}), 422, code, field)


async def test_paid_is_less_what_came_back(money: Money) -> None:
    await pay(money)
    demanded = await money.send("officer", HERE, DEMAND)
    assert (demanded["state"], demanded["outstanding"]) == ("demanded", 810)
    assert (await money.sums())["paid"] == 2000
    part = await money.send("officer", f"{HERE}/1/receive", {"amount": 500, "received_on": "2017-12-08"})
    assert (part["state"], part["received"], part["outstanding"]) == ("part_received", 500, 310)
    assert (await money.sums())["paid"] == 1500
    assert (await money.get("provider", "/grants/N1"))["numbers"]["paid"] == 1500
    more = {"amount": 310.01, "received_on": "2017-12-09"}
    assert_problem(await money.post("officer", f"{HERE}/1/receive", more), 422, "beyond_demand", "amount")
    later = {"amount": 310, "received_on": "2018-12-09"}
    assert_problem(await money.post("officer", f"{HERE}/1/receive", later), 422, "in_future", "received_on")
    rest = await money.send("officer", f"{HERE}/1/receive", {"amount": 310, "received_on": "2017-12-09"})
    assert (rest["state"], rest["outstanding"], rest["may"]) == ("received", 0, [])


async def test_somebody_else_waives_the_rest(money: Money) -> None:
    await pay(money)
    await money.send("approver", HERE, DEMAND)
    why = {"reason": "It would cost more to collect"}
    assert (await money.post("officer", f"{HERE}/1/waive", why)).status_code == 403
    assert_problem(await money.post("approver", f"{HERE}/1/waive", why), 409, "own_proposal")
    waived = await money.send("treasurer", f"{HERE}/1/waive", why)
    assert (waived["state"], waived["outstanding"]) == ("waived", 0)
    assert await money.items("provider", "/repayments")
    assert await money.items("reader", "/repayments") == []
    assert await money.items("other provider", "/repayments") == []
