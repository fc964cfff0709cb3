"""Numbers, yes and no, days and ids in an address: taken in the one form that answers give them in, and no other.

Every parameter of the published description is asked, so a new one is held to it without being listed here.
"""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.contract.test_wrong_shape import DOCUMENT, ODD_DAYS, resolved
from tests.town import Town, figures, row

ODD_NUMBERS = ("1_0", "+5", " 5", "5 ", "٥", "５", "5.0", "1e1", "05", "0x5", "-0", "−1", "", "9" * 5_000)
ODD_BOOLEANS = ("yes", "no", "on", "1", "0", "TRUE", "True", "t", "true ", "")
ODD_INSTANTS = (
    *(str(day) for day in ODD_DAYS if day != "2017-12-01T00:00:00Z"),
    *("2017-12-08 16:30:00Z", "2017-12-08T16:30Z", "2017-12-08T16:30:00", "2017-12-08T16:30:00,5Z"),
    *(
        "2017-12-08T24:00:00Z",
        "2017-12-08T16:30:60Z",
        "2017-12-08T16:30:00+0100",
        "2017-12-08T16:30:00+25:00",
    ),
    *("2017-12-08T16:30:00٠Z", "", "20171208T163000Z", "2017-12-08T16:30:00Z "),
)
ODD_MOMENTS = (*ODD_INSTANTS, "s", "s01", "s+1", "s1_0", "s٥", "s 1", "S1", "s-1", "s1.0", "1", "2017-12-01")
ODD_IDS = (
    "01",
    "+1",
    "1_0",
    " 1",
    "1 ",
    "١",
    "１",
    "1.0",
    "1e0",
    "0",
    "-1",
    "0x1",
    "",
    "²",
    "1\u200b",
    "9" * 5_000,
)
ODD = {
    "integer": ODD_NUMBERS,
    "boolean": ODD_BOOLEANS,
    "as_known_at": ODD_INSTANTS,
    "updated_since": ODD_MOMENTS,
}
NAMES = {
    "code": "asb-incidents",
    "return_id": "2017-18-Q2~analysts",
    "period": "2017-18-Q2",
    "reference": "G1",
}
HEADERS = {"If-Match": "*"}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            yield method.upper(), path, said


def odd_queries() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for method, path, said in operations():
        for parameter in said["parameters"]:
            kind = resolved(parameter["schema"]).get("type")
            name = parameter["name"]
            odd = ODD_NUMBERS[:-1] if name == "submission" else ODD.get(name) or ODD.get(str(kind), ())
            if parameter["in"] == "query" and odd:
                yield method, path, name, odd


def filled(path: str, **names: str) -> str:
    ids = dict.fromkeys(
        ("figure_id", "submission_id", "upload_id", "message_id", "key_id", "user_id", "number"), "1"
    )
    return path.format(**ids | NAMES | {"sha256": "0" * 64} | names)


def body(path: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a route needs to be sent, so that the address is what is wrong."""
    if path.endswith("/figures") or "IndicatorPatch" in str(said.get("requestBody")):
        return {"json": figures(row())}
    if "application/json" not in str(said.get("requestBody")):
        return {}
    schema = resolved(said["requestBody"]["content"]["application/json"]["schema"])
    return {"json": schema["examples"][0] if schema.get("required") and "{number}" in path else {}}


def test_each_kind_is_among_them() -> None:
    asked = {name for _, _, name, _ in odd_queries()}
    expected = {
        "limit",
        "version",
        "overlap_days",
        "submission",
        "dry_run",
        "correction",
        "is_overdue",
        "recipients",
    }
    assert asked == expected | {"as_known_at", "updated_since"}


@pytest.mark.parametrize(
    ("method", "path", "name", "odd"), list(odd_queries()), ids=lambda each: str(each)[:50]
)
async def test_a_parameter_has_one_form(
    still_service: Service, still_town: Town, method: str, path: str, name: str, odd: tuple[str, ...]
) -> None:
    said = DOCUMENT["paths"][path][method.lower()]
    sent = body(path, said)
    if "application/yaml" in str(said.get("requestBody")):
        document = await still_service.get("/plans/plan/document", still_town.admin)
        sent = {"content": document.content, "headers": {"Content-Type": "application/yaml"}}
    for value in odd:
        answer = await still_service.ask(method, filled(path), still_town.admin, params={name: value}, **sent)
        assert answer.status_code == 422, (value, answer.text)
        assert_problem(answer, 422, answer.json()["code"], name)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        (method, path, parameter["name"])
        for method, path, said in operations()
        for parameter in said["parameters"]
        if parameter["in"] == "path" and parameter["name"] not in NAMES
    ],
)
async def test_an_id_has_one_form(
    still_service: Service, still_town: Town, method: str, path: str, name: str
) -> None:
    said = DOCUMENT["paths"][path][method.lower()]
    for id_ in ODD_IDS:
        address = filled(path, **{name: id_})
        answer = await still_service.ask(
            method, address, still_town.admin, headers=HEADERS, **body(path, said)
        )
        allowed = (404, 405) if not id_ else (404,)  # an empty one is the address of the list
        assert answer.status_code in allowed or (not id_ and method == "GET"), (id_, answer.text)


@pytest.mark.parametrize(
    "period", ["2017-18-q2", "２０１７-18-Q2", "2017-18-Q2 ", "2017-18-Q02", "2017-018-Q2"]
)
async def test_a_quarter_has_one_form(still_service: Service, still_town: Town, period: str) -> None:
    for path in (f"/reporting-periods/{period}", f"/returns/{period}~analysts"):
        assert_problem(await still_service.get(path, still_town.admin), 404, "not_found")


@pytest.mark.parametrize(
    "inside", ["01.5", "1.05", "+1.5", "1.+5", "1_0.5", "-1.5", "1.-5", "1", "1.5.", " 1.5", "١.5"]
)
async def test_a_cursor_is_as_it_was_given(still_service: Service, still_town: Town, inside: str) -> None:
    cursor = base64.urlsafe_b64encode(inside.encode()).decode().rstrip("=")
    answer = await still_service.get("/figures", still_town.admin, params={"cursor": cursor})
    assert_problem(answer, 422, "bad_cursor", "cursor")


async def test_bits_that_say_nothing_are_no_part_of_a_cursor(
    still_service: Service, still_town: Town
) -> None:
    for cursor, status in (("MTEuMQ", 200), ("MTEuMR", 422), ("MTEuMQ==", 422), ("MTEuMQ=", 422)):
        answer = await still_service.get("/figures", still_town.admin, params={"cursor": cursor})
        assert answer.status_code == status, (cursor, answer.text)


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/figures", "limit", "5"),
        ("/plans/plan", "version", "1"),
        ("/figures", "submission", "1"),
        ("/figures", "updated_since", "s0"),
        ("/figures", "as_known_at", "2017-12-08"),
        ("/figures", "as_known_at", "2017-12-08T16:30:00.5+01:00"),
    ],
)
async def test_the_form_itself(
    still_service: Service, still_town: Town, path: str, name: str, value: str
) -> None:
    answer = await still_service.get(path, still_town.admin, params={name: value})
    assert answer.status_code == 200, answer.text
