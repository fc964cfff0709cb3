"""Grants over the API: proposed, awarded, accepted and run; and how far the money goes."""

import asyncio
from typing import Any

import pytest

from tests.api.grants.conftest import Money, grant
from tests.build import assert_problem


async def test_from_a_proposal_to_a_running_grant(both: Money) -> None:
    proposal = await both.propose()
    assert (proposal["state"], proposal["amount"], proposal["may"]) == (
        "proposed",
        4000,
        ["edit", "withdraw"],
    )
    assert proposal["payer"]["code"] == "council"
    assert (await both.sums())["committed"] == 0, "a proposal counts nowhere"
    offer = await both.send("approver", "/grants/N1/award", {})
    assert (offer["state"], offer["state_label"], offer["version_number"]) == ("offered", "offered", 1)
    assert [each["amount"] for each in offer["amounts"]] == [1000, 1000, 1000, 1000]
    sums = await both.sums()
    assert (sums["allocated"], sums["committed"], sums["not_committed"]) == (10000, 4000, 6000)
    assert (sums["not_scheduled"], sums["underspend"], sums["over_limit"]) == (4000, 6000, 5500)
    accepted = await both.send("provider", "/grants/N1/accept", {"note": "Signed by the chair"})
    assert (accepted["state"], accepted["state_reason"]) == ("accepted", "Signed by the chair")
    running = await both.send("officer", "/grants/N1/start", {})
    assert (running["state_label"], running["may"]) == ("running", [])
    assert (await both.get("approver", "/grants/N1"))["may"] == ["suspend", "terminate"]
    events = await both.service.items("/audit-events", both.people["auditor"], subject_kind="grant")
    assert [each["action"] for each in events] == [
        "grant proposed",
        "grant award",
        "grant accept",
        "grant start",
    ]


async def test_two_people_and_no_key(money: Money) -> None:
    await money.send("approver", "/grants", grant("N1", 100))
    own = await money.post("approver", "/grants/N1/award", {})
    assert_problem(own, 409, "own_proposal")
    key = await money.post("admin key", "/grants/N1/award", {})
    assert_problem(key, 409, "a_person_decides")
    assert_problem(await money.post("officer", "/grants/N1/award", {}), 403, "forbidden")
    refused = await money.post("treasurer", "/grants/N1/accept", {})
    text = assert_problem(refused, 409, "wrong_state")["detail"]
    assert text.endswith("Open to you now: edit, withdraw, award.")
    assert (await money.send("treasurer", "/grants/N1/award", {}))["state"] == "offered"


async def test_whoever_saw_500_does_not_award_5000(both: Money) -> None:
    await both.propose(pounds=500)
    seen = (await both.service.get("/grants/N1", both.people["approver"])).headers["ETag"]
    await both.service.ask(
        "PUT", "/grants/N1", both.people["officer"], json=grant("N1", 5000), headers={"If-Match": "*"}
    )
    stale = await both.post("approver", "/grants/N1/award", {}, **{"If-Match": seen})
    assert_problem(stale, 412, "changed_meanwhile")
    unseen = await both.service.post("/grants/N1/award", both.people["approver"], json={})
    assert_problem(unseen, 428, "if_match_required")
    assert (await both.get("approver", "/grants/N1"))["state"] == "proposed"


