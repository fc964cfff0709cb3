"""What was set here and a document that does not know of it: kept, and reported, in a dry run too."""

from typing import Any

import pytest

from app.domain.access.authority import Role
from app.models.plan.partnership import Partnership
from tests.build import Service, assert_problem, make_person, make_token
from tests.town import Town, figures, row

YAML = {"Content-Type": "application/yaml"}
ANN = "set here on 20 December 2017 by Ann"
FIELDS = [
    ("title", "All fires", "Title of All fires: “All fires”", "the document has “Dwelling fires”, as before"),
    ("definition", "Of any home", "Definition of Dwelling fires: “Of any home”", "the document has none"),
    ("responsible_agency", "analysts", "Responsible agency of Dwelling fires: “analysts”", "“council”"),
    (
        "suppliers",
        ["police", "health"],
        "Suppliers of Dwelling fires: police, health",
        "the document has none",
    ),
    ("publication_lag_days", 14, "Publication lag in days of Dwelling fires: 14", "the document has none"),
    ("reporting_sensitive", True, "Reporting sensitive of Dwelling fires: yes", "the document has none"),
    ("release_to", "board", "Who may see the figures of Dwelling fires: “board”", "the document has none"),
    ("paired_with", "hate-crime", "The indicator read with it of Dwelling fires: “hate-crime”", "has none"),
    ("tolerance", 7.5, "Tolerance of Dwelling fires: 7.5", "the document has none"),
    ("note", "From the brigade", "Note of Dwelling fires: “From the brigade”", "the document has none"),
    ("retired_reason", "Not counted", "Why it is retired of Dwelling fires: “Not counted”", "has none"),
    (
        "baseline",
        {"period": "2016-17", "value": 80},
        "Baseline of Dwelling fires: 80 for 2016-17",
        "has none",
    ),
    (
        "target",
        {"words": "Fewer than 300"},
        "Target of Dwelling fires: “Fewer than 300”",
        "the document has none",
    ),
]


@pytest.fixture
def ann(service: Service, town: Town) -> str:
    return make_ann(service, town)


def make_ann(service: Service, town: Town) -> str:
    with service.writing() as session:
        partnership = session.get_one(Partnership, town.partnership.id)
        person = make_person(session, partnership, Role.ADMINISTRATOR, email="ann@town.example", name="Ann")
        return make_token(session, person)


async def exported(service: Service, town: Town) -> str:
    return (await service.get("/plans/plan/document", town.staff)).text


def raised(text: str) -> str:
    assert "\n  version: 1\n" in text
    return text.replace("\n  version: 1\n", "\n  version: 2\n")


async def imported(service: Service, secret: str, text: str, *, changes: bool = True) -> dict[str, Any]:
    """The report of the import, which a dry run gave too."""
    asked = {"content": text.encode(), "headers": YAML}
    dry = await service.post("/plans/import?dry_run=true", secret, **asked)
    answer = await service.post("/plans/import", secret, **asked)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    assert dry.json()["left_alone"] == report["left_alone"]
    assert dry.json()["changes"] == report["changes"]
    assert bool(report["changes"]) is changes
    return report


