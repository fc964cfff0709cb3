"""Returns: what each agency owes, and the conversation until it is checked."""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.models.plan.partnership import Agency
from tests.build import Service, assert_problem, make_person, make_token
from tests.town import Town, figures, row

ANALYSTS, COUNCIL = "2017-18-Q2~analysts", "2017-18-Q2~council"


async def stands(service: Service, town: Town, id_: str = COUNCIL) -> tuple[str, str]:
    found = (await service.get(f"/returns/{id_}", town.staff)).json()
    return found["state"], found["words"]


async def act(service: Service, token: str, deed: str, id_: str = COUNCIL, **body: Any) -> dict[str, Any]:
    answer = await service.post(f"/returns/{id_}/{deed}", token, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def fires() -> dict[str, Any]:
    return figures(row("dwelling-fires", value=31))


def fires_again(value: int) -> dict[str, Any]:
    return figures(row("dwelling-fires", value=value, reason="recount"))


async def test_what_is_owed_is_listed_quarter_by_quarter(one_service: Service, one_town: Town) -> None:
    """Whoever answers for an indicator owes it; a retired indicator is nobody's."""
    found = await one_service.items("/returns", one_town.staff)
    said = [(each["id"], each["state"], each["expected"], each["received"]) for each in found]
    assert said == [
        ("2017-18-Q1~analysts", "overdue", 4, 1),
        ("2017-18-Q1~police", "overdue", 3, 2),
        ("2017-18-Q1~council", "overdue", 1, 0),
        ("2017-18-Q1~health", "overdue", 1, 0),
        ("2017-18-Q2~analysts", "overdue", 4, 0),
        ("2017-18-Q2~police", "overdue", 3, 0),
        ("2017-18-Q2~council", "overdue", 1, 0),
        ("2017-18-Q2~health", "overdue", 1, 0),
        ("2017-18-Q3~analysts", "not_due", 4, 0),
        ("2017-18-Q3~police", "not_due", 3, 0),
        ("2017-18-Q3~council", "not_due", 1, 0),
        ("2017-18-Q3~health", "not_due", 1, 0),
    ]
    assert found[6]["words"] == "51 days; 0 of 1 in"
    assert found[6]["due_on"] == "2017-10-30"


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"agency": "council", "period": "2017-18"}, 3),
        ({"agency": "council", "period": "2017-18-Q2"}, 1),
        ({"agency": "nobody"}, 0),
        ({"state": "not_due"}, 4),
        ({"indicator": "hate-crime"}, 3),
        ({"indicator": "nothing"}, 0),
        ({"state": "checked"}, 0),
        ({"limit": "1"}, 12),
    ],
)
async def test_filters(still_service: Service, still_town: Town, params: dict[str, str], ids: int) -> None:
    assert len(await still_service.items("/returns", still_town.staff, **params)) == ids


async def test_an_agency_sees_what_it_speaks_for_alone(one_service: Service, one_town: Town) -> None:
    """Its own, and those of which it supplies every figure."""
    spoken_for = await one_service.items("/returns", one_town.analysts)
    assert {each["agency"]["code"] for each in spoken_for} == {"analysts", "police", "health"}
    own = await one_service.items("/returns", one_town.police)
    assert {each["agency"]["code"] for each in own} == {"police"}
    for method, path in (("GET", ""), ("POST", "/late"), ("POST", "/nil"), ("GET", "/draft")):
        body = {"reason": "x", "promised_on": "2018-01-02"} if path == "/late" else {}
        answer = await one_service.ask(method, f"/returns/{COUNCIL}{path}", one_town.analysts, json=body)
        assert_problem(answer, 404, "not_found")


@pytest.mark.parametrize(
    "id_",
    [
        "2017-18-Q2~nobody",
        "2017-18~council",
        "2017-18-Q2",
        "x~council",
        "2099-00-Q1~council",
        "2016-17-Q1~council",
    ],
)
async def test_what_is_no_return_is_not_found(still_service: Service, still_town: Town, id_: str) -> None:
    assert_problem(await still_service.get(f"/returns/{id_}", still_town.staff), 404, "not_found")


