"""What is refused of posts, groups, meetings and decisions: each with its field, its rule and the way."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town

HELD, PLANNED, TO_COME = "board-2017-09-22", "board-2017-12-15", "board-2018-01-19"
CANCELLED = "cancelled"
OTHER = {"code": "other", "name": "Other group", "kind": "delivery", "parent": "board"}
POST = {"code": "new", "title": "Head of service", "agency": "council"}


async def prepare(service: Service, town: Town) -> None:
    """A meeting that was cancelled, a group that began in October, and one below it."""
    for path, body in (
        ("/meetings", {"code": CANCELLED, "group": "board", "day": "2017-06-23"}),
        ("/groups", {"code": "late", "name": "Late group", "kind": "delivery", "begins_on": "2017-10-01"}),
        ("/groups", OTHER),
        ("/meetings", {"code": "other-1", "group": "other", "day": "2017-11-20"}),
    ):
        answer = await service.post(path, town.staff, json=body)
        assert answer.status_code == 201, answer.text
    for step in (f"{CANCELLED}/cancel", "other-1/hold"):
        answer = await service.post(f"/meetings/{step}", town.staff, json={}, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text


REFUSED: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("POST", "/posts", {**POST, "agency": "nobody"}, "agency", "unknown_agency"),
    ("POST", "/posts", {**POST, "agency": "outsider"}, "agency", "unknown_agency"),
    ("POST", "/posts", {**POST, "code": "area-commander"}, "code", "code_taken"),
    ("POST", "/posts", {**POST, "title": "Cllr A Smith"}, "title", "names_person"),
    ("POST", "/posts", {**POST, "deputy": "nobody"}, "deputy", "unknown_post"),
    ("POST", "/posts", {**POST, "deputy": "new"}, "deputy", "own_deputy"),
    (
        "POST",
        "/posts",
        {**POST, "filled_from": "2017-02-01", "filled_until": "2017-01-01"},
        "filled_until",
        "days_reversed",
    ),
    ("POST", "/posts", {**POST, "filled_from": "0217-02-01"}, "filled_from", "day_out_of_range"),
    ("PATCH", "/posts/area-commander", {"title": None}, "title", "required"),
    ("POST", "/groups", {**OTHER, "code": "new", "parent": "nobody"}, "parent", "unknown_group"),
    ("POST", "/groups", {**OTHER, "code": "new", "parent": "new"}, "parent", "circle"),
    ("PATCH", "/groups/board", {"parent": "other"}, "parent", "circle"),
    ("PATCH", "/groups/board", {"parent": "board"}, "parent", "circle"),
    ("POST", "/groups", {**OTHER, "code": "new", "kind": "task_group"}, "ends_on", "end_needed"),
    ("POST", "/groups", {**OTHER, "code": "new", "cycle_rule": "now and then"}, "cycle_rule", "bad_cycle"),
    ("POST", "/groups", {**OTHER, "code": "new", "chair": "nobody"}, "chair", "unknown_post"),
    ("POST", "/groups", {**OTHER, "code": "new", "quorum": 0}, "quorum", "bad_quorum"),
    ("PATCH", "/groups/board", {"cycle": "\u0000"}, "cycle", "invalid"),
    ("PATCH", "/groups/board", {"vice_chair": "portfolio-holder"}, "vice_chair", "same_post"),
    ("PATCH", "/groups/board", {"ends_on": "2017-09-01"}, "ends_on", "meeting_outside"),
    ("PATCH", "/groups/board", {"begins_on": "2017-09-01"}, "begins_on", "meeting_outside"),
    ("PATCH", "/groups/board", {"ends_on": "2018-01-01"}, "ends_on", "meeting_outside"),
    *(
        (
            "PATCH",
            "/groups/board",
            {"documents": [{"title": "Terms of reference"}, {"title": "Agreement", "address": address}]},
            "documents.1.address",
            "bad_address",
        )
        for address in ("javascript:alert(1)", "on the intranet", "http://", "data:text/html,x")
    ),
    ("PUT", "/groups/late/members", {"members": [{"post": "nobody"}]}, "members.0.post", "unknown_post"),
    (
        "PUT",
        "/groups/late/members",
        {"members": [{"post": "health-lead"}] * 2},
        "members.1.begins_on",
        "member_twice",
    ),
    (
        "PUT",
        "/groups/late/members",
        {"members": [{"post": "health-lead", "begins_on": "2017-09-30"}]},
        "members.0.begins_on",
        "outside_group",
    ),
    ("PUT", "/groups/board/members", {"members": []}, "members", "attendance_recorded"),
    ("POST", "/meetings", {"group": "nobody", "day": "2017-11-01"}, "group", "unknown_group"),
    ("POST", "/meetings", {"group": "late", "day": "2017-09-30"}, "day", "before_group"),
    ("POST", "/meetings", {"group": "board", "day": "2017-09-22"}, "day", "meeting_twice"),
    ("POST", "/meetings", {"group": "board", "day": "9017-09-22"}, "day", "day_out_of_range"),
    ("PATCH", f"/meetings/{HELD}", {"day": "2018-01-01"}, "day", "not_held_yet"),
    ("PATCH", f"/meetings/{HELD}", {"day": "2017-12-01"}, "day", "not_a_member"),
    ("PATCH", f"/meetings/{HELD}", {"quorum": 4}, "quorum", "bad_quorum"),
    ("PATCH", f"/meetings/{HELD}", {"kind": "circulated"}, "kind", "attendance_recorded"),
    (
        "PUT",
        f"/meetings/{PLANNED}/attendance",
        {"attendance": [{"post": "health-lead", "status": "present"}]},
        "attendance.0.post",
        "not_a_member",
    ),
    (
        "PUT",
        f"/meetings/{PLANNED}/attendance",
        {"attendance": [{"post": "nobody", "status": "present"}]},
        "attendance.0.post",
        "not_a_member",
    ),
    (
        "PUT",
        f"/meetings/{HELD}/attendance",
        {"attendance": [{"post": "area-commander", "status": "present"}] * 2},
        "attendance.1.post",
        "repeated",
    ),
    ("PUT", f"/meetings/{TO_COME}/attendance", {"others": "present"}, "others", "not_held_yet"),
    (
        "PUT",
        f"/meetings/{PLANNED}/items",
        {"items": [{"title": "A", "number": 0}]},
        "items.0.number",
        "bad_number",
    ),
    (
        "PUT",
        f"/meetings/{PLANNED}/items",
        {"items": [{"title": "A", "number": 2}, {"title": "B", "number": 2}]},
        "items.1.number",
        "bad_number",
    ),
    (
        "PUT",
        f"/meetings/{PLANNED}/items",
        {"items": [{"title": "A", "handling": "noted"}]},
        "items.0.handling",
        "not_held",
    ),
    ("POST", "/decisions", {"meeting": CANCELLED, "text": "No"}, "meeting", "meeting_cancelled"),
    ("POST", "/decisions", {"meeting": PLANNED, "text": "No"}, "meeting", "not_held"),
    ("POST", "/decisions", {"meeting": "nobody", "text": "No"}, "meeting", "unknown_meeting"),
    ("POST", "/decisions", {"meeting": HELD, "text": "No", "number": 9}, "number", "unknown_item"),
    ("POST", "/decisions", {"meeting": HELD, "text": "No", "group": "other"}, "group", "another_group"),
    (
        "POST",
        "/decisions",
        {"meeting": HELD, "text": "No", "decided_on": "2017-09-23"},
        "decided_on",
        "another_day",
    ),
    ("POST", "/decisions", {"group": "board", "text": "No"}, "decided_on", "required"),
    (
        "POST",
        "/decisions",
        {"group": "board", "text": "No", "decided_on": "2017-12-21"},
        "decided_on",
        "not_decided_yet",
    ),
    (
        "POST",
        "/decisions",
        {"group": "other", "text": "No", "decided_on": "2017-12-01"},
        "on_behalf_of",
        "no_chair",
    ),
    (
        "POST",
        "/decisions",
        {"group": "late", "text": "No", "decided_on": "2017-09-30"},
        "decided_on",
        "outside_group",
    ),
    ("POST", "/decisions", {"text": "No", "decided_on": "2017-12-01"}, "evidence", "evidence_needed"),
    ("POST", "/decisions", {"meeting": HELD, "text": "No", "amount": 1.005}, "amount", "bad_amount"),
    ("POST", "/decisions", {"meeting": HELD, "text": "No", "amount": -1}, "amount", "bad_amount"),
    (
        "POST",
        "/decisions",
        {"meeting": HELD, "text": "No", "subject": {"kind": "persons", "ref": "1"}},
        "subject.kind",
        "unknown_kind",
    ),
    (
        "POST",
        "/decisions",
        {"meeting": HELD, "text": "No", "subject": {"kind": "reporting-periods", "ref": "2030-31-Q1"}},
        "subject.ref",
        "unknown_subject",
    ),
    ("POST", "/decisions/board-d0/ratify", {"meeting": PLANNED}, "meeting", "not_held"),
    ("POST", "/decisions/board-d0/ratify", {"meeting": CANCELLED}, "meeting", "not_held"),
    ("POST", "/decisions/board-d0/ratify", {"meeting": "other-1"}, "meeting", "another_group"),
    ("POST", "/meeting-actions", {"meeting": PLANNED, "text": "No"}, "meeting", "not_held"),
    ("POST", "/meeting-actions", {"meeting": CANCELLED, "text": "No"}, "meeting", "not_held"),
    (
        "POST",
        "/meeting-actions",
        {"meeting": "other-1", "decision": "board-d1", "text": "No"},
        "decision",
        "another_meeting",
    ),
    ("POST", "/meeting-actions", {"meeting": HELD, "text": "No", "owner": "nobody"}, "owner", "unknown_post"),
    (
        "POST",
        "/meeting-actions",
        {"meeting": HELD, "text": "No", "due_on": "2017-09-21"},
        "due_on",
        "before_meeting",
    ),
    (
        "POST",
        "/meeting-actions",
        {"meeting": HELD, "text": "No", "done_on": "2017-10-01"},
        "done_on",
        "not_done",
    ),
    (
        "POST",
        "/meeting-actions",
        {"meeting": HELD, "text": "No", "state": "done", "done_on": "2018-01-01"},
        "done_on",
        "in_future",
    ),
]
CONFLICTS = [
    (f"/meetings/{HELD}/cancel", {}, "already_held"),
    (f"/meetings/{TO_COME}/hold", {}, "not_held_yet"),
    (f"/meetings/{HELD}/take-back", {"reason": "A slip"}, "has_decisions"),
    ("/decisions/board-d1/ratify", {"meeting": HELD}, "needs_no_ratifying"),
]


async def test_each_is_refused_by_field_and_rule(one_service: Service, one_town: Town) -> None:
    """One deployment for all: what is refused leaves nothing behind."""
    await prepare(one_service, one_town)
    before = (await one_service.get("/decisions", one_town.staff)).json()["as_of"]
    for method, path, body, field, code in REFUSED:
        answer = await one_service.ask(method, path, one_town.staff, json=body, headers={"If-Match": "*"})
        assert answer.status_code == 422, (path, body, answer.text)
        document = assert_problem(answer, 422, code, field)
        assert len(document["errors"][0]["message"]) > 20, "it says the way"
    for path, body, code in CONFLICTS:
        answer = await one_service.post(path, one_town.staff, json=body, headers={"If-Match": "*"})
        assert_problem(answer, 409, code)
    attendance = {"others": "present"}
    for code, problem in ((CANCELLED, "meeting_cancelled"),):
        answer = await one_service.ask(
            "PUT", f"/meetings/{code}/attendance", one_town.staff, json=attendance, headers={"If-Match": "*"}
        )
        assert_problem(answer, 409, problem)
    assert (await one_service.get("/decisions", one_town.staff)).json()["as_of"] == before


@pytest.mark.parametrize("meeting", [HELD])
async def test_a_decision_is_not_ratified_by_an_earlier_meeting(
    one_service: Service, one_town: Town, meeting: str
) -> None:
    body = {"group": "board", "decided_on": "2017-10-02", "text": "Later than the meeting"}
    made = (await one_service.post("/decisions", one_town.staff, json=body)).json()
    answer = await one_service.post(
        f"/decisions/{made['code']}/ratify",
        one_town.staff,
        json={"meeting": meeting},
        headers={"If-Match": "*"},
    )
    assert_problem(answer, 422, "before_decision", "meeting")
