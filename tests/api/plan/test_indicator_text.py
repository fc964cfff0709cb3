"""What an officer types about an indicator is read by the API, and then sent as a patch."""

from tests.build import Service, assert_problem
from tests.town import Town

PATH = "/indicators/asb-incidents/read"


async def test_what_is_read_is_a_patch(one_service: Service, one_town: Town) -> None:
    typed = {"tolerance": "5%", "baseline": {"value": "15,480", "period": "2016/17"}}
    answer = await one_service.post(PATH, one_town.staff, json=typed)
    assert answer.status_code == 200, answer.text
    fields = answer.json()["fields"]
    assert fields == {"tolerance": 5, "baseline": {"value": 15480, "period": "2016-17"}}
    version = (await one_service.get("/indicators/asb-incidents", one_town.staff)).headers["etag"]
    saved = await one_service.ask(
        "PATCH",
        "/indicators/asb-incidents",
        one_town.staff,
        json={**fields, "reason": "recount"},
        headers={"If-Match": version},
    )
    assert saved.status_code == 200, saved.text
    assert saved.json()["baseline"]["value"] == 15480


async def test_only_who_may_write_the_plan_reads(one_service: Service, one_town: Town) -> None:
    refused = await one_service.post(PATH, one_town.police, json={"tolerance": "5"})
    assert_problem(refused, 403, "forbidden")
    strange = await one_service.post(PATH, one_town.stranger, json={"tolerance": "5"})
    assert_problem(strange, 404, "not_found")
    unknown = await one_service.post(PATH, one_town.staff, json={"tolerances": "5"})
    assert unknown.status_code == 422
