"""A round from its call to its grants: applications, a panel's scores and interests, and the decision."""

from typing import Any

import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.api.grants.conftest import Money
from tests.build import assert_problem, make_person, make_token

ROUND = {
    "code": "streets-round",
    "title": "Streets, 2017/18",
    "fund": "streets",
    "financial_year": "2017-18",
    "opens_on": "2017-12-01",
    "closes_on": "2017-12-31",
    "cap": 9000,
    "panel": "board",
    "scheme": {
        "criteria": [
            {"code": "need", "title": "Evidence of need", "weight": 2},
            {"code": "fit", "title": "Fits the plan"},
        ]
    },
}
LETTER = {"letter": "Letter of 18 December 2017", "decided_on": "2017-12-18"}
MEETING = {"meeting": "board-2017-09-22"}


def application(code: str = "B1", pounds: float = 4000, **rest: Any) -> dict[str, Any]:
    return {
        "round": "streets-round",
        "code": code,
        "applicant": "lane",
        "title": "Young people",
        "lines": [
            {
                "title": "Worker",
                "priority": "people",
                "theme": "a",
                "amounts": [
                    {"financial_year": "2017-18", "amount": pounds},
                    {"financial_year": "2018-19", "amount": 1111},
                ],
            }
        ],
        **rest,
    }


def add_assessors(money: Money) -> None:
    """Two officers of other agencies, and one of the applicant's."""
    with money.service.writing() as session:
        agencies = {agency.code: agency for agency in session.exec(select(Agency))}
        town = session.exec(select(Partnership).where(Partnership.code == "town")).one()
        for name, agency in (("first", "police"), ("second", "council"), ("insider", "lane")):
            person = make_person(session, town, Role.OFFICER, agency=agencies[agency], name=name)
            money.people[name] = make_token(session, person)


@pytest.fixture
async def streets(money: Money) -> Money:
    """A round that is open, and its assessors."""
    add_assessors(money)
    await money.send("officer", "/rounds", ROUND)
    return money


async def assess(money: Money, code: str = "B1", pounds: float = 4000, **rest: Any) -> None:
    """An application that is with the panel."""
    await money.send("provider", "/applications", application(code, pounds, **rest))
    await money.send("provider", f"/applications/{code}/submit", {})
    await money.send("officer", f"/applications/{code}/assess", {})


def scores(code: str = "B1", need: int | None = 4, fit: int | None = 3, **rest: Any) -> dict[str, Any]:
    pairs = [("need", need), ("fit", fit)]
    given = [{"criterion": criterion, "score": score} for criterion, score in pairs if score is not None]
    return {"appraisals": [{"application": code, "scores": given, **rest}]}


SCORE = "/rounds/streets-round/appraisals"


async def test_a_round_from_its_call_to_a_grant(both: Money) -> None:
    add_assessors(both)
    await both.send("officer", "/rounds", ROUND)
    for code, pounds in (("B1", 4000), ("B2", 3000), ("B3", 2500)):
        await assess(both, code, pounds)
    for who, need in (("first", 4), ("second", 5)):
        await both.send(who, SCORE, scores(need=need))
    row = await both.get("officer", "/applications/B1")
    assert row["score"] == {
        "total": 12,
        "out_of": 15,
        "assessors": 2,
        "is_complete": True,
        "took_no_part": 0,
    }
    assert (row["amount_asked"], row["amount_asked_later"], row["amount_approved"]) == (4000, 1111, None)
    decided = await both.send(
        "approver",
        "/rounds/streets-round/decide",
        {
            **MEETING,
            "applications": [
                {"application": "B1", "outcome": "award", "amount": 3500.5, "reasons": "No travel"},
                {"application": "B2", "outcome": "reserve", "reasons": "First in line"},
                {
                    "application": "B3",
                    "outcome": "decline",
                    "reasons": "No need shown",
                    "feedback": "Show it",
                },
            ],
        },
    )
    states = [(each["code"], each["state"], each["amount_approved"]) for each in decided["applications"]]
    assert states == [("B1", "part_approved", 3500.5), ("B2", "reserve", None), ("B3", "declined", None)]
    numbers = (await both.get("officer", "/rounds/streets-round"))["numbers"]
    assert numbers == {"applications": 3, "to_decide": 1, "amount_asked": 9500, "amount_approved": 3500.5}
    decision = await both.get("officer", f"/decisions/{decided['applications'][0]['decision']}")
    assert (decision["amount"], decision["subject_kind"]) == (3500.5, "rounds")
    assert "B1, B2, B3" in decision["text"]

    grant = {
        "reference": "N1",
        "starts": "2018-01-01",
        "ends": "2018-03-31",
        "allocations": [{"code": "local-2017-18"}],
    }
    made = await both.send("approver", "/applications/B1/grant", grant)
    assert (made["grant"], made["may"], made["next"]) == ("N1", ["tell"], "Send the letter")
    offered = await both.get("officer", "/grants/N1")
    assert (offered["state"], offered["amount"], offered["recipient"]["code"]) == ("offered", 3500.5, "lane")
    assert (offered["priority"], offered["theme"], offered["managed_by"]) == ("people", "a", "board")
    assert (await both.sums())["committed"] == 3500.5
    letter = {"told_on": "2017-12-20", "feedback": "Two words"}
    told = await both.send("officer", "/applications/B1/tell", letter)
    assert (told["told_on"], told["feedback"], told["next"]) == ("2017-12-20", "Two words", "Nothing more")


