"""Input that means harm, or might as well: a problem document, nothing stored, nothing of it repeated."""

import json
from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import Town, figures, row

JSON = {"Content-Type": "application/json"}
CSV = {"Content-Type": "text/csv"}
CANARY = "canary-3f9c"


def one(value: str, field: str = "value") -> bytes:
    """A batch of one row, with a raw JSON text for one field."""
    whole = json.dumps(row("repair-index", note=CANARY))
    return f'{{"figures": [{whole[:-1]}, "{field}": {value}}}]}}'.replace('"value": 4200, ', "").encode()


async def refused(
    service: Service, town: Town, body: bytes, status: int, headers: dict[str, str] = JSON
) -> dict[str, Any]:
    before = await service.items("/figures", town.analysts)
    answer = await service.post("/figures", town.analysts, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    problem = assert_problem(answer, status, answer.json()["code"])
    assert CANARY not in answer.text
    assert await service.items("/figures", town.analysts) == before
    assert await service.items("/submissions", town.analysts) == []
    return problem


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "1e-400",
        "9223372036854775808",
        "9" * 5_000,
        "0." + "0" * 5_000 + "1",
        "true",
        '"12"',
        '"NaN"',
        "[12]",
        "{}",
    ],
)
async def test_what_is_no_number(still_services: Service, still_towns: Town, value: str) -> None:
    problem = await refused(still_services, still_towns, one(value), 422)
    assert {(each["row"], each["field"]) for each in problem["errors"]} == {(1, "value")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("note", r'"\ud800"'),
        ("note", r'"\u0000"'),
        ("note", r'"\u001b[31m"'),
        ("reason", r'"\udfff"'),
        ("indicator", r'"asb-\u202eincidents"'),
        ("indicator", r'"asb\u200b-incidents"'),
        ("indicator", r'"\u0430sb-incidents"'),
        ("area", r'"E08000032\u0000"'),
        ("period", r'"2017-18-Q2\u0000"'),
        ("period", r'"\u0662\u0660\u0661\u0667-18"'),
        ("status", r'"final\u0000"'),
        ("expected_on", r'"\ud800"'),
        ("expected_on", "1512000000"),
        ("sample_size", "1e3000"),
        ("sample_size", "2147483648"),
        ("sample_size", "1.5"),
    ],
)
async def test_characters_and_types_that_cannot_be(
    still_services: Service, still_towns: Town, field: str, value: str
) -> None:
    sent = row("repair-index", note=CANARY) if field != "note" else row("repair-index")
    sent.pop(field, None)
    body = json.dumps(figures(sent)).removesuffix("}]}") + f', "{field}": {value}}}]}}'
    problem = await refused(still_services, still_towns, body.encode(), 422)
    assert {each["field"] for each in problem["errors"]} == {field}


async def test_a_long_list_of_errors_ends_with_how_many_more_there_are(
    still_services: Service, still_towns: Town
) -> None:
    body = json.dumps(figures(*[row("no-such", note=CANARY)] * 1_500)).encode()
    problem = await refused(still_services, still_towns, body, 422)
    assert len(problem["errors"]) == 201
    last = problem["errors"][-1]
    assert (last["field"], last["row"], last["code"]) == (None, None, "more_errors")
    assert "1,300 more" in last["message"]
    assert problem["counts"]["rejected"] == len(problem["rows"]) == 1_500


@pytest.mark.parametrize(
    ("names", "errors", "code"), [(50, 21, "more_errors"), (100_000, 1, "too_many_names")]
)
async def test_a_row_of_made_up_names_is_not_answered_name_by_name(
    still_services: Service, still_towns: Town, names: int, errors: int, code: str
) -> None:
    crowd: dict[str, Any] = {f"made-up-{number} ": 1 for number in range(names)}
    for sent in (row(**crowd), row("hate-crime", breakdown=crowd)):
        problem = await refused(still_services, still_towns, json.dumps(figures(sent)).encode(), 422)
        assert (len(problem["errors"]), problem["errors"][-1]["code"]) == (errors, code)
        assert problem["rows"][0]["errors"][-1]["code"] == code


@pytest.mark.parametrize("name", [r"\ud800", r"\u0000", r"\u202e", "x" * 100_000, "__proto__", "", "value "])
async def test_names_of_fields_that_cannot_be(still_services: Service, still_towns: Town, name: str) -> None:
    problem = await refused(still_services, still_towns, one("1", name), 422)
    assert problem["errors"][-1]["code"] in {"unknown_field", "invalid_key", "bad_character"}
    assert len(json.dumps(problem)) < 2_000, "a long name is not repeated"
    breakdown = await refused(still_services, still_towns, one(f'{{"{name}": "race"}}', "breakdown"), 422)
    assert len(json.dumps(breakdown)) < 2_000


@pytest.mark.parametrize(
    "body",
    [
        b'{"figures": [], "note": "canary-3f9c',
        b"canary-3f9c",
        b"",
        b'{"figures": [{"note": "canary-3f9c", "note": "canary-3f9c"}]}',
        b'{"figures": [], "figures": []}',
        b"\xff\xfe\x00canary-3f9c",
        json.dumps({"figures": [CANARY]}).encode("utf-16"),
        json.dumps({"figures": [CANARY]}).encode("utf-32-le"),
        b'{"figures": ["canary-3f9c \xed\xa0\x80"]}',
        b'{"figures": ["canary-3f9c \xc0\x80"]}',
        b"[" * 100_000,
        b'{"figures":' * 100_000,
        b'{"figures": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"{'figures': []}",
        b'{"figures": [1,]}',
        b'{"figures": [01]}',
        b'\xef\xbb\xbf{"figures": []}',
    ],
    ids=range(17),
)
async def test_what_is_no_json(still_services: Service, still_towns: Town, body: bytes) -> None:
    await refused(still_services, still_towns, body, 400)