async def test_from_sent_to_checked(service: Service, town: Town) -> None:
    """One conversation: sent, queried, answered, queried again and mended, checked; a later change asks again."""
    await service.post("/figures", town.staff, json=fires())
    assert await stands(service, town) == ("submitted", "sent 20 December 2017; 1 late")
    await act(service, town.admin, "query", text="Are chimney fires in it?", indicators=["dwelling-fires"])
    assert await stands(service, town) == ("queried", "1 of 1: Dwelling fires")
    await act(service, town.staff, "answer", text="They are.")
    assert (await stands(service, town))[0] == "submitted"
    await act(service, town.staff, "query", text="And in last year's?")
    await service.post("/figures", town.staff, json=fires_again(30))
    assert (await stands(service, town))[0] == "submitted"
    told = await act(service, town.staff, "check", text="")
    assert (told["state"], told["label"], told["tone"]) == ("checked", "Checked", "good")
    assert [each["kind"] for each in told["conversation"]] == ["query", "answer", "query", "checked"]
    assert "check" not in told["may"]
    await service.post("/figures", town.staff, json=fires_again(29))
    again = (await service.get(f"/returns/{COUNCIL}", town.staff)).json()
    assert again["state"] == "submitted"
    assert again["items"][0]["changed"] is True
    events = await service.items("/audit-events", town.staff, subject_kind="return")
    assert [each["action"] for each in events] == [
        "return query",
        "return answer",
        "return query",
        "return checked",
    ]


async def test_a_late_one_is_explained(service: Service, town: Town) -> None:
    told = await act(service, town.staff, "late", reason="New records system", promised_on="2018-01-12")
    assert told["state"] == "late_reason_given"
    assert told["words"] == "promised for 12 January 2018; 0 of 1 in"
    await service.post("/figures", town.staff, json=fires())
    assert (await stands(service, town))[0] == "submitted"
    answer = await service.post(
        f"/returns/{COUNCIL}/late", town.staff, json={"reason": "x", "promised_on": "2018-01-12"}
    )
    assert_problem(answer, 409, "nothing_missing")


@pytest.mark.parametrize("day", ["2017-12-19", "2030-01-01"])
async def test_a_promise_is_of_a_day_to_come(one_service: Service, one_town: Town, day: str) -> None:
    body = {"reason": "x", "promised_on": day}
    answer = await one_service.post(f"/returns/{COUNCIL}/late", one_town.staff, json=body)
    assert_problem(answer, 422, "bad_promise", "promised_on")


async def test_an_awaited_figure_is_not_in(one_service: Service, one_town: Town) -> None:
    awaited = row("dwelling-fires", value=None, missing="awaited", expected_on="2018-01-12")
    await one_service.post("/figures", one_town.staff, json=figures(awaited))
    promised = ("late_reason_given", "promised for 12 January 2018; 0 of 1 in")
    assert await stands(one_service, one_town) == promised
    nothing = row("dwelling-fires", value=None, missing="not_collected")
    await one_service.post("/figures", one_town.staff, json=figures(nothing))
    assert (await stands(one_service, one_town))[0] == "submitted"


async def test_a_nil_return(service: Service, town: Town) -> None:
    """0 for counts of events, a reason for the rest; what was sent before it stays."""
    await service.post("/figures", town.analysts, json=figures(row()))
    told = await act(service, town.analysts, "nil", ANALYSTS, missing="not_applicable", note="Quiet")
    assert (told["state"], told["nil"], told["received"]) == ("submitted", True, 4)
    said = {each["indicator"]: each["words"] for each in told["items"]}
    assert said["asb-incidents"] == "4,200"
    assert said["asb-satisfaction"] == "not applicable"
    assert said["damage-cost"] == "not applicable"
    answer = await service.post(f"/returns/{ANALYSTS}/nil", town.analysts, json={})
    assert_problem(answer, 409, "nothing_missing")
    checked = await act(service, town.staff, "check", ANALYSTS)
    assert checked["label"] == "Nil return"