async def test_the_last_thousand_goes_to_one(both: Money) -> None:
    await both.award("N0", 9000)
    for reference in ("N1", "N2"):
        await both.propose(reference, 1000)
    answers = await asyncio.gather(
        both.post("approver", "/grants/N1/award", {}), both.post("treasurer", "/grants/N2/award", {})
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    (refused,) = (each for each in answers if each.status_code == 409)
    text = assert_problem(refused, 409, "not_enough_left")["detail"]
    assert text.startswith("This needs £1,000 of local-2017-18 (revenue), and £0 is left.")
    assert (await both.sums())["not_committed"] == 0


async def test_a_group_awards_what_it_was_given(money: Money) -> None:
    given = {"code": "street", "group": "board", "amount": 3000, "decision": "Board, 24 March 2017"}
    allocation = await money.send("officer", "/allocations/local-2017-18/delegations", given)
    assert (allocation["sums"][0]["not_committed"], allocation["sums"][0]["with_groups"]) == (7000, 3000)
    local = {"delegation": "street", "allocations": []}
    awarded = await money.award("L1", 2650, **local)
    assert (awarded["managed_by"], awarded["allocations"]) == ("board", ["local-2017-18"])
    await money.propose("L2", 351, **local)
    refused = await money.post("approver", "/grants/L2/award", {})
    text = assert_problem(refused, 409, "not_enough_left")["detail"]
    assert "This needs £351 of what board may award, and £350 is left." in text
    allocation = await money.get("officer", "/allocations/local-2017-18")
    assert (allocation["delegations"][0]["awarded"], allocation["delegations"][0]["left"]) == (2650, 350)
    sums = allocation["sums"][0]
    assert (sums["committed"], sums["not_committed"], sums["with_groups"]) == (2650, 7000, 350)
    more = {**given, "code": "more", "amount": 7000.01}
    assert_problem(
        await money.post("officer", "/allocations/local-2017-18/delegations", more), 409, "not_enough_left"
    )


async def test_a_funder_s_revision_is_always_recorded(money: Money) -> None:
    await money.award("N1", 9000)
    revised = await money.service.ask(
        "PATCH",
        "/allocations/local-2017-18",
        money.people["officer"],
        json={"revenue": 8000, "reason": "The letter of 4 December"},
        headers={"If-Match": "*"},
    )
    assert revised.status_code == 200, revised.text
    assert (revised.json()["status"], revised.json()["sums"][0]["over_committed"]) == ("revised", 1000)
    await money.propose("N2", 1)
    refused = await money.post("approver", "/grants/N2/award", {})
    assert "over-committed by £1,000" in assert_problem(refused, 409, "not_enough_left")["detail"]


async def test_two_funders_split_a_year(money: Money) -> None:
    await money.send("officer", "/allocations", {**_allocation("second"), "revenue": 5000})
    both = {"allocations": [{"code": "local-2017-18", "share": 2}, {"code": "second", "share": 1}]}
    await money.award("N1", 100.01, **both)
    assert (await money.sums())["committed"] == 66.67
    assert (await money.sums("second"))["committed"] == 33.34


async def test_a_later_year_is_only_likely(money: Money) -> None:
    later = {**_allocation("next"), "financial_year": "2018-19", "status": "not_yet_known", "revenue": None}
    await money.send("officer", "/allocations", later)
    dates = {"starts": "2017-10-01", "ends": "2018-09-30"}
    offer = await money.award("N1", 12000, **dates, allocations=[{"code": "local-2017-18"}, {"code": "next"}])
    assert [(each["financial_year"], each["approved"], each["is_indicated"]) for each in offer["years"]] == [
        ("2017-18", 6000, False),
        ("2018-19", 6000, True),
    ]
    assert (offer["amount"], (await money.sums())["committed"]) == (6000, 6000)


def _allocation(code: str) -> dict[str, Any]:
    return {"code": code, "fund": "streets", "accountable_body": "council", "financial_year": "2017-18"}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"lines": [{"title": "W", "amount": -1}]}, "lines.0.amount", "negative_amount"),
        ({"lines": [{"title": "W", "amount": 1.005}]}, "lines.0.amount", "part_of_a_penny"),
        ({"lines": [{"title": "W", "amount": 0}]}, "amount", "no_amount"),
        ({"lines": [{"title": "W"}]}, "lines.0.amount", "required"),
        ({"lines": [{"title": "W", "amount": 1}] * 2}, "lines.1", "twice"),
        ({"starts": "2018-04-01"}, "ends", "dates_cross"),
        (
            {"lines": [{"title": "W", "profile": [{"quarter": "2018-19-Q1", "amount": 5}]}]},
            "lines",
            "outside_dates",
        ),
        (
            {"lines": [{"title": "W", "profile": [{"quarter": "2017-18", "amount": 5}]}]},
            "lines.0.profile.0.quarter",
            "not_a_quarter",
        ),
        ({"recipient": "nobody"}, "recipient", "unknown_agency"),
        ({"allocations": []}, "allocations", "required"),
        ({"delegation": "none", "allocations": []}, "delegation", "unknown_delegation"),
        ({"reference": "N0"}, "reference", "code_in_use"),
    ],
)
async def test_bad_input_names_the_field(money: Money, change: dict[str, Any], field: str, code: str) -> None:
    await money.propose("N0", 1)
    answer = await money.post("officer", "/grants", {**grant("N1", 100), **change})
    document = assert_problem(answer, 422, answer.json()["code"])
    assert (document["errors"][0]["field"], document["errors"][0]["code"]) == (field, code)
    assert (await money.service.get("/grants/N1", money.people["officer"])).status_code == 404


