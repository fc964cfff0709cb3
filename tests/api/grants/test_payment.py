"""Payments over the API: planned, held by gates, authorised by somebody else, and paid."""

from typing import Any

import pytest

from tests.api.grants.conftest import Money
from tests.build import assert_problem

PAYMENTS = "/grants/N1/payments"


def payment(pounds: float = 1000, **rest: Any) -> dict[str, Any]:
    return {"planned_on": "2017-12-19", "amount": pounds, "financial_year": "2017-18", **rest}


async def test_a_payment_is_planned_authorised_and_paid(both: Money) -> None:
    await both.run()
    planned = await both.send("officer", PAYMENTS, payment())
    assert (planned["state"], planned["words"], planned["is_due"]) == ("planned", "planned", True)
    assert (planned["payer"]["code"], planned["payee"]["code"]) == ("council", "lane")
    assert (await both.sums())["not_scheduled"] == 3000
    allowed = await both.send("approver", f"{PAYMENTS}/1/authorise")
    assert (allowed["words"], allowed["is_due"]) == ("can be paid", False)
    paid = {"paid_on": "2017-12-19", "ledger_reference": "BACS 20417"}
    assert (await both.send("officer", f"{PAYMENTS}/1/paid", paid))["words"] == "paid"
    numbers = (await both.get("provider", "/grants/N1"))["numbers"]
    assert (numbers["approved"], numbers["paid"], numbers["not_scheduled"], numbers["spent"]) == (
        4000,
        1000,
        3000,
        None,
    )
    sums = await both.sums()
    assert (sums["paid"], sums["without_spending"]) == (1000, ["N1"])


async def test_two_people_pay(money: Money) -> None:
    await money.run()
    await money.send("approver", PAYMENTS, payment())
    assert_problem(await money.post("approver", f"{PAYMENTS}/1/authorise"), 409, "own_draft")
    assert_problem(await money.post("admin key", f"{PAYMENTS}/1/authorise"), 409, "a_person_decides")
    assert_problem(await money.post("officer", f"{PAYMENTS}/1/authorise"), 403, "forbidden")
    assert (await money.get("treasurer", f"{PAYMENTS}/1"))["may"] == ["authorise", "cancel"]


GATES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "return_accepted", "subject": "2017-18-Q2"}, "Send the report for 2017-18-Q2."),
    ({"kind": "report_received", "subject": "2017-18-Q2"}, "Send the report for 2017-18-Q2."),
    ({"kind": "approved_by_group", "subject": "the Board"}, "To be approved by the Board."),
    ({"kind": "condition_met", "subject": "a signed lease"}, "Still needed: a signed lease"),
    ({"kind": "unspent_within", "limit": 10}, "Report what was spent: at most £10 may be unspent."),
]


@pytest.mark.parametrize(("gate", "words"), GATES)
async def test_a_gate_holds_a_payment_until_it_is_waived(
    money: Money, gate: dict[str, Any], words: str
) -> None:
    await money.run()
    planned = await money.send("officer", PAYMENTS, payment(gates=[gate]))
    assert (planned["waits_for"], planned["words"]) == ([words], f"waiting: {words}")
    held = await money.post("treasurer", f"{PAYMENTS}/1/authorise")
    assert assert_problem(held, 409, "gate_not_met")["detail"].startswith(words)
    next_payment = (await money.get("provider", "/grants/N1"))["next_payment"]
    assert (next_payment["amount"], next_payment["words"]) == (1000, f"waiting: {words}")
    waiver = {"gate": 1, "reason": "Wages are due on Friday"}
    waived = await money.send("approver", f"{PAYMENTS}/1/waive", waiver)
    assert waived["gates"][0]["state"] == "waived"
    assert waived["gates"][0]["words"] == "Paid without, because: Wages are due on Friday (20 December 2017)"
    assert_problem(await money.post("approver", f"{PAYMENTS}/1/authorise"), 409, "own_waiver")
    assert (await money.send("treasurer", f"{PAYMENTS}/1/authorise"))["state"] == "authorised"


@pytest.mark.parametrize("gate", [gate for gate, _ in GATES[:4]], ids=lambda gate: gate["kind"])
async def test_a_gate_is_recorded_as_met(money: Money, gate: dict[str, Any]) -> None:
    await money.run()
    await money.send("officer", PAYMENTS, payment(gates=[gate]))
    met = await money.send("officer", f"{PAYMENTS}/1/gate-met", {"gate": 1, "met_on": "2017-12-18"})
    assert (met["gates"][0]["state"], met["waits_for"]) == ("met", [])
    await money.send("approver", f"{PAYMENTS}/1/authorise")