async def test_a_return_tells_what_a_form_shows_of_each_figure(one_service: Service, one_town: Town) -> None:
    awaited = row(
        "dwelling-fires", value=None, missing="awaited", expected_on="2018-01-12", note="New system"
    )
    await one_service.post("/figures", one_town.staff, json=figures(awaited))
    treated = row(
        "treatment-completion-opiate", "2016-10/2017-09", value=None, numerator=94, denominator=2000
    )
    del treated["value"]
    await one_service.post("/figures", one_town.analysts, json=figures(treated))
    (fires,) = (await one_service.get(f"/returns/{COUNCIL}", one_town.staff)).json()["items"]
    assert (fires["missing"], fires["expected_on"], fires["note"]) == ("awaited", "2018-01-12", "New system")
    assert (fires["status"], fires["measure"], fires["nil"]) == ("provisional", "count", 0)
    (opiate,) = (await one_service.get("/returns/2017-18-Q2~health", one_town.analysts)).json()["items"]
    assert (opiate["numerator"], opiate["denominator"], opiate["nil"]) == (94, 2000, None)
    assert opiate["figure_period"] == "2016-10/2017-09"
    found = (await one_service.get("/returns/2017-18-Q2~police", one_town.analysts)).json()["items"]
    nothing = next(each for each in found if each["indicator"] == "hate-crime")
    assert {nothing[name] for name in ("figure", "figure_period", "status", "expected_on")} == {None}


async def test_a_submission_names_its_returns(one_service: Service, one_town: Town) -> None:
    """Those its figures belong to, whoever sent it, though they were changed since; an agency sees its own."""
    sent = await one_service.post("/figures", one_town.staff, json=fires())
    await one_service.post("/figures", one_town.staff, json=fires_again(30))
    number = str(sent.json()["id"])
    found = await one_service.items("/returns", one_town.staff, submission=number)
    assert [each["id"] for each in found] == [COUNCIL]
    assert await one_service.items("/returns", one_town.analysts, submission=number) == []
    assert await one_service.items("/returns", one_town.staff, submission="99999") == []
    answer = await one_service.get("/returns", one_town.staff, params={"submission": "x"})
    assert answer.status_code == 422


async def test_only_the_agency_signs_off_and_only_what_is_whole(one_service: Service, one_town: Town) -> None:
    answer = await one_service.post(f"/returns/{ANALYSTS}/sign-off", one_town.analysts, json={})
    assert_problem(answer, 409, "not_complete")
    answer = await one_service.post(f"/returns/{ANALYSTS}/check", one_town.staff, json={})
    assert_problem(answer, 409, "not_complete")
    await act(one_service, one_town.analysts, "nil", ANALYSTS)
    answer = await one_service.post(f"/returns/{ANALYSTS}/sign-off", one_town.staff, json={})
    assert_problem(answer, 404, "not_found")
    told = await act(one_service, one_town.analysts, "sign-off", ANALYSTS, text="Sergeant on duty")
    assert told["signed_off_by"] is not None
    assert "sign_off" not in told["may"]
    change = row("asb-incidents", value=2, reason="found two")
    await one_service.post("/figures", one_town.analysts, json=figures(change))
    told = (await one_service.get(f"/returns/{ANALYSTS}", one_town.analysts)).json()
    assert told["signed_off_by"] is None, "it speaks for what was there then"


async def test_queries_name_what_is_there(one_service: Service, one_town: Town) -> None:
    body: dict[str, Any] = {"text": "Sure?"}
    answer = await one_service.post(f"/returns/{COUNCIL}/query", one_town.staff, json=body)
    assert_problem(answer, 409, "nothing_sent")
    await one_service.post("/figures", one_town.staff, json=fires())
    body = {"text": "Sure?", "indicators": ["hate-crime"]}
    answer = await one_service.post(f"/returns/{COUNCIL}/query", one_town.staff, json=body)
    assert_problem(answer, 422, "not_in_return", "indicators")
    body = {"text": "Sure?"}
    answer = await one_service.post(f"/returns/{ANALYSTS}/query", one_town.analysts, json=body)
    assert_problem(answer, 403, "forbidden")


