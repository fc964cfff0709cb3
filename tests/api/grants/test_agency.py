"""Organisations that grants go to: added by their numbers, listed where they are asked for."""

from typing import Any

import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.models.access.person import Membership
from app.models.plan.partnership import Partnership
from tests.api.grants.conftest import Money
from tests.build import assert_problem, make_person, make_token

CLUB: dict[str, Any] = {
    "code": "holme-lane",
    "name": "Holme Lane Residents",
    "identifiers": [{"scheme": "GB-CHC", "value": "1 000 001", "checked_on": "2017-12-01"}],
}


async def codes(money: Money, **asked: str) -> list[str]:
    items = await money.service.items("/agencies", money.people["reader"], **asked)
    return [each["code"] for each in items]


async def test_a_recipient_is_added_and_gets_a_grant(both: Money) -> None:
    made = await both.send("officer", "/agencies", CLUB)
    assert made["identifiers"] == [{"scheme": "GB-CHC", "value": "1000001", "checked_on": "2017-12-01"}]
    assert "holme-lane" not in await codes(both)
    assert "holme-lane" in await codes(both, recipients="true")
    assert (await both.propose(recipient="holme-lane"))["recipient"]["name"] == "Holme Lane Residents"
    assert (await both.get("reader", "/agencies/holme-lane"))["identifiers"] == made["identifiers"]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"code": "other-name"}, "identifiers.0.value", "number_in_use"),
        ({"identifiers": []}, "code", "code_in_use"),
        (
            {"code": "b", "identifiers": [{"scheme": "GB-CHC", "value": "1000001"}]},
            "identifiers.0.value",
            "number_in_use",
        ),
        (
            {"code": "b", "identifiers": [{"scheme": "GB-CHC", "value": "12"}]},
            "identifiers.0.value",
            "bad_identifier",
        ),
        (
            {
                "code": "b",
                "identifiers": [{"scheme": "GB-COH", "value": "123"}, {"scheme": "GB-COH", "value": "124"}],
            },
            "identifiers.1.value",
            "other_number",
        ),
        (
            {"code": "b", "identifiers": [{"scheme": "GB-XXX", "value": "123"}]},
            "identifiers.0.scheme",
            "invalid_value",
        ),
        ({"code": "b", "name": ""}, "name", None),
        (
            {
                "code": "b",
                "identifiers": [{"scheme": "GB-COH", "value": "123", "checked_on": "2017-12-21"}],
            },
            "identifiers.0.checked_on",
            "in_future",
        ),
    ],
)
async def test_two_organisations_have_no_number_in_common(
    money: Money, changed: dict[str, Any], field: str, code: str | None
) -> None:
    await money.send("officer", "/agencies", CLUB)
    answer = await money.post("officer", "/agencies", CLUB | changed)
    assert answer.status_code == 422, answer.text
    problem = assert_problem(answer, 422, answer.json()["code"], field)
    assert code in (None, *(error["code"] for error in problem["errors"])) or code == "invalid_value"
    assert not {"b", "other-name"} & {*await codes(money, recipients="true")}


async def test_a_number_is_entered_later_and_not_replaced(money: Money) -> None:
    async def enter(**number: Any) -> Any:
        return await money.service.ask(
            "PATCH",
            "/agencies/lane",
            money.people["officer"],
            json={"identifiers": [number]},
            headers={"If-Match": "*"},
        )

    first = await enter(scheme="GB-COH", value="123")
    assert first.json()["identifiers"] == [{"scheme": "GB-COH", "value": "00000123", "checked_on": None}]
    checked = await enter(scheme="GB-COH", value="00000123", checked_on="2017-12-20")
    assert checked.json()["identifiers"][0]["checked_on"] == "2017-12-20"
    assert_problem(await enter(scheme="GB-COH", value="124"), 422, "other_number", "identifiers.0.value")
    events = await money.service.items("/audit-events", money.people["auditor"], subject_kind="agency")
    assert [each["action"] for each in events if each["subject"] == "lane"][-2:] == [
        "agency number entered"
    ] * 2


@pytest.mark.parametrize("who", ["reader", "auditor", "funder", "provider"])
async def test_who_may_not(money: Money, who: str) -> None:
    assert_problem(await money.post(who, "/agencies", CLUB), 403, "forbidden")


async def test_numbers_are_entered_where_one_may_write(money: Money) -> None:
    with money.service.writing() as session:
        codes = {each.code: each for each in session.exec(select(Partnership))}
        person = make_person(session, codes["elsewhere"], Role.OFFICER, name="of two")
        session.add(Membership(person_id=person.id, partnership_id=codes["town"].id, role=Role.READER.value))
        token = make_token(session, person)
    number = {"identifiers": [{"scheme": "GB-COH", "value": "124"}]}
    for code, status in (("outsider", 200), ("lane", 404)):
        answer = await money.service.ask(
            "PATCH", f"/agencies/{code}", token, json=number, headers={"If-Match": "*"}
        )
        assert answer.status_code == status, answer.text
        number = {"identifiers": [{"scheme": "GB-COH", "value": "125"}]}


async def test_an_organisation_of_another_partnership_joins(money: Money) -> None:
    outsider = {"code": "outsider", "name": "Outsider", "identifiers": CLUB["identifiers"]}
    refused = await money.post("officer", "/agencies", outsider | {"name": "Another"})
    assert "Outsider" in assert_problem(refused, 422, "code_in_use", "code")["detail"]
    made = await money.send("officer", "/agencies", outsider)
    assert (made["kind"], made["identifiers"][0]["value"]) == ("responsible_authority", "1000001")
    assert "outsider" in await codes(money, recipients="true")
    assert_problem(await money.post("officer", "/agencies", outsider), 422, "code_in_use", "code")