NO_ROUNDS: list[tuple[dict[str, Any], str, str]] = [
    ({"closes_on": "2017-11-01"}, "closes_on", "days_reversed"),
    ({"decides_on": "2017-12-30"}, "decides_on", "days_reversed"),
    ({"cap": -1}, "cap", "negative_amount"),
    ({"cap": 0.125}, "cap", "part_of_a_penny"),
    ({"cap": 0}, "cap", "no_amount"),
    ({"fund": "nothing"}, "fund", "unknown_fund"),
    ({"panel": "nobody"}, "panel", "unknown_group"),
    ({"financial_year": "2017-18-Q1"}, "financial_year", "not_a_financial_year"),
    ({"scheme": {"least": 5, "most": 5}}, "scheme.most", "range_reversed"),
    ({"code": "safety-round"}, "code", "code_taken"),
]


async def test_rounds_that_cannot_be(money: Money) -> None:
    for change, field, code in NO_ROUNDS:
        assert_problem(await money.post("officer", "/rounds", {**ROUND, **change}), 422, code, field)
    assert await money.items("officer", "/rounds") == []


def amounts(**rest: Any) -> dict[str, Any]:
    row = {"financial_year": "2017-18", "amount": 100, **rest}
    return {"lines": [{"title": "Worker", "amounts": [row]}]}


def joint(*shares: tuple[str, int]) -> dict[str, Any]:
    return {"shares": [{"agency": agency, "percent": percent} for agency, percent in shares]}


NO_APPLICATIONS: list[tuple[dict[str, Any], str, str]] = [
    (amounts(amount=-5), "lines.0.amounts.0.amount", "negative_amount"),
    (amounts(amount=1.125), "lines.0.amounts.0.amount", "part_of_a_penny"),
    (amounts(amount=0), "lines", "no_amount"),
    (amounts(amount=9000.01), "lines", "above_cap"),
    (amounts(financial_year="2018-19"), "lines", "no_amount"),
    (amounts(financial_year="2017-10"), "lines.0.amounts.0.financial_year", "not_a_financial_year"),
    ({"lines": [{**application()["lines"][0], "priority": "x"}]}, "lines.0.priority", "unknown_priority"),
    ({"lines": [{**application()["lines"][0], "theme": "z"}]}, "lines.0.theme", "unknown_theme"),
    (joint(("lane", 60), ("other", 30)), "shares", "does_not_add_up"),
    (joint(("lane", 60), ("nobody", 40)), "shares.1.agency", "unknown_agency"),
    ({"round": "none"}, "round", "unknown_round"),
    ({"applicant": "other"}, "applicant", "not_yours"),
    ({"advice": "It fits"}, "advice", "staff_alone"),
    ({"need_indicator": "nothing"}, "need_indicator", "unknown_indicator"),
    ({"match_funding": [{"source": "Us", "amount": -1}]}, "match_funding.0.amount", "negative_amount"),
]


async def test_applications_that_cannot_be(streets: Money) -> None:
    for change, field, code in NO_APPLICATIONS:
        answer = await streets.post("provider", "/applications", {**application(), **change})
        assert_problem(answer, 422, code, field)
    assert await streets.items("officer", "/applications") == []