async def test_a_draft_is_its_agencys_own(service: Service, town: Town) -> None:
    address = f"/returns/{ANALYSTS}/draft"
    empty = await service.get(address, town.analysts)
    assert empty.json()["rows"] == []
    rows = [{"indicator": "asb-incidents", "period": "2017-18-Q2", "value": "twelve"}]
    put: dict[str, Any] = {"json": {"rows": rows}, "headers": {"If-Match": empty.headers["etag"]}}
    assert_problem(
        await service.ask("PUT", address, town.analysts, json={"rows": rows}), 428, "if_match_required"
    )
    saved = await service.ask("PUT", address, town.analysts, **put)
    assert saved.status_code == 200, saved.text
    assert (await service.get(address, town.analysts)).json()["rows"] == rows
    assert_problem(await service.ask("PUT", address, town.analysts, **put), 412, "changed_meanwhile")
    assert_problem(await service.get(address, town.staff), 404, "not_found")
    assert (await stands(service, town, ANALYSTS))[0] == "overdue"


async def test_what_changed_since(service: Service, town: Town) -> None:
    first = (await service.get("/returns", town.staff, params={"state": "overdue"})).json()
    await service.post("/figures", town.staff, json=fires())
    params = {"state": "overdue", "updated_since": first["as_of"]}
    changed = (await service.get("/returns", town.staff, params=params)).json()
    assert changed["items"] == [{"id": COUNCIL, "removed": True}]
    await act(service, town.staff, "late", ANALYSTS, reason="x", promised_on="2018-01-03")
    changed = (await service.get("/returns", town.staff, params={"updated_since": changed["as_of"]})).json()
    assert [each["id"] for each in changed["items"]] == [ANALYSTS]
    patch = {"responsible_agency": "health", "reason": "moved"}
    headers = {"If-Match": "*"}
    await service.ask("PATCH", "/indicators/dwelling-fires", town.staff, json=patch, headers=headers)
    changed = (await service.get("/returns", town.staff, params={"updated_since": changed["as_of"]})).json()
    said = {each["id"]: each.get("removed", False) for each in changed["items"]}
    assert said[COUNCIL] is True
    assert said["2017-18-Q2~health"] is False


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.READER, 403), (Role.FUNDER, 403), (Role.AUDITOR, 200), (Role.OFFICER, 200)],
)
async def test_who_sees_returns(one_service: Service, one_town: Town, role: Role, status: int) -> None:
    with one_service.writing() as session:
        token = make_token(session, make_person(session, one_town.partnership, role))
    assert (await one_service.get("/returns", token)).status_code == status


async def test_a_query_is_told_to_who_may_answer_it(service: Service, town: Town) -> None:
    """To the agency's own people; to its supplier's where it has none; by mail without what was asked."""
    with service.writing() as session:
        agencies = {each.code: each for each in session.exec(select(Agency))}
        council = make_person(session, town.partnership, Role.CONTRIBUTOR, agency=agencies["council"])
        analyst = make_person(session, town.partnership, Role.CONTRIBUTOR, agency=agencies["analysts"])
    await service.post("/figures", town.staff, json=fires())
    treated = row("treatment-completion-opiate", "2016-10/2017-09", value=4.7)
    await service.post("/figures", town.analysts, json=figures(treated))
    await act(service, town.staff, "query", text="31 fires or 13?", indicators=["dwelling-fires"])
    await act(service, town.staff, "query", "2017-18-Q2~health", text="Is 4.7 right?")
    found = await service.items("/messages", town.staff)
    assert [(each["kind"], each["to"]) for each in found] == [
        ("queried", council.email),
        ("queried", analyst.email),
    ]
    assert "- Dwelling fires" in found[0]["body"]
    assert not any("31" in each["body"] or "4.7" in each["body"] for each in found)


POLICE = "2017-18-Q1~police"


