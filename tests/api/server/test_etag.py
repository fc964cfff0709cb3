"""ETags: a reader is spared what it has, an editor is stopped by another's edit and by nothing else."""

import asyncio

import pytest

from tests.build import Service, assert_problem
from tests.town import Town, figures, row

INDICATOR = "/indicators/asb-incidents"
EDIT = {"note": "counted afresh", "reason": "clearer"}


@pytest.mark.parametrize(
    "path",
    [
        "/figures",
        "/figures/1",
        "/figures/1/revisions",
        "/indicators",
        INDICATOR,
        f"{INDICATOR}/series",
        "/plans",
        "/me",
        "/areas",
    ],
)
async def test_a_reader_is_spared_what_it_has(service: Service, town: Town, path: str) -> None:
    first = await service.get(path, town.analysts)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await service.get(path, town.analysts, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert (await service.get(path, town.analysts, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_an_etag_is_of_one_address_and_one_form(one_service: Service, one_town: Town) -> None:
    tags = [
        (await one_service.get(path, secret, headers={"Accept": accept})).headers["etag"]
        for path in ("/figures", "/figures?limit=5", "/indicators", "/figures?format=csv")
        for secret in (one_town.analysts, one_town.funder)
        for accept in ("*/*", "text/csv")
    ]
    assert len(set(tags)) == len(tags) - 2, "CSV asked for twice over is the same CSV"


async def test_health_and_secrets_have_none(one_service: Service, one_town: Town) -> None:
    health = await one_service.get("/health")
    assert (health.status_code, "etag" in health.headers) == (200, False)
    made = await one_service.post(
        "/keys", one_town.admin, json={"name": "x", "agency": "police", "scopes": ["plan:read"]}
    )
    assert (made.status_code, "etag" in made.headers) == (201, False)
    assert made.headers["cache-control"] == "no-store"


async def test_an_edit_needs_the_version_it_is_of(service: Service, town: Town) -> None:
    before = await service.get(INDICATOR, town.staff)
    without = await service.ask("PATCH", INDICATOR, town.staff, json=EDIT)
    assert_problem(without, 428, "if_match_required")
    done = await service.ask(
        "PATCH", INDICATOR, town.staff, json=EDIT, headers={"If-Match": before.headers["etag"]}
    )
    assert (done.status_code, done.json()["version"]) == (200, before.json()["version"] + 1)
    again = {**EDIT, "note": "counted again"}
    stale = await service.ask(
        "PATCH", INDICATOR, town.staff, json=again, headers={"If-Match": before.headers["etag"]}
    )
    assert_problem(stale, 412, "changed_meanwhile")
    assert (await service.get(INDICATOR, town.staff)).json()["note"] == "counted afresh"
    following = await service.ask(
        "PATCH", INDICATOR, town.staff, json=again, headers={"If-Match": done.headers["etag"]}
    )
    assert following.status_code == 200, "the ETag of an edit's own answer serves the next"


async def test_of_two_editors_at_once_one_is_told(service: Service, town: Town) -> None:
    etag = (await service.get(INDICATOR, town.staff)).headers["etag"]
    answers = await asyncio.gather(
        *(
            service.ask(
                "PATCH", INDICATOR, town.staff, json={**EDIT, "note": note}, headers={"If-Match": etag}
            )
            for note in ("mine", "no, mine")
        )
    )
    assert sorted(each.status_code for each in answers) == [200, 412]


async def test_a_figure_posted_does_not_turn_an_editor_away(service: Service, town: Town) -> None:
    before = await service.get(INDICATOR, town.staff)
    await service.post("/figures", town.analysts, json=figures(row()))
    after = await service.get(INDICATOR, town.staff)
    assert after.headers["etag"] != before.headers["etag"]
    assert after.json()["version"] == before.json()["version"]
    done = await service.ask(
        "PATCH", INDICATOR, town.staff, json=EDIT, headers={"If-Match": before.headers["etag"]}
    )
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("given", ['"0"', "1.0", '""', "v", '"v2"', "W/", ", ,", '"1', "x" * 5_000])
async def test_what_names_no_version(one_service: Service, one_town: Town, given: str) -> None:
    headers = {"If-Match": given}
    answer = await one_service.ask("PATCH", INDICATOR, one_town.staff, json=EDIT, headers=headers)
    assert answer.status_code in (200, 412)
    assert (answer.status_code == 200) == (given in ('"1', "1.0"))


async def test_an_edit_that_changes_nothing_is_no_version(service: Service, town: Town) -> None:
    before = (await service.get(INDICATOR, town.staff)).json()
    same = {
        "title": before["title"],
        "reason": "looked again",
        "target": {"words": before["target"]["words"]},
    }
    answer = await service.ask("PATCH", INDICATOR, town.staff, json=same, headers={"If-Match": "*"})
    assert answer.json()["version"] == before["version"]
    assert len(answer.json()["targets"]) == 1
