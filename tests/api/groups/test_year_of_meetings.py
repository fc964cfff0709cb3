"""A year of meetings over the API: every kind and state, who came, what was decided, and back from there."""

from typing import Any

from tests.build import Service, assert_problem
from tests.town import Town


async def put_in(service: Service, town: Town, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await service.post(path, town.staff, json=body)
    assert answer.status_code == 201, answer.text
    out: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"/api/v1{path}/{out['code']}"
    return out


async def change(
    service: Service, town: Town, method: str, path: str, body: dict[str, Any], status: int = 200
) -> Any:
    """Reads the thing that the path begins with, and changes it as read."""
    thing = "/".join(path.split("/")[:3])
    etag = (await service.get(thing, town.staff)).headers["ETag"]
    answer = await service.ask(method, path, town.staff, json=body, headers={"If-Match": etag})
    assert answer.status_code == status, answer.text
    return answer.json()


async def meeting(service: Service, town: Town, day: str, kind: str = "ordinary", **more: Any) -> str:
    out = await put_in(service, town, "/meetings", {"group": "board", "day": day, "kind": kind, **more})
    assert (out["state"], out["day"]) == ("planned", day)
    return str(out["code"])


async def test_a_year_of_every_kind(service: Service, town: Town) -> None:
    ordinary = await meeting(
        service, town, "2017-04-28", items=[{"title": "Performance"}, {"title": "Risks"}]
    )
    everybody = await change(service, town, "PUT", f"/meetings/{ordinary}/attendance", {"others": "present"})
    assert {each["status"] for each in everybody["attendance"]} == {"present"}
    held = await change(service, town, "POST", f"/meetings/{ordinary}/hold", {})
    assert (held["state"], held["counts_for_attendance"], held["may"]) == ("held", True, ["take_back"])
    noted = {
        "items": [{"title": "Performance", "handling": "considered"}, {"title": "Risks", "handling": "noted"}]
    }
    agenda = await change(service, town, "PUT", f"/meetings/{ordinary}/items", noted)
    assert [(each["number"], each["handling_label"]) for each in agenda["items"]] == [
        (1, "Considered"),
        (2, "Noted"),
    ]
    decided = await put_in(
        service,
        town,
        "/decisions",
        {
            "meeting": ordinary,
            "number": 1,
            "text": "The quarter is cut off",
            "subject": {"kind": "reporting-periods", "ref": "2017-18-Q1"},
        },
    )
    assert (decided["code"], decided["state"]) == (f"{ordinary}-d1", "stands")
    assert decided["subject"] == "/api/v1/reporting-periods/2017-18-Q1"
    quarter = (await service.get("/reporting-periods/2017-18-Q1", town.funder)).json()
    assert quarter["decision"] == f"/api/v1/decisions/{decided['code']}", "and back"

    email = await meeting(service, town, "2017-05-12", "circulated")
    outside = await change(service, town, "POST", f"/meetings/{email}/hold", {})
    assert (outside["counts_for_attendance"], outside["attendance"]) == (False, [])

    cancelled = await meeting(service, town, "2017-06-23")
    off = await change(service, town, "POST", f"/meetings/{cancelled}/cancel", {"reason": "The election"})
    assert (off["state_label"], off["state_reason"], off["may"]) == (
        "Cancelled",
        "The election",
        ["take_back"],
    )

    extra = await meeting(service, town, "2017-07-14", "extraordinary")
    one_came = {"attendance": [{"post": "area-commander", "status": "present"}], "others": "apologies"}
    few = await change(service, town, "PUT", f"/meetings/{extra}/attendance", one_came)
    assert (few["quorum"]["is_met"], few["quorum"]["words"]) == (False, "1 came; the quorum is 2.")
    refused = await change(service, town, "POST", f"/meetings/{extra}/hold", {}, 409)
    assert (refused["code"], "inquorate" in refused["detail"]) == ("not_quorate", True)
    await change(service, town, "POST", f"/meetings/{extra}/inquorate", {})
    waits = await put_in(service, town, "/decisions", {"meeting": extra, "text": "Buy cameras"})
    assert (waits["state"], waits["may"]) == ("to_be_ratified", ["ratify"])

    chairs = await put_in(
        service, town, "/decisions", {"group": "board", "decided_on": "2017-08-10", "text": "Pay the invoice"}
    )
    assert (chairs["route"], chairs["on_behalf_of"]["code"]) == ("chair", "portfolio-holder")
    for code in (chairs["code"], waits["code"]):
        ratified = await change(
            service, town, "POST", f"/decisions/{code}/ratify", {"meeting": "board-2017-09-22"}
        )
        assert (ratified["state"], ratified["ratified_at"]["code"]) == ("ratified", "board-2017-09-22")
    later = (await service.get("/meetings/board-2017-09-22", town.funder)).json()
    assert [each["code"] for each in later["ratified"]] == [waits["code"], chairs["code"]]

    table = (await service.get("/groups/board/attendance?period=2017-18", town.funder)).json()
    assert [each["code"] for each in table["meetings"]] == [ordinary, extra, "board-2017-09-22"]
    assert {each["code"] for each in table["outside"]} == {
        email,
        cancelled,
        "board-2017-12-15",
        "board-2018-01-19",
    }
    assert {row["agency"]["code"]: row["words"] for row in table["rows"]} == {
        "council": "2 of 3, 67%",
        "police": "3 of 3, 100%",
        "health": "1 of 3, 33%",
    }
    assert table["notes"] == ["Public Health is no responsible authority."]


async def test_an_action_arises_and_is_followed(service: Service, town: Town) -> None:
    action = await put_in(
        service,
        town,
        "/meeting-actions",
        {
            "meeting": "board-2017-09-22",
            "decision": "board-d1",
            "text": "Ask the landlords",
            "owner": "area-commander",
            "due_on": "2017-12-01",
        },
    )
    assert (action["decision"], action["is_overdue"]) == ("board-d1", True)
    address = f"/meeting-actions/{action['code']}"
    moved = await change(service, town, "PATCH", address, {"due_on": "2018-02-01"}, 422)
    assert (moved["code"], moved["errors"][0]["field"]) == ("reason_required", "due_on")
    moved = await change(
        service, town, "PATCH", address, {"due_on": "2018-02-01", "reason": "No answers yet"}
    )
    assert (moved["due_on"], moved["is_overdue"]) == ("2018-02-01", False)
    done = await change(
        service,
        town,
        "PATCH",
        address,
        {"state": "done", "on_behalf_of": "area-commander", "heard_how": "By telephone, 12 December"},
    )
    assert (done["done_on"], done["heard_how"]) == ("2017-12-20", "By telephone, 12 December")
    (event, *_) = await service.items("/audit-events", town.staff, subject=action["code"], order="newest")
    assert event["data"]["after"]["state"] == "done"


async def test_pollers_see_what_changed(service: Service, town: Town) -> None:
    as_of = {
        path: (await service.get(path, town.funder)).json()["as_of"] for path in ("/decisions", "/plans")
    }
    body = {"meeting": "board-2017-09-22", "text": "Adopted", "subject": {"kind": "plans", "ref": "plan"}}
    made = await put_in(service, town, "/decisions", body)
    assert made["subject_ref"] == "plan?version=1"
    (plan,) = await service.items("/plans", town.funder, updated_since=as_of["/plans"])
    assert plan["decision"] == f"/api/v1/decisions/{made['code']}"
    assert (await service.get(made["subject"], town.funder)).json()["decision"] == plan["decision"]
    await change(service, town, "PATCH", "/posts/area-commander", {"title": "District commander"})
    (group,) = await service.items("/groups", town.funder, updated_since=as_of["/plans"])
    assert group["members"][1]["post"]["name"] == "District commander"


async def test_who_reads_changes_nothing(service: Service, town: Town) -> None:
    for method, path in (
        ("PATCH", "/posts/area-commander"),
        ("PUT", "/meetings/board-2017-12-15/attendance"),
    ):
        answer = await service.ask(method, path, town.funder, json={}, headers={"If-Match": "*"})
        assert_problem(answer, 403, "forbidden")
    assert (await service.get("/meetings/board-2017-12-15", town.funder)).json()["may"] == []


async def test_a_step_is_taken_back_with_its_reason(service: Service, town: Town) -> None:
    path = "/meetings/board-2017-12-15"
    await change(service, town, "POST", f"{path}/cancel", {})
    answer = await service.post(f"{path}/take-back", town.staff, json={"reason": "The wrong one"})
    assert_problem(answer, 428, "if_match_required")
    back = await change(service, town, "POST", f"{path}/take-back", {"reason": "The wrong one"})
    assert (back["state"], back["may"]) == ("planned", ["hold", "cancel", "inquorate"])


async def test_the_days_that_follow_from_the_rule(service: Service, town: Town) -> None:
    group = (await service.get("/groups/board", town.funder)).json()
    assert group["last_meeting_on"] == "2018-01-19"
    assert group["next_days"] == ["2018-04-19", "2018-07-19", "2018-10-19"]
    plan = await service.items("/forward-plan", town.funder, group="board")
    assert [(each["meeting"]["words"], each["title"]) for each in plan] == [
        ("Community Safety Board, 19 January 2018", "The quarter")
    ]


async def test_a_meeting_keeps_the_quorum_of_its_day(service: Service, town: Town) -> None:
    old = await meeting(service, town, "2017-04-28")
    await change(service, town, "PUT", f"/meetings/{old}/attendance", {"others": "present"})
    before = (await change(service, town, "POST", f"/meetings/{old}/hold", {}))["quorum"]
    assert before["words"] == "3 came; the quorum is 2."
    await change(service, town, "PATCH", "/groups/board", {"quorum": 5})
    assert (await service.get(f"/meetings/{old}", town.funder)).json()["quorum"] == before

    late = await meeting(service, town, "2017-05-19")
    await change(service, town, "PUT", f"/meetings/{late}/attendance", {"others": "present"})
    refused = await change(service, town, "POST", f"/meetings/{late}/hold", {}, 409)
    assert refused["code"] == "not_quorate", "the group's quorum now is 5"
    await change(service, town, "PATCH", f"/meetings/{late}", {"quorum": 3})
    held = await change(service, town, "POST", f"/meetings/{late}/hold", {})
    assert held["quorum"]["words"] == "3 came; the quorum is 3."
    none = await change(service, town, "PATCH", f"/meetings/{late}", {"quorum": 0})
    assert none["quorum"]["words"] == "No quorum is set."
    planned = await change(service, town, "POST", f"/meetings/{late}/take-back", {"reason": "A slip"})
    assert planned["quorum"]["needed"] == 5, "a planned meeting has the group's"


async def test_attendance_says_whose_word_it_is(service: Service, town: Town) -> None:
    code = await meeting(service, town, "2017-04-28")
    address = f"/meetings/{code}/attendance"
    body = {
        "attendance": [{"post": "area-commander", "status": "deputy"}],
        "on_behalf_of": "area-commander",
        "heard_how": "By telephone, 2 May",
    }
    told = await change(service, town, "PUT", address, body)
    sources = {each["post"]["code"]: each for each in told["attendance"]}
    assert sources["area-commander"]["on_behalf_of"]["code"] == "area-commander"
    assert sources["area-commander"]["heard_how"] == "By telephone, 2 May"
    rest = await change(
        service, town, "PUT", address, {"others": "present", "attendance": body["attendance"]}
    )
    sources = {each["post"]["code"]: each for each in rest["attendance"]}
    assert sources["area-commander"]["heard_how"] == "By telephone, 2 May", "what did not change stays"
    assert {each["heard_how"] for code, each in sources.items() if code != "area-commander"} == {""}
    wrong = await change(service, town, "PUT", address, {**body, "on_behalf_of": "nobody"}, 422)
    assert wrong["errors"][0]["field"] == "on_behalf_of"