async def test_what_is_worked_out_is_not_recorded(money: Money) -> None:
    await money.run()
    await money.send("officer", PAYMENTS, payment(gates=[{"kind": "unspent_within", "limit": 10}]))
    answer = await money.post("officer", f"{PAYMENTS}/1/gate-met", {"gate": 1, "met_on": "2017-12-18"})
    assert_problem(answer, 422, answer.json()["code"], "gate")
    nothing = await money.post("approver", f"{PAYMENTS}/1/waive", {"gate": 2, "reason": "Why not"})
    assert_problem(nothing, 422, nothing.json()["code"], "gate")


async def test_no_more_is_scheduled_than_is_approved(money: Money) -> None:
    await money.run()
    await money.send("officer", PAYMENTS, payment(3000))
    too_much = await money.post("officer", PAYMENTS, payment(1000.01))
    assert_problem(too_much, 422, too_much.json()["code"], "amount")
    await money.send("officer", f"{PAYMENTS}/1/cancel", {"reason": "The project is smaller"})
    assert (await money.send("officer", PAYMENTS, payment(4000)))["number"] == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"financial_year": "2017-18-Q1"}, "financial_year"),
        ({"financial_year": "2018-19"}, "financial_year"),
        ({"spending": "capital"}, "financial_year"),
        ({"gates": [{"kind": "condition_met"}]}, "gates.0.subject"),
        ({"gates": [{"kind": "unspent_within"}]}, "gates.0.limit"),
        ({"gates": [{"kind": "return_accepted", "subject": "2017-18-Q1", "limit": 5}]}, "gates.0.limit"),
        ({"gates": [{"kind": "return_accepted", "subject": "soon"}]}, "gates.0.subject"),
    ],
)
async def test_bad_input_names_the_field(money: Money, change: dict[str, Any], field: str) -> None:
    await money.run()
    answer = await money.post("officer", PAYMENTS, {**payment(), **change})
    document = assert_problem(answer, 422, answer.json()["code"])
    assert [each["field"] for each in document["errors"]] == [field]
    assert await money.items("officer", "/payments") == []


async def test_a_paused_grant_pays_nothing(money: Money) -> None:
    await money.run()
    await money.send("officer", PAYMENTS, payment())
    await money.send("treasurer", "/grants/N1/suspend", {"reason": "No report since June"})
    assert_problem(await money.post("approver", f"{PAYMENTS}/1/authorise"), 409, "grant_not_payable")
    await money.send("treasurer", "/grants/N1/resume", {})
    await money.send("approver", f"{PAYMENTS}/1/authorise")
    future = await money.post("officer", f"{PAYMENTS}/1/paid", {"paid_on": "2017-12-21"})
    assert_problem(future, 422, future.json()["code"], "paid_on")
    failed = await money.send("officer", f"{PAYMENTS}/1/failed", {"reason": "The account is closed"})
    assert failed["words"] == "failed"
    assert (await money.sums())["not_scheduled"] == 4000


async def test_an_early_end_is_closed_when_all_is_settled(money: Money) -> None:
    await money.run()
    await money.send("officer", PAYMENTS, payment())
    await money.send("approver", "/grants/N1/terminate", {"reason": "Its only mediator left"})
    await money.send("officer", "/grants/N1/begin-close", {})
    assert_problem(await money.post("approver", "/grants/N1/close", {}), 409, "payments_open")
    await money.send("officer", f"{PAYMENTS}/1/cancel", {})
    assert (await money.send("approver", "/grants/N1/close", {}))["state"] == "closed"


async def test_a_grant_to_the_accountable_body_uses_none_of_the_allocation(money: Money) -> None:
    """Its payments have gates of their own, and are paid of what its terms say."""
    parent = {"recipient": "council", "payer": "commissioner", "allocations": []}
    await money.award("P1", 10000, takes_up="local-2017-18", **parent)
    await money.send("officer", "/grants/P1/accept", {"note": "By letter"})
    received = payment(2500, gates=[{"kind": "report_received", "subject": "2017-18-Q3"}])
    assert (await money.send("officer", "/grants/P1/payments", received))["amount"] == 2500
    await money.award("N1", 4000, parent="P1")
    sums = await money.sums()
    assert (sums["committed"], sums["not_committed"]) == (4000, 6000)
    await money.propose("P2", 10000.01, takes_up="local-2017-18", **parent)
    assert_problem(await money.post("approver", "/grants/P2/award", {}), 409, "beyond_allocation")
    more = {"lines": [{"title": "Workers", "amount": 10000.01}], "reason": "More"}
    await money.send("officer", "/grants/P1/variations", more)
    answer = await money.post("approver", "/grants/P1/variations/1/approve", {})
    assert_problem(answer, 409, "beyond_allocation")


@pytest.mark.parametrize(
    ("who", "count"), [("provider", 1), ("other provider", 0), ("funder", 1), ("reader", 0), ("auditor", 1)]
)
async def test_who_sees_payments(money: Money, who: str, count: int) -> None:
    await money.run()
    await money.send("officer", PAYMENTS, payment())
    assert len(await money.items(who, "/payments")) == count