@pytest.mark.parametrize("advice", ["", "It fits well"])
async def test_an_applicant_does_not_change_what_the_adviser_says(streets: Money, advice: str) -> None:
    await streets.send("officer", "/applications", application(advice="It fits"))
    answer = await streets.service.ask(
        "PATCH",
        "/applications/B1",
        streets.people["provider"],
        json={"advice": advice},
        headers={"If-Match": "*"},
    )
    assert_problem(answer, 422, "staff_alone", "advice")
    assert (await streets.get("officer", "/applications/B1"))["advice"] == "It fits"


async def test_nothing_is_applied_for_after_the_round(streets: Money) -> None:
    await streets.send("provider", "/applications", application())
    closed = {"opens_on": "2017-11-01", "closes_on": "2017-12-19"}
    path, headers = "/rounds/streets-round", {"If-Match": "*"}
    answer = await streets.service.ask("PATCH", path, streets.people["officer"], json=closed, headers=headers)
    assert answer.json()["state"] == "closed"
    sent = await streets.post("provider", "/applications/B1/submit", {})
    assert "withdraw" in assert_problem(sent, 409, "round_closed")["detail"]
    assert_problem(await streets.post("provider", "/applications", application("B2")), 409, "round_closed")


async def test_changes_asked_for_after_the_round_can_be_sent(streets: Money) -> None:
    await assess(streets)
    await streets.send("officer", "/applications/B1/ask-for-changes", {"reason": "Less travel"})
    lines = {"lines": [{"title": "Worker", "amounts": [{"financial_year": "2017-18", "amount": 3000}]}]}
    edited = await streets.service.ask(
        "PATCH",
        "/applications/B1",
        streets.people["provider"],
        json=lines,
        headers={"If-Match": "*"},
    )
    assert (edited.json()["amount_asked"], edited.json()["amount_asked_later"]) == (3000, 0)
    assert (await streets.send("provider", "/applications/B1/submit", {}))["state"] == "submitted"


async def test_who_took_no_part_sees_no_scores(streets: Money) -> None:
    await assess(streets)
    await streets.send("second", SCORE, scores())
    assert (await streets.get("first", "/applications/B1"))["score"]["total"] == 11
    part: dict[str, Any] = {"interest": "took_no_part", "because": "A trustee of it"}
    assert_problem(
        await streets.post("first", SCORE, scores(**part)), 422, "took_no_part", "appraisals.0.scores"
    )
    await streets.send("first", SCORE, scores(need=None, fit=None, **part))
    assert (await streets.get("first", "/applications/B1"))["score"] is None
    own = await streets.items("first", "/appraisals")
    assert [each["is_own"] for each in own] == [True]
    assert len(await streets.items("auditor", "/appraisals")) == 2
    assert_problem(await streets.post("first", SCORE, scores()), 409, "took_no_part")
    assert (await streets.get("second", "/applications/B1"))["score"]["took_no_part"] == 1


async def test_an_interest_of_the_organisation_is_answered(streets: Money) -> None:
    await assess(streets, **joint(("lane", 70), ("council", 30)))
    for who in ("insider", "second"):
        answer = await streets.post(who, SCORE, scores())
        assert_problem(answer, 422, "interest_unanswered", "appraisals.0.interest")
    stayed: dict[str, Any] = {"interest": "stayed", "because": ""}
    assert_problem(
        await streets.post("second", SCORE, scores(**stayed)), 422, "required", "appraisals.0.because"
    )
    stayed["because"] = "The council houses the project and pays nothing"
    await streets.send("second", SCORE, scores(**stayed))
    assert (await streets.get("officer", "/applications/B1"))["score"]["total"] == 11


NO_SCORES: list[tuple[str, dict[str, Any], int, str]] = [
    ("officer", scores(), 409, "no_agency"),
    ("staff key", scores(), 403, "forbidden"),
    ("admin key", scores(), 409, "a_person_scores"),
    ("first", scores(need=6), 422, "out_of_range"),
    ("first", scores("B9"), 422, "unknown_application"),
    ("first", {"appraisals": scores()["appraisals"] * 2}, 422, "twice"),
    ("provider", scores(), 403, "forbidden"),
]