async def test_queried_does_not_hide_overdue_and_goes_its_own_way(service: Service, town: Town) -> None:
    """Two of three figures are in: one is asked about, and sending the third leaves the question open."""
    before = (await service.get(f"/returns/{POLICE}", town.staff)).json()
    sent = [each["indicator"] for each in before["items"] if each["received_at"]]
    (missing,) = [each for each in before["items"] if not each["received_at"]]
    asked = await act(service, town.staff, "query", POLICE, text="All of them?", indicators=[sent[0]])
    assert (asked["state"], asked["is_overdue"], asked["may_end_query"]) == ("queried", True, True)
    assert "overdue" in asked["words"]
    (query,) = asked["query_list"]
    assert (query["indicators"], query["answered_at"], query["ended_at"]) == ([sent[0]], None, None)
    late = figures(row(missing["indicator"], missing["period"], value=42))
    assert (await service.post("/figures", town.police, json=late)).status_code == 201
    complete = (await service.get(f"/returns/{POLICE}", town.staff)).json()
    assert (complete["state"], complete["is_overdue"], complete["received"]) == ("queried", False, 3)
    answered = await act(service, town.police, "answer", POLICE, text="Yes, all")
    assert (answered["state"], answered["may_end_query"]) == ("submitted", False)
    (query,) = answered["query_list"]
    assert query["answered_at"] is not None
    assert query["ended_at"] is None
    ended = await act(service, town.staff, "end-query", POLICE, text="Thank you")
    assert ended["query_list"][0]["ended_at"] is not None
    assert [each["kind"] for each in ended["conversation"]] == ["query", "answer", "query_ended"]
    refused = await service.post(f"/returns/{POLICE}/end-query", town.staff, json={})
    assert_problem(refused, 409, "nothing_asked")
    assert_problem(await service.post(f"/returns/{POLICE}/end-query", town.police, json={}), 403, "forbidden")


async def test_what_is_overdue_is_found_queried_or_not(service: Service, town: Town) -> None:
    """`state` keeps its one word and its order for older programs; `is_overdue` is the other question."""
    overdue = {each["id"] for each in await service.items("/returns", town.staff, state="overdue")}
    assert POLICE in overdue
    first = (await service.get("/returns?is_overdue=true", town.staff)).json()
    assert {each["id"] for each in first["items"]} == overdue
    await act(service, town.staff, "query", POLICE, text="All of them?", indicators=["hate-crime"])
    listed = {
        query: {each["id"] for each in (await service.get(f"/returns?{query}", town.staff)).json()["items"]}
        for query in ("state=overdue", "state=queried", "is_overdue=true", "is_overdue=false", "limit=500")
    }
    assert listed["state=overdue"] == overdue - {POLICE}
    assert listed["state=queried"] == {POLICE}
    assert listed["is_overdue=true"] == overdue
    assert listed["is_overdue=false"] == listed["limit=500"] - overdue
    both = await service.items("/returns", town.staff, state="queried", is_overdue="true")
    assert [each["id"] for each in both] == [POLICE]
    summary = (await service.get("/returns/summary", town.staff)).json()
    assert summary["overdue"] == len(overdue)
    by_state = {each["state"]: each["returns"] for each in summary["states"]}
    assert (by_state["overdue"], by_state["queried"]) == (len(overdue) - 1, 1)
    (missing,) = [each for each in await items_of(service, town, POLICE) if not each["received_at"]]
    late = figures(row(missing["indicator"], missing["period"], value=42))
    assert (await service.post("/figures", town.police, json=late)).status_code == 201
    params = {"is_overdue": "true", "updated_since": first["as_of"]}
    changed = (await service.get("/returns", town.staff, params=params)).json()["items"]
    assert changed == [{"id": POLICE, "removed": True}]


async def test_a_check_of_what_was_read_is_refused_once_it_moved(service: Service, town: Town) -> None:
    """A figure of the return turns the checker away; one of another return does not."""

    async def read() -> str:
        return str((await service.get(f"/returns/{COUNCIL}", town.staff)).headers["ETag"])

    async def check(etag: str) -> httpx.Response:
        return await service.post(
            f"/returns/{COUNCIL}/check", town.staff, json={"text": ""}, headers={"If-Match": etag}
        )

    await service.post("/figures", town.staff, json=fires())
    etag = await read()
    changed = figures(row("dwelling-fires", value=33, reason="recount"))
    assert (await service.post("/figures", town.staff, json=changed)).status_code == 201
    assert_problem(await check(etag), 412, "changed_meanwhile")
    assert (await stands(service, town, COUNCIL))[0] == "submitted"
    etag = await read()
    assert (await service.post("/figures", town.analysts, json=figures(row()))).status_code == 201
    checked = await check(etag)
    assert (checked.status_code, checked.json()["state"]) == (200, "checked")
    assert checked.headers["ETag"].startswith('"v')
    assert_problem(await check(etag), 412, "changed_meanwhile")