@pytest.mark.parametrize(
    "body", [b"\xff\xfei\x00", "indicator,period\ncanary-3f9c".encode("utf-16"), b"a\0b"]
)
async def test_what_is_no_text_file(still_services: Service, still_towns: Town, body: bytes) -> None:
    await refused(still_services, still_towns, body, 400, CSV)


@pytest.mark.parametrize(
    ("period", "meant"),
    [
        ("2018", "2018-19"),
        ("2017-Q3", "2017-18-Q3"),
        ("2025-Q5", "Q4"),
        ("Q2 2017", "2017-18-Q2"),
        ("2017/18", "2017-18"),
        ("2017-18-Q5", "Q4"),
        ("2017-19", "2017-18"),
        ("2017-11/2017-04", "2017-04/2017-11"),
    ],
)
async def test_a_period_that_cannot_be_says_what_was_meant(
    still_service: Service, still_town: Town, period: str, meant: str
) -> None:
    answer = await still_service.post("/figures", still_town.analysts, json=figures(row(period=period)))
    (error,) = assert_problem(answer, 422, "rejected", "period")["errors"]
    assert meant in error["message"]
    listed = await still_service.get("/figures", still_town.analysts, params={"period": period})
    assert meant in assert_problem(listed, 422, "invalid", "period")["errors"][0]["message"]


async def test_one_bad_row_in_five_hundred(still_services: Service, still_towns: Town) -> None:
    months = [
        f"{year}-{month:02d}/{year}-{month:02d}" for year in range(1970, 2012) for month in range(1, 13)
    ]
    rows = [row(period=month) for month in months[:500]]
    rows[321]["value"] = "many"
    problem = await refused(still_services, still_towns, json.dumps(figures(*rows)).encode(), 422)
    assert [each["row"] for each in problem["errors"]] == [322]
    assert problem["counts"]["not_stored"] == 499


async def test_markup_is_kept_as_text(one_service: Service, one_town: Town) -> None:
    note = "<script>alert('x')</script> & \u202e reversed"
    answer = await one_service.post("/figures", one_town.analysts, json=figures(row(note=note)))
    figure = await one_service.get(answer.json()["rows"][0]["figure"], one_town.analysts)
    assert figure.json()["note"] == note
    assert figure.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "path",
    [
        "/figures/%00",
        "/figures/1%00",
        "/figures/9999999999",
        "/figures/999999999999999999999999",
        "/figures/-1",
        "/figures/1.0",
        "/figures/%D9%A1",
        "/figures/1%20OR%201=1",
        "/figures/9999999999/revisions",
        "/indicators/%00",
        "/indicators/asb-incidents%00",
        "/indicators/%ED%A0%80",
        "/indicators/..%2F..%2Fetc%2Fpasswd",
        "/indicators/" + "x" * 5_000,
        "/indicators/%00/series",
        "/plans/%00",
        "/plans/%00/checks",
        "/plans/plan%00/summary",
        "/priorities/%00",
        "/submissions/%00",
        "/submissions/9999999999",
        "/users/9999999999",
        "/users/%00",
        "/nowhere",
        "/figures/",
    ],
)
async def test_an_address_of_nothing(still_services: Service, still_towns: Town, path: str) -> None:
    answer = await still_services.get(path, still_towns.admin)
    assert_problem(answer, 404, "not_found")
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/indicators/asb-incidents/series", "breakdown", "race"),
        ("/indicators/asb-incidents/series", "breakdown", "=;="),
        ("/indicators/asb-incidents/series", "by", "week"),
        ("/indicators/asb-incidents/series", "from", "2017"),
        ("/indicators", "period", "2017-Q1"),
        ("/plans/plan", "version", "0"),
        ("/plans/plan", "version", "99999999999"),
        ("/plans/plan/summary", "period", "\u0000"),
        ("/figures", "area", "\u0000"),
        ("/figures", "partnership", "x" * 81),
        ("/audit-events", "subject", "\u0000"),
        ("/themes", "plan", "\u0000"),
    ],
)
async def test_a_parameter_of_nothing(
    still_services: Service, still_towns: Town, path: str, parameter: str, value: str
) -> None:
    answer = await still_services.get(path, still_towns.admin, params={parameter: value})
    assert answer.status_code == 422, answer.text
    assert {each["field"] for each in answer.json()["errors"]} == {parameter}


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/figures", "submission", "9999999999"),
        ("/indicators", "plan", "nobodys"),
        ("/themes", "priority", "nobodys"),
        ("/figures", "partnership", "nowhere"),
        ("/plans/plan", "version", "99999"),
    ],
)
async def test_a_parameter_that_names_nothing(
    still_services: Service, still_towns: Town, path: str, parameter: str, value: str
) -> None:
    answer = await still_services.get(path, still_towns.admin, params={parameter: value})
    assert_problem(answer, 404, "not_found")