async def test_scores_that_are_refused(streets: Money) -> None:
    await assess(streets)
    for who, body, status, code in NO_SCORES:
        assert_problem(await streets.post(who, SCORE, body), status, code)
    assert await streets.items("auditor", "/appraisals") == []


async def test_a_missing_score_gives_no_total(streets: Money) -> None:
    await assess(streets)
    await streets.send("first", SCORE, scores())
    await streets.send("second", SCORE, scores(fit=None))
    score = (await streets.get("officer", "/applications/B1"))["score"]
    assert (score["total"], score["assessors"], score["is_complete"]) == (None, 2, False)
    changed = await streets.service.ask(
        "PATCH",
        "/rounds/streets-round",
        streets.people["officer"],
        json={"scheme": {"criteria": []}},
        headers={"If-Match": "*"},
    )
    assert_problem(changed, 409, "scheme_in_use")


AWARD = {"outcome": "award", "amount": 4000}


NO_DECISIONS: list[tuple[str, dict[str, Any], int, str]] = [
    ("approver", {**AWARD, **MEETING, "amount": 4000.01}, 422, "above_asked"),
    ("approver", {**AWARD, **MEETING, "amount": 3000}, 422, "required"),
    ("approver", {**AWARD, **MEETING, "amount": -1}, 422, "negative_amount"),
    ("approver", {**AWARD, **LETTER}, 422, "partnership_decides"),
    ("approver", AWARD, 422, "required"),
    ("approver", {**AWARD, "decision": "none"}, 422, "unknown_decision"),
    ("approver", {**AWARD, "meeting": "board-2018-01-19"}, 422, "not_held"),
    ("officer", {**AWARD, **MEETING}, 403, "forbidden"),
    ("admin key", {**AWARD, **MEETING}, 409, "a_person_decides"),
]


async def test_decisions_that_are_refused(streets: Money) -> None:
    await assess(streets)
    for who, body, status, code in NO_DECISIONS:
        assert_problem(await streets.post(who, "/applications/B1/decide", body), status, code)
    row = await streets.get("officer", "/applications/B1")
    assert (row["state"], row["amount_approved"]) == ("in_assessment", None)


async def test_nobody_decides_what_they_sent(streets: Money) -> None:
    await streets.send("approver", "/applications", application(on_behalf="By e-mail"))
    await streets.send("approver", "/applications/B1/submit", {})
    await streets.send("officer", "/applications/B1/assess", {})
    answer = await streets.post("approver", "/applications/B1/decide", {**AWARD, **MEETING})
    assert_problem(answer, 409, "own_proposal")
    decided = await streets.send("treasurer", "/applications/B1/decide", {**AWARD, **MEETING})
    assert decided["state"] == "approved"


async def test_all_are_decided_or_none(streets: Money) -> None:
    await assess(streets)
    await assess(streets, "B2", 100)
    page = await streets.get("approver", "/rounds/streets-round")
    await streets.send("first", SCORE, scores())
    rows = [
        {"application": "B1", **AWARD},
        {"application": "B2", "outcome": "award", "amount": 101},
    ]
    path = "/rounds/streets-round/decide"
    stale = await streets.post(
        "approver", path, {**MEETING, "applications": rows}, **{"If-Match": f'"v{page["version"]}"'}
    )
    assert stale.status_code == 412, "somebody scored since"
    answer = await streets.post("approver", path, {**MEETING, "applications": rows})
    problem = assert_problem(answer, 422, "above_asked", "applications.1.amount")
    assert problem["errors"][0]["message"].startswith("B2: ")
    assert {each["state"] for each in await streets.items("officer", "/applications")} == {"in_assessment"}


async def test_a_funders_round_is_decided_by_its_letter(streets: Money) -> None:
    own = {**ROUND, "code": "own", "decider": "funder"}
    assert_problem(await streets.post("officer", "/rounds", own), 409, "administrator_needed")
    await streets.send("administrator", "/rounds", own)
    await assess(streets, round="own")
    by_meeting = await streets.post("approver", "/applications/B1/decide", {**AWARD, **MEETING})
    assert_problem(by_meeting, 422, "funder_decides", "meeting")
    decided = await streets.send("approver", "/applications/B1/decide", {**AWARD, **LETTER})
    decision = await streets.get("officer", f"/decisions/{decided['decision']}")
    assert (decision["route"], decision["evidence"], decision["group"]) == ("outside", LETTER["letter"], None)


