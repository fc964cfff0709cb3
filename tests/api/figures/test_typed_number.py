"""Numbers as people type them into a form, read by the API."""

import re

import pytest

from tests.build import Service
from tests.town import Town


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("whole", "7", 7),
        ("whole", " 1,250 ", 1250),
        ("pounds", "2650", 2650),
        ("pounds", "£2,650", 2650),
        ("pounds", "£13,000.50", 13000.5),
        ("pounds", "0", 0),
    ],
)
async def test_what_is_a_number_is_read(
    still_service: Service, still_town: Town, kind: str, text: str, number: float
) -> None:
    answer = await still_service.post("/numbers/read", still_town.admin, json={kind: {"amount": text}})
    assert answer.status_code == 200
    assert answer.json() == {"numbers": {"amount": number}, "errors": []}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("whole", "seven"),
        ("whole", "7 or 8"),
        ("whole", "£7"),
        ("whole", "1,2345"),
        ("pounds", "2.650,00"),
        ("pounds", "about 2,650"),
        ("pounds", "15 48"),
        ("pounds", "50%"),
    ],
)
async def test_what_is_none_is_told_by_its_field(
    still_service: Service, still_town: Town, kind: str, text: str
) -> None:
    answer = await still_service.post(
        "/numbers/read", still_town.admin, json={kind: {"amount": text, "other": ""}}
    )
    assert answer.json()["numbers"] == {}
    (error,) = answer.json()["errors"]
    assert error["field"] == "amount"
    assert error["message"].startswith(("Expected", "This is not"))


@pytest.mark.parametrize("text", ["about 2,650", "2650e", "n/a", "lots", "2650 to 2700", "1/2", "2650p"])
@pytest.mark.parametrize("kind", ["whole", "pounds"])
async def test_no_field_is_named_that_such_a_form_has_not(
    still_service: Service, still_town: Town, kind: str, text: str
) -> None:
    answer = await still_service.post("/numbers/read", still_town.admin, json={kind: {"amount": text}})
    (error,) = answer.json()["errors"]
    assert re.search("[Ww]rite|[Ll]eave it empty", error["message"]), error["message"]
    assert not re.search("“(value|qualifier|missing|note|status|numerator)”", error["message"]), error[
        "message"
    ]