async def test_bank_details_are_masked_before_they_are_stored(money: Money) -> None:
    text = "Pay to 20-30-40, account 12345678"
    proposal = await money.propose("N1", 100, reasons=text)
    assert proposal["reasons"] == "Pay to [bank details removed]"
    assert proposal["warnings"][0].startswith("Text that looks like a sort code")
    assert "12345678" not in (await money.service.get("/audit-events", money.people["auditor"])).text


@pytest.mark.parametrize(
    ("who", "grants", "allocations", "funds"),
    [
        ("officer", 2, 1, 1),
        ("auditor", 2, 1, 1),
        ("reader", 2, 1, 0),
        ("provider", 1, 0, 0),
        ("other provider", 0, 0, 0),
        ("funder", 1, 1, 1),
        ("stranger", 0, 0, 0),
        ("staff key", 0, 0, 0),
    ],
)
async def test_who_sees_what(money: Money, who: str, grants: int, allocations: int, funds: int) -> None:
    """One grant is awarded, one only proposed; the key has no scope of funding."""
    await money.award("N1", 100)
    await money.propose("N2", 100)
    token = money.people[who]
    if who == "staff key":
        assert_problem(await money.service.get("/grants", token), 403, "forbidden")
        return
    for path, expected in (("/grants", grants), ("/allocations", allocations), ("/funds", funds)):
        assert len(await money.items(who, path)) == expected, path
    status = 200 if grants else 404
    assert (await money.service.get("/grants/N1", token)).status_code == status


async def test_a_declined_or_lapsed_offer_frees_its_money_when_it_is_recorded(money: Money) -> None:
    await money.award("N1", 6000, acceptance_due_on="2017-12-19")
    offer = await money.get("officer", "/grants/N1")
    assert offer["is_acceptance_overdue"]
    assert "lapse" in offer["may"]
    assert (await money.sums())["not_committed"] == 4000, "the clock frees no money"
    await money.send("officer", "/grants/N1/lapse", {})
    assert (await money.sums())["not_committed"] == 10000
    await money.award("N2", 6000)
    await money.send("provider", "/grants/N2/decline", {"reason": "We found other money"})
    assert (await money.sums())["not_committed"] == 10000


async def test_changes_are_followed(money: Money) -> None:
    await money.award("N1", 100)
    page = await money.get("funder", "/grants")
    await money.send("provider", "/grants/N1/accept", {})
    changed = await money.service.items("/grants", money.people["funder"], updated_since=page["as_of"])
    assert [each["state"] for each in changed] == ["accepted"]


async def test_a_group_that_is_none_is_refused_by_field(money: Money) -> None:
    delegation = {"code": "street", "group": "nobody", "amount": 3000, "decision": "Board, 24 March 2017"}
    refused = await money.post("officer", "/allocations/local-2017-18/delegations", delegation)
    assert_problem(refused, 422, "unknown_group", "group")
    refused = await money.post("officer", "/grants", grant("N1", 100, managed_by="nobody"))
    assert_problem(refused, 422, "unknown_group", "managed_by")


@pytest.mark.parametrize(("kind", "ref"), [("grants", "G1"), ("funds", "streets")])
async def test_a_decision_is_about_money(money: Money, kind: str, ref: str) -> None:
    decision = {
        "group": "board",
        "decided_on": "2017-12-01",
        "text": "It goes on",
        "subject": {"kind": kind, "ref": ref},
    }
    made = await money.send("officer", "/decisions", decision)
    assert (made["subject_kind"], made["subject_ref"]) == (kind, ref)
    wrong = {**decision, "subject": {"kind": kind, "ref": "none"}}
    assert (await money.post("officer", "/decisions", wrong)).status_code == 422