SEEN = {
    "officer": (True, True, True),
    "approver": (True, True, True),
    "administrator": (True, True, True),
    "auditor": (True, True, True),
    "provider": (False, True, False),
    "other provider": (False, False, False),
    "reader": (False, False, False),
    "funder": (True, True, False),
    "admin key": (True, True, True),
    "stranger": (False, False, False),
}
"""Whether each sees the round, the application once it is sent, and its scores: funding.md 6."""


async def test_who_sees_what(streets: Money) -> None:
    await streets.send("provider", "/applications", application())
    assert await streets.items("funder", "/applications") == [], "a draft is the applicant's"
    await streets.send("provider", "/applications/B1/submit", {})
    await streets.send("officer", "/applications/B1/assess", {})
    await streets.send("first", SCORE, scores())
    seen = {}
    for who in SEEN:
        rows = await streets.items(who, "/applications")
        rounds = await streets.items(who, "/rounds")
        seen[who] = (bool(rounds), bool(rows), any(each["score"] for each in rows))
        appraisals = await streets.items(who, "/appraisals")
        assert bool(appraisals) == seen[who][2], who
    assert seen == SEEN
    told = (await streets.get("provider", "/applications/B1"))["next"]
    assert told == "It is being considered", "an applicant is not told how far the panel is"


async def test_a_joint_applicant_reads_and_the_lead_sends(streets: Money) -> None:
    await streets.send("provider", "/applications", application(**joint(("lane", 60), ("other", 40))))
    row = await streets.get("other provider", "/applications/B1")
    assert (row["may"], [each["percent"] for each in row["shares"]]) == ([], [60, 40])
    assert_problem(await streets.post("other provider", "/applications/B1/submit", {}), 409, "lead_sends")


async def test_bank_details_are_masked(streets: Money) -> None:
    made = await streets.send("provider", "/applications", application(need="Pay 20-00-00 12345678"))
    assert "12345678" not in made["need"]
    assert made["warnings"]


LONG = {"title": 500, "need": 10_000}
BANK = "20-00-00 12345678"


