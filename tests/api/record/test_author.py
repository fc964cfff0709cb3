"""Wherever an answer says by whom something was recorded, it says who that is for programs, too."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from app.domain.access.authority import Role
from app.models.access.key import ApiKey
from tests.build import Service, make_person, make_token
from tests.town import Town, figures, row

QUARTER = "2017-18-Q2"
RETURN = f"{QUARTER}~analysts"


def authored(answer: Any) -> Iterator[dict[str, Any]]:
    """Every object of an answer that says by whom it was recorded."""
    if isinstance(answer, list):
        for part in answer:
            yield from authored(part)
    elif isinstance(answer, dict):
        if "recorded_by" in answer:
            yield answer
        for part in answer.values():
            yield from authored(part)


async def test_each_says_who(service: Service, town: Town) -> None:
    with service.writing() as session:
        approver = make_person(session, town.partnership, Role.APPROVER, name="Chair (acting)")
        chair = make_token(session, approver)
        key = session.exec(select(ApiKey).where(ApiKey.prefix == town.analysts[:11])).one()
    as_key = {"kind": "key", "id": str(key.id), "name": key.prefix}
    as_person = {"kind": "person", "id": str(approver.id), "name": "Chair (acting)"}
    as_service = {"kind": "service", "id": None, "name": "builder"}
    sent = await service.post("/figures", town.analysts, json=figures(row()))
    figure = sent.json()["rows"][0]["figure"]
    release = {"indicator": "asb-incidents", "period": QUARTER, "audience": "public", "from_on": "2017-12-20"}
    for path, body in (
        ("/releases", {**release, "reason": "Cleared."}),
        (f"/returns/{RETURN}/query", {"text": "Does this count all?"}),
        (f"/reporting-periods/{QUARTER}/cut-off", {}),
    ):
        assert (await service.post(path, chair, json=body)).is_success, path
    late = await service.post(
        "/figures", town.analysts, json=figures(row(value=4300, reason="A late report."))
    )
    assert late.status_code == 201, late.text
    for path, expected in (
        (sent.headers["location"], [as_key]),
        (f"{figure}/revisions", [as_key]),
        ("/indicators/asb-incidents/series", [as_service, as_key]),
        ("/releases", [as_person]),
        (f"/returns/{RETURN}", [as_person]),
        (f"/reporting-periods/{QUARTER}/checklist", [as_key]),
        ("/targets?indicator=asb-incidents", [as_service]),
    ):
        answer = await service.get(path, chair)
        assert answer.status_code == 200, answer.text
        found = [each["author"] for each in authored(answer.json())]
        assert [each for at, each in enumerate(found) if each not in found[:at]] == expected, path


@pytest.mark.tampers
async def test_what_was_recorded_before_is_read_from_its_text(service: Service, town: Town) -> None:
    with service.database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE submission SET recorded_by_kind = NULL, recorded_by_id = NULL")
        connection.exec_driver_sql("UPDATE submission SET recorded_by = 'person 12 (Ann)'")
        connection.commit()
    (receipt,) = await service.items("/submissions", town.staff)
    assert receipt["recorded_by"] == "person 12 (Ann)"
    assert receipt["author"] == {"kind": "person", "id": "12", "name": "Ann"}