async def items_of(service: Service, town: Town, return_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await service.get(f"/returns/{return_id}", town.staff)).json()["items"]
    return items


async def test_a_correction_unchecks_only_itself(service: Service, town: Town) -> None:
    before = (await service.get(f"/returns/{POLICE}", town.staff)).json()
    (missing,) = [each for each in before["items"] if not each["received_at"]]
    late = figures(row(missing["indicator"], missing["period"], value=42))
    assert (await service.post("/figures", town.police, json=late)).status_code == 201
    checked = await act(service, town.staff, "check", POLICE)
    assert (checked["state"], checked["checked"]) == ("checked", 3)
    again = figures(row(missing["indicator"], missing["period"], value=43, reason="recount"))
    assert (await service.post("/figures", town.police, json=again)).status_code == 201
    changed = (await service.get(f"/returns/{POLICE}", town.staff)).json()
    assert (changed["state"], changed["checked"], changed["words"]) == ("submitted", 2, "1 of 3 to check")
    unchecked = [each["indicator"] for each in changed["items"] if not each["checked"]]
    assert unchecked == [missing["indicator"]]
    summary = (await service.get("/returns/summary", town.staff, params={"agency": "police"})).json()
    totals = {each["period"]: each["checked"] for each in summary["quarters"]}
    assert totals["2017-18-Q1"] == 2
    assert (await act(service, town.staff, "check", POLICE))["checked"] == 3


async def test_due_days_do_not_move_as_figures_come_in(service: Service, town: Town) -> None:
    before = (await service.get(f"/returns/{POLICE}", town.staff)).json()
    (missing,) = [each for each in before["items"] if not each["received_at"]]
    assert before["next_due_on"] == missing["due_on"]
    assert before["due_on"] == max(each["due_on"] for each in before["items"])
    late = figures(row(missing["indicator"], missing["period"], value=42))
    assert (await service.post("/figures", town.police, json=late)).status_code == 201
    after = (await service.get(f"/returns/{POLICE}", town.staff)).json()
    assert (after["due_on"], after["next_due_on"]) == (before["due_on"], None)


async def test_what_makes_a_state_is_a_sentence_with_its_label(one_service: Service, one_town: Town) -> None:
    async def detail(id_: str) -> tuple[str, str]:
        read = (await one_service.get(f"/returns/{id_}", one_town.staff)).json()
        return read["label"], read["detail"]

    q1, police = COUNCIL.replace("Q2", "Q1"), COUNCIL.replace("council", "police")
    assert await detail(q1) == ("Overdue", "by 143 days; 0 of 1 figure is in")
    assert await detail("2017-18-Q3~police") == ("Not due yet", "figures exist from 1 January 2018")
    await act(one_service, one_town.staff, "late", reason="New system", promised_on="2018-01-12")
    assert await detail(COUNCIL) == (
        "Late, reason given",
        "promised for 12 January 2018; 0 of 1 figure is in",
    )
    await one_service.post("/figures", one_town.staff, json=fires())
    assert await detail(COUNCIL) == ("To check", "sent on 20 December 2017; 1 figure came late")
    await act(one_service, one_town.staff, "check", text="")
    assert await detail(COUNCIL) == ("Checked", "1 figure came late")
    await one_service.post("/figures", one_town.police, json=figures(row("hate-crime")))
    await one_service.post(
        f"/returns/{police}/query", one_town.admin, json={"text": "Sure?", "indicators": ["hate-crime"]}
    )
    assert await detail(police) == (
        "Queried",
        "asked about Hate crime; overdue by 51 days, 1 of 3 figures are in",
    )