async def test_texts_at_their_longest_are_masked_within_it(both: Money) -> None:
    await both.send("officer", "/rounds", ROUND)
    texts: dict[str, Any] = {name: "x " * ((most - len(BANK)) // 2 - 1) + BANK for name, most in LONG.items()}
    await assess(both, **texts)
    await both.send("approver", "/applications/B1/decide", {**AWARD, **MEETING})
    grant: dict[str, Any] = {"reference": "N1", "starts": "2018-01-01", "ends": "2018-03-31"}
    made = await both.send(
        "approver", "/applications/B1/grant", grant | {"allocations": [{"code": "local-2017-18"}]}
    )
    for name, most in LONG.items():
        assert "12345678" not in made[name]
        assert most - 5 < len(made[name]) <= most


async def test_a_grant_beyond_what_is_left_is_refused(streets: Money) -> None:
    await streets.run("N0", 9000)
    await assess(streets)
    await streets.send("approver", "/applications/B1/decide", {**AWARD, **MEETING})
    grant: dict[str, Any] = {"reference": "N1", "starts": "2018-01-01", "ends": "2018-03-31"}
    grant |= {"allocations": [{"code": "local-2017-18"}]}
    answer = await streets.post("approver", "/applications/B1/grant", grant)
    assert answer.status_code == 409, answer.text
    assert (await streets.get("officer", "/applications/B1"))["grant"] is None
    lines = {"lines": [{"title": "Worker", "amount": 999}]}
    answer = await streets.post("approver", "/applications/B1/grant", {**grant, **lines})
    assert_problem(answer, 422, "does_not_add_up", "lines")


ROLES = ("officer", "approver", "provider", "funder", "auditor", "reader", "staff key")
WRITES = {
    "/rounds": {"officer", "approver"},
    "/applications": {"officer", "approver", "provider"},
    "/applications/B1/submit": {"officer", "approver", "provider"},
    "/applications/B1/withdraw": {"officer", "approver", "provider"},
    "/applications/B1/assess": {"officer", "approver"},
    "/applications/B1/ineligible": {"officer", "approver"},
    "/applications/B1/ask-for-changes": {"officer", "approver"},
    "/applications/B1/tell": {"officer", "approver"},
    "/rounds/streets-round/appraisals": {"officer", "approver"},
    "/applications/B1/decide": {"approver"},
    "/applications/B1/grant": {"approver"},
    "/rounds/streets-round/decide": {"approver"},
}
"""Who may send each at all: funding.md 6. Whatever else is wrong with it comes after."""


async def test_who_may_write_what(streets: Money) -> None:
    await streets.send("provider", "/applications", application())
    for path, roles in WRITES.items():
        for who in ROLES:
            answer = await streets.post(who, path, {})
            assert (answer.status_code != 403) == (who in roles), f"{who} at {path}: {answer.status_code}"
            assert answer.status_code in (200, 403, 409, 422)


STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "submit": ("submit", {}),
    "withdraw": ("withdraw", {"reason": "Other money"}),
    "ineligible": ("ineligible", {"reason": "Above the cap"}),
    "assess": ("assess", {}),
    "ask_for_changes": ("ask-for-changes", {"reason": "Less travel"}),
    "decide": ("decide", {**AWARD, **MEETING}),
    "tell": ("tell", {"told_on": "2017-12-20"}),
}
LIFE = ("submit", "ask_for_changes", "submit", "assess", "decide", "tell")
WHO = {"submit": "provider", "decide": "approver"}
"""Who takes each step of a life; an officer where nobody is named."""


async def test_what_is_not_offered_is_refused(streets: Money) -> None:
    await streets.send("provider", "/applications", application())
    for step in (*LIFE, None):
        for who in ("officer", "approver", "provider", "admin key"):
            offered = (await streets.get(who, "/applications/B1"))["may"]
            for name, (path, body) in STEPS.items():
                if name not in offered:
                    answer = await streets.post(who, f"/applications/B1/{path}", body)
                    assert answer.status_code in (403, 409), f"{who}, {name} before {step}: {answer.text}"
        if step is not None:
            actor, (path, body) = WHO.get(step, "officer"), STEPS[step]
            assert step in (await streets.get(actor, "/applications/B1"))["may"], step
            await streets.send(actor, f"/applications/B1/{path}", body)
    assert (await streets.get("officer", "/applications/B1"))["state"] == "approved"


SENT: list[tuple[tuple[str, ...], bool]] = [
    ((), False),
    (("withdraw",), False),
    (("submit",), True),
    (("submit", "withdraw"), True),
]
"""Steps of an application, and whether the funder sees it then."""


async def test_a_funder_sees_what_was_sent(streets: Money) -> None:
    for number, (names, is_visible) in enumerate(SENT):
        code = f"B{number}"
        await streets.send("provider", "/applications", application(code))
        for name in names:
            path, body = STEPS[name]
            await streets.send("provider", f"/applications/{code}/{path}", body)
        codes = {each["code"] for each in await streets.items("funder", "/applications")}
        assert (code in codes) == is_visible, names


ROUND_EDITS: list[dict[str, Any]] = [
    {"title": "Streets and parks"},
    {"closes_on": "2018-01-15"},
    {"scheme": {"criteria": [{"code": "need", "title": "Need"}]}},
]


async def test_an_application_changes_with_its_round(streets: Money) -> None:
    await streets.send("provider", "/applications", application())
    for edit in ROUND_EDITS:
        before = await streets.get("officer", "/applications")
        path, headers = "/rounds/streets-round", {"If-Match": "*"}
        answer = await streets.service.ask(
            "PATCH", path, streets.people["officer"], json=edit, headers=headers
        )
        assert answer.status_code == 200, answer.text
        later = await streets.get("officer", f"/applications?updated_since={before['as_of']}")
        assert [each["code"] for each in later["items"]] == ["B1"], edit


@pytest.mark.parametrize(
    ("criteria", "words"), [([], "Decide it"), ([{"code": "need", "title": "Need"}], "Score it")]
)
async def test_a_round_without_criteria_is_not_scored(money: Money, criteria: list[Any], words: str) -> None:
    await money.send("officer", "/rounds", {**ROUND, "scheme": {"criteria": criteria}})
    await assess(money)
    assert (await money.get("officer", "/applications/B1"))["next"] == words


LETTERED = {
    "text": "The funder gives nothing",
    "decided_on": "2017-12-18",
    "evidence": "A letter",
    "code": "out",
}
AT_BOARD = {"text": "Applications are decided", "code": "in", **MEETING}
NAMED: list[tuple[str, dict[str, Any], int, str | None]] = [
    ("partnership", {"decision": "in", **MEETING}, 422, "named_twice"),
    ("partnership", {"decision": "in", "letter": "Of May"}, 422, "named_twice"),
    ("partnership", {"decision": "out"}, 422, "partnership_decides"),
    ("partnership", {"decision": "in"}, 200, None),
    ("funder", {"decision": "in"}, 422, "funder_decides"),
    ("funder", {"decision": "out"}, 200, None),
]
"""Who decides the round, what is named, and what comes of it."""


async def test_a_decision_that_is_named(money: Money) -> None:
    for decision in (LETTERED, AT_BOARD):
        await money.send("officer", "/decisions", decision)
    for number, (decider, how, status, code) in enumerate(NAMED):
        name = {"code": f"round-{number}", "decider": decider}
        await money.send("administrator", "/rounds", {**ROUND, **name})
        await assess(money, f"B{number}", round=name["code"])
        answer = await money.post("approver", f"/applications/B{number}/decide", {**AWARD, **how})
        if code is not None:
            assert_problem(answer, status, code, "decision")
        assert answer.status_code == status, answer.text


async def test_nobody_decides_what_their_organisation_asks_for(streets: Money) -> None:
    with streets.service.writing() as session:
        town = session.exec(select(Partnership).where(Partnership.code == "town")).one()
        other = session.exec(select(Agency).where(Agency.code == "other")).one()
        person = make_person(session, town, Role.APPROVER, agency=other, name="of the partner")
        streets.people["of the partner"] = make_token(session, person)
    await assess(streets, **joint(("lane", 60), ("other", 40)))
    answer = await streets.post("of the partner", "/applications/B1/decide", {**AWARD, **MEETING})
    assert "Your organisation" in assert_problem(answer, 409, "of_applicant")["detail"]


async def test_a_change_of_shares_is_in_the_record(streets: Money) -> None:
    await streets.send("provider", "/applications", application(**joint(("lane", 60), ("other", 40))))
    changes: list[dict[str, Any]] = [joint(("lane", 70), ("other", 30)), {"shares": []}]
    for change in changes:
        path, headers = "/applications/B1", {"If-Match": "*"}
        answer = await streets.service.ask(
            "PATCH", path, streets.people["provider"], json=change, headers=headers
        )
        assert answer.status_code == 200, answer.text
    events = await streets.service.items(
        "/audit-events", streets.people["auditor"], subject_kind="application", subject="B1"
    )
    edits = [each["data"] for each in events if each["action"] == "application edited"]
    assert [edit["after"]["shares"] for edit in edits] == [
        [{"agency": "lane", "percent": 70}, {"agency": "other", "percent": 30}],
        [],
    ]
    assert edits[1]["before"]["shares"] == edits[0]["after"]["shares"]


@pytest.mark.parametrize(
    ("day", "code"), [("2017-12-21", "in_future"), ("0217-12-20", "day_out_of_range"), ("2017-12-20", None)]
)
async def test_the_day_of_a_letter(streets: Money, day: str, code: str | None) -> None:
    await streets.send("provider", "/applications", application())
    await streets.send("provider", "/applications/B1/submit", {})
    await streets.send("officer", "/applications/B1/ineligible", {"reason": "Of another district"})
    answer = await streets.post("officer", "/applications/B1/tell", {"told_on": day})
    if code is None:
        assert answer.status_code == 200, answer.text
    else:
        assert_problem(answer, 422, code, "told_on")


@pytest.mark.parametrize(("ends", "status"), [("2018-03-31", 200), ("2018-06-30", 422)])
async def test_all_that_was_approved_is_committed(streets: Money, ends: str, status: int) -> None:
    await assess(streets)
    await streets.send("approver", "/applications/B1/decide", {**AWARD, **MEETING})
    grant: dict[str, Any] = {"reference": "N1", "starts": "2018-01-01", "ends": ends}
    grant |= {"allocations": [{"code": "local-2017-18"}]}
    answer = await streets.post("approver", "/applications/B1/grant", grant)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert "2018-19" in assert_problem(answer, 422, "year_not_paid", "ends")["detail"]
    assert (await streets.sums())["committed"] == (4000 if status == 200 else 0)