async def edit(service: Service, secret: str, code: str = "dwelling-fires", **fields: Any) -> None:
    body = {**fields, "reason": "Agreed"}
    answer = await service.ask("PATCH", f"/indicators/{code}", secret, json=body, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def facts(service: Service, town: Town, code: str = "dwelling-fires") -> dict[str, Any]:
    whole: dict[str, Any] = (await service.get(f"/indicators/{code}", town.admin)).json()
    del whole["version"]
    return whole


@pytest.mark.parametrize(("field", "content", "kept", "instead"), FIELDS, ids=[each[0] for each in FIELDS])
async def test_a_field_set_here_outlives_an_older_document(
    one_service: Service, one_town: Town, field: str, content: Any, kept: str, instead: str
) -> None:
    service, town, ann = one_service, one_town, make_ann(one_service, one_town)
    old = await exported(service, town)
    await edit(service, ann, **{field: content})
    before = await facts(service, town)
    (line,) = (await imported(service, town.admin, old, changes=False))["left_alone"]
    assert line.startswith(f"{kept}, {ANN}, is kept; ")
    assert line.endswith(instead) or instead in line
    assert line in (await imported(service, town.admin, raised(old)))["left_alone"]
    assert await facts(service, town) == before, "the next version too"
    new = await exported(service, town)
    assert (await imported(service, town.admin, new, changes=False))["left_alone"] == []
    assert await exported(service, town) == new


async def test_authors_of_older_versions_stay(service: Service, town: Town, ann: str) -> None:
    code = "asb-incidents"
    old = await exported(service, town)
    await edit(service, ann, code, target={"words": "Fewer than 300"}, baseline={"none_because": "Lost"})
    before = await facts(service, town, code)
    authors = [each["recorded_by"] for each in before["targets"]]
    assert len(set(authors)) == 2
    lines = (await imported(service, town.admin, raised(old)))["left_alone"]
    assert lines == [
        f"Baseline of Anti-social behaviour: “Lost”, {ANN}, is kept; "
        "the document has 15487 for 2016-17, as before",
        f"Target of Anti-social behaviour: “Fewer than 300”, {ANN}, is kept; "
        "the document has “Fewer than 15,487”, as before",
    ]
    after = await facts(service, town, code)
    assert after["targets"] == before["targets"]
    assert after == before
    assert [each["recorded_by"] for each in after["targets"]] == authors


async def test_what_a_document_gives_anew_replaces_what_was_set_here(
    service: Service, town: Town, ann: str
) -> None:
    old = await exported(service, town)
    await edit(service, ann, title="All fires", target={"words": "Fewer than 300"})
    text = raised(old).replace("title: Dwelling fires", "title: Fires in homes\n    target: Fewer than 250")
    changes = (await imported(service, town.admin, text))["changes"]
    assert f"indicator dwelling-fires: title was All fires, now Fires in homes, which was {ANN}" in changes
    assert f"target of dwelling-fires: it follows “Fewer than 300”, {ANN}" in changes
    after = await facts(service, town)
    assert (after["title"], after["target"]["words"]) == ("Fires in homes", "Fewer than 250")
    assert [each["words"] for each in after["targets"]] == ["Fewer than 250", "Fewer than 300"]


async def test_a_target_of_a_document_may_be_dropped_by_its_next_version(
    service: Service, town: Town
) -> None:
    old = await exported(service, town)
    start = old.index("    target:", old.index("code: young-victims"))
    end = old.index("    published_changes:", start)
    await imported(service, town.admin, raised(old[:start] + old[end:]))
    assert (await facts(service, town, "young-victims"))["target"]["words"] == ""


async def test_releases_figures_and_quarters_set_here_stay(service: Service, town: Town, ann: str) -> None:
    old = await exported(service, town)
    release = {
        "indicator": "dwelling-fires",
        "period": "2017-18-Q1",
        "audience": "board",
        "from_on": "2018-01-10",
    }
    answer = await service.post("/releases", ann, json={**release, "reason": "Agreed"})
    assert answer.status_code == 201, answer.text
    sent = await service.post("/figures", town.admin, json=figures(row("dwelling-fires", value=12)))
    assert sent.status_code == 201, sent.text
    planned = await service.ask(
        "PATCH",
        "/reporting-periods/2017-18-Q2",
        town.admin,
        json={"cut_off_on": "2018-01-20"},
        headers={"If-Match": "*"},
    )
    assert planned.status_code == 200, planned.text
    paths = ("/releases", "/figures", "/reporting-periods", "/returns")
    before = [await service.items(path, town.admin) for path in paths]
    lines = (await imported(service, town.admin, raised(old)))["left_alone"]
    assert (
        "Release of Dwelling fires for 2017-18-Q1 to board from 10 January 2018, "
        f"{ANN}, is kept; the document has none"
    ) in lines
    assert "1 figure of dwelling-fires: not in the document" in lines
    after = [await service.items(path, town.admin) for path in paths]
    assert [[each["id"] for each in items] for items in after] == [
        [each["id"] for each in items] for items in before
    ]
    assert after[0] == before[0]
    assert after[2] == before[2]


async def test_a_figure_revised_here_is_not_set_back(service: Service, town: Town, ann: str) -> None:
    await service.post("/figures", town.admin, json=figures(row("dwelling-fires", value=12)))
    old = await exported(service, town)
    revised = row("dwelling-fires", value=13, reason="One more")
    assert (await service.post("/figures", town.admin, json=figures(revised))).status_code == 201
    answer = await service.post("/plans/import", town.admin, content=raised(old).encode(), headers=YAML)
    problem = assert_problem(answer, 422, "document_refused")
    assert [each["code"] for each in problem["errors"]] == ["revised_since"]
