"""Numbers as people type them into a form, read by the API."""

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
    one_service: Service, one_town: Town, kind: str, text: str, number: float
) -> None:
    answer = await one_service.post("/numbers/read", one_town.admin, json={kind: {"amount": text}})
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
    one_service: Service, one_town: Town, kind: str, text: str
) -> None:
    answer = await one_service.post(
        "/numbers/read", one_town.admin, json={kind: {"amount": text, "other": ""}}
    )
    assert answer.json()["numbers"] == {}
    (error,) = answer.json()["errors"]
    assert error["field"] == "amount"
    assert error["message"].startswith(("Expected", "This is not"))
