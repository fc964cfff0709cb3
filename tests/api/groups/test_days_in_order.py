"""Days out of order, and the same entered twice: refused with the field, the rule and the way."""

from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town

MADE = {"source": "inspection", "source_title": "Inspection", "text": "Look again", "made_on": "2017-05-01"}
RAISED = {"title": "Bikes", "raised_on": "2017-05-01"}
HEARD = {"title": "Walk", "begins_on": "2017-05-01"}
ANSWER = {"answer": "accepted", "text": "Yes"}
TO_COME = "2017-12-21"

NEW: list[tuple[str, dict[str, Any], str, str]] = [
    ("/recommendations", {**MADE, "made_on": TO_COME}, "made_on", "in_future"),
    ("/recommendations", {**MADE, "made_on": "0217-05-01"}, "made_on", "day_out_of_range"),
    ("/recommendations", {**MADE, "due_on": "2017-04-30"}, "due_on", "before_made"),
    ("/recommendations", {**MADE, "answer_due_on": "2017-04-30"}, "answer_due_on", "before_made"),
    ("/recommendations", {**MADE, "due_on": "2917-04-30"}, "due_on", "day_out_of_range"),
    ("/local-issues", {**RAISED, "raised_on": TO_COME}, "raised_on", "in_future"),
    ("/local-issues", {**RAISED, "raised_on": "1066-05-01"}, "raised_on", "day_out_of_range"),
    ("/engagements", {**HEARD, "begins_on": "1066-05-01"}, "begins_on", "day_out_of_range"),
    ("/engagements", {**HEARD, "begins_on": TO_COME, "heard": "Noise"}, "heard", "not_yet"),
    ("/engagements", {**HEARD, "begins_on": TO_COME, "done": "A gate"}, "done", "not_yet"),
]


@pytest.mark.parametrize(("path", "body", "field", "code"), NEW)
async def test_a_new_one_is_refused(
    one_service: Service, one_town: Town, path: str, body: dict[str, Any], field: str, code: str
) -> None:
    problem = assert_problem(await one_service.post(path, one_town.staff, json=body), 422, code)
    assert problem["errors"][0]["field"] == field


LATER: list[tuple[str, dict[str, Any], str, dict[str, Any], str]] = [
    ("/recommendations", MADE, "answer", {**ANSWER, "day": "2017-04-30"}, "before_made"),
    ("/recommendations", MADE, "answer", {**ANSWER, "day": TO_COME}, "in_future"),
    ("/local-issues", RAISED, "close", {"changed": "Fewer", "closed_on": "2017-04-30"}, "before_raised"),
]


@pytest.mark.parametrize(("path", "body", "step", "more", "code"), LATER)
async def test_a_step_is_refused(
    service: Service, town: Town, path: str, body: dict[str, Any], step: str, more: dict[str, Any], code: str
) -> None:
    here = f"{path}/{(await service.post(path, town.staff, json=body)).json()['code']}"
    answer = await service.post(f"{here}/{step}", town.staff, json=more, headers={"If-Match": "*"})
    assert_problem(answer, 422, code)


@pytest.mark.parametrize(
    ("path", "body", "step", "more", "patch", "code"),
    [
        (
            "/recommendations",
            MADE,
            "answer",
            {**ANSWER, "day": "2017-06-01"},
            {"made_on": "2017-06-02", "reason": "Slip"},
            "after_history",
        ),
        (
            "/local-issues",
            RAISED,
            "close",
            {"changed": "Fewer", "closed_on": "2017-06-01"},
            {"raised_on": "2017-06-02"},
            "after_closed",
        ),
    ],
)
async def test_a_day_does_not_move_behind_what_followed(
    service: Service,
    town: Town,
    path: str,
    body: dict[str, Any],
    step: str,
    more: dict[str, Any],
    patch: dict[str, Any],
    code: str,
) -> None:
    here = f"{path}/{(await service.post(path, town.staff, json=body)).json()['code']}"
    taken = await service.post(f"{here}/{step}", town.staff, json=more, headers={"If-Match": "*"})
    assert taken.status_code == 200, taken.text
    answer = await service.ask("PATCH", here, town.staff, json=patch, headers={"If-Match": "*"})
    assert_problem(answer, 422, code)


async def test_an_engagement_may_be_to_come(service: Service, town: Town) -> None:
    answer = await service.post("/engagements", town.staff, json={**HEARD, "begins_on": TO_COME})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("path", "body", "field", "other"),
    [
        ("/recommendations", MADE, "text", {"text": "Look once more"}),
        ("/local-issues", RAISED, "title", {"raised_on": "2017-05-02"}),
        ("/engagements", HEARD, "title", {"place": "The market"}),
        ("/decisions", {"meeting": "board-2017-09-22", "text": "Pay"}, "text", {"amount": 10}),
        (
            "/meeting-actions",
            {"meeting": "board-2017-09-22", "text": "Ask"},
            "text",
            {"due_on": "2017-10-01"},
        ),
    ],
)
async def test_the_same_is_not_entered_twice_unless_it_has_a_code(
    service: Service, town: Town, path: str, body: dict[str, Any], field: str, other: dict[str, Any]
) -> None:
    first = await service.post(path, town.staff, json=body)
    assert first.status_code == 201, first.text
    problem = assert_problem(await service.post(path, town.staff, json=body), 422, "entered_twice")
    assert problem["errors"][0]["field"] == field
    assert first.json()["code"] in problem["detail"]
    for another in ({**body, **other}, {**body, "code": "another"}):
        answer = await service.post(path, town.staff, json=another)
        assert answer.status_code == 201, answer.text
