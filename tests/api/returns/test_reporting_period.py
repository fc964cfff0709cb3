"""A quarter from its dates to its close: what is frozen, what is late, what is locked, how it is corrected."""

from typing import Any

import httpx
import pytest
from sqlalchemy import event

from app.domain.access.authority import Role
from tests.build import Service, assert_problem, make_agency, make_person, make_token
from tests.town import DOCUMENT, Town, figures, row

Q2 = "/reporting-periods/2017-18-Q2"


async def step(service: Service, town: Town, deed: str, **body: Any) -> dict[str, Any]:
    answer = await service.post(f"{Q2}/{deed}", town.admin, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def value(service: Service, town: Town, **params: str) -> object:
    found = await service.items("/indicators", town.staff, period="2017-18-Q2", **params)
    return next(each["latest"]["value"] for each in found if each["code"] == "asb-incidents")


async def test_quarters_of_the_plan_so_far(one_service: Service, one_town: Town) -> None:
    found = await one_service.items("/reporting-periods", one_town.staff)
    assert [each["period"] for each in found] == ["2017-18-Q1", "2017-18-Q2", "2017-18-Q3"]
    assert {each["state"] for each in found} == {"open"}
    assert_problem(await one_service.get("/reporting-periods/2016-17-Q4", one_town.staff), 404, "not_found")
    assert_problem(await one_service.get("/reporting-periods/2017-18", one_town.staff), 404, "not_found")


async def test_its_dates(service: Service, town: Town) -> None:
    read = await service.get(Q2, town.staff)
    assert read.json()["may"] == ["plan"]
    dates = {"cut_off_on": "2017-12-22", "board_on": "2018-01-05"}
    assert_problem(await service.ask("PATCH", Q2, town.staff, json=dates), 428, "if_match_required")
    headers = {"If-Match": read.headers["etag"]}
    set_ = await service.ask("PATCH", Q2, town.staff, json=dates, headers=headers)
    assert set_.json()["words"] == "Cut off is planned for 22 December 2017 for the Board on 5 January 2018."
    again = await service.ask("PATCH", Q2, town.staff, json=dates, headers=headers)
    assert_problem(again, 412, "changed_meanwhile")
    headers = {"If-Match": set_.headers["etag"]}
    kept = await service.ask("PATCH", Q2, town.staff, json={"board_on": None}, headers=headers)
    assert (kept.json()["cut_off_on"], kept.json()["board_on"]) == ("2017-12-22", None)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"cut_off_on": "2017-09-30"}, "before_end"),
        ({"cut_off_on": "2017-12-22", "board_on": "2017-12-21"}, "before_cut_off"),
    ],
)
async def test_dates_that_cannot_be(one_service: Service, one_town: Town, dates: Any, code: str) -> None:
    answer = await one_service.ask("PATCH", Q2, one_town.staff, json=dates, headers={"If-Match": "*"})
    assert_problem(answer, 422, code)


async def test_from_cut_off_to_correction(service: Service, town: Town) -> None:
    """What was frozen stays; what comes after is late, then locked, then a correction that says so."""
    await service.post("/figures", town.analysts, json=figures(row(value=4200)))
    cut = await step(service, town, "cut-off", note="Papers")
    assert (cut["state"], cut["may"]) == ("cut_off", ["close"])
    frozen = (await service.get(f"{Q2}/snapshot", town.staff)).json()
    line = next(each for each in frozen["items"] if each["code"] == "asb-incidents")
    assert line["latest"]["value"] == 4010 + 4200
    assert {each["agency"] for each in frozen["late_items"]} == {
        "Joint analysts",
        "Town Council",
        "Town Police",
        "Public Health",
    }
    assert "asb-incidents" not in {each["indicator"] for each in frozen["late_items"]}

    await service.post(
        "/figures",
        town.analysts,
        json=figures(row(value=4300, reason="late forms"), row("hate-crime", value=9)),
    )
    assert await value(service, town) == 4010 + 4300
    assert await value(service, town, as_known_at=cut["cut_off_at"]) == 4010 + 4200
    known = await service.items("/indicators", town.staff, period="2017-18-Q2", as_known_at=cut["cut_off_at"])
    assert [each["rating"] for each in known] == [each["rating"] for each in frozen["items"]]
    assert (await service.get(f"{Q2}/snapshot", town.staff)).json() == frozen
    left = (await service.get(f"{Q2}/checklist", town.staff)).json()
    said = [(each["indicator"], each["before"], each["words"]) for each in left["arrivals"]]
    assert said == [("asb-incidents", "4,200", "4,300"), ("hate-crime", "", "9")]
    assert (left["expected"], left["received"], left["checked"]) == (9, 2, 0)
    assert [each["state"] for each in left["outstanding"]] == ["overdue"] * 4

    closed = await step(service, town, "close")
    assert (closed["state"], closed["may"]) == ("closed", ["reopen"])
    change = figures(row(value=4400, reason="recount"))
    refused = assert_problem(await service.post("/figures", town.analysts, json=change), 409, "period_closed")
    assert "Q2 2017/18 was closed on 20 December 2017 by key" in refused["detail"]
    assert "correction=true" in refused["detail"]
    assert refused["counts"]["rejected"] == 1
    same = await service.post("/figures", town.analysts, json=figures(row(value=4300)))
    assert same.json()["counts"]["unchanged"] == 1, "what changes nothing is not refused"
    fresh = figures(row("dwelling-fires", value=3))
    new = await service.post("/figures?correction=true", town.staff, json=fresh)
    assert_problem(new, 422, "rejected", "reason")

    corrected = await service.post("/figures?correction=true", town.analysts, json=change)
    assert corrected.status_code == 201, corrected.text
    left = (await service.get(f"{Q2}/checklist", town.staff)).json()
    assert [(each["before"], each["words"], each["reason"]) for each in left["corrections"]] == [
        ("4,300", "4,400", "recount")
    ]
    told = await service.items("/figures", town.staff, indicator="asb-incidents", period="2017-18-Q2")
    assert [(each["mark"], each["revised_after_close"]) for each in told] == [("[p] [r]", True)]
    series = (await service.get("/indicators/asb-incidents/series", town.staff)).json()["points"]
    assert [each["revised_after_close"] for each in series][-2:] == [False, True]
    assert (await service.get(f"{Q2}/snapshot", town.staff)).json() == frozen

    await step(service, town, "reopen", reason="The force restated its count")
    series = (await service.get("/indicators/asb-incidents/series", town.staff)).json()["points"]
    assert [each["revised_after_close"] for each in series][-2:] == [False, False], (
        "a close that no longer stands"
    )


async def test_many_arrivals_are_asked_for_as_few(one_service: Service, one_town: Town) -> None:
    """A parameter for each would be more than PostgreSQL takes once there are 65,535."""
    await step(one_service, one_town, "cut-off")
    runs = [f"{year}-{month:02}/2017-09" for year in (2014, 2015, 2016) for month in range(1, 13)]
    sent = figures(*(row(period=run) for run in runs))
    assert (await one_service.post("/figures", one_town.analysts, json=sent)).status_code == 201
    given: list[int] = []

    def note(_c: Any, _cursor: Any, _sql: Any, parameters: Any, _context: Any, _many: Any) -> None:
        given.append(len(parameters))

    event.listen(one_service.database.engine, "before_cursor_execute", note)
    left = await one_service.get(f"{Q2}/checklist", one_town.staff)
    assert len(left.json()["arrivals"]) == len(runs)
    assert max(given) < len(runs)


async def test_a_batch_part_of_which_is_closed(one_service: Service, one_town: Town) -> None:
    await step(one_service, one_town, "cut-off")
    await step(one_service, one_town, "close")
    both = figures(row(), row(period="2017-18-Q1", value=4001, reason="recount"))
    part = await one_service.post("/figures?mode=partial", one_town.analysts, json=both)
    assert part.status_code == 201
    assert [each["outcome"] for each in part.json()["rows"]] == ["rejected", "revised"]
    assert_problem(
        await one_service.post("/figures", one_town.analysts, json=figures(row())), 409, "period_closed"
    )
    mixed = figures(row(), row("nothing-such"))
    assert_problem(await one_service.post("/figures", one_town.analysts, json=mixed), 422, "rejected")


async def test_reopening_takes_a_reason_and_is_on_record(service: Service, town: Town) -> None:
    await step(service, town, "cut-off")
    await step(service, town, "close")
    assert_problem(await service.post(f"{Q2}/reopen", town.admin, json={"reason": " "}), 422, "invalid")
    opened = await step(service, town, "reopen", reason="The force restated its count")
    assert (opened["state"], opened["reopened_because"]) == ("cut_off", "The force restated its count")
    assert (await service.post("/figures", town.analysts, json=figures(row()))).status_code == 201
    again = await step(service, town, "cut-off")
    assert (again["reopened_because"], again["may"]) == (None, ["close"])
    assert again["words"].startswith("Cut off on ")
    assert_problem(await service.post(f"{Q2}/cut-off", town.admin, json={}), 409, "already_cut_off")
    await step(service, town, "close")
    events = await service.items("/audit-events", town.staff, subject_kind="reporting_period")
    assert [each["action"] for each in events] == [
        "quarter cut off",
        "quarter closed",
        "quarter reopened",
        "quarter cut off",
        "quarter closed",
    ]


@pytest.mark.parametrize(
    ("steps", "deed", "code"),
    [
        ([], "close", "not_cut_off"),
        ([], "reopen", "not_closed"),
        (["cut-off"], "cut-off", "already_cut_off"),
        (["cut-off", "close"], "close", "period_closed"),
        (["cut-off", "close"], "cut-off", "period_closed"),
    ],
)
async def test_steps_out_of_order(
    one_service: Service, one_town: Town, steps: list[str], deed: str, code: str
) -> None:
    for each in steps:
        await step(one_service, one_town, each)
    body = {"reason": "x"} if deed == "reopen" else {}
    assert_problem(await one_service.post(f"{Q2}/{deed}", one_town.admin, json=body), 409, code)
    early = await one_service.post("/reporting-periods/2017-18-Q3/cut-off", one_town.admin, json={})
    assert_problem(early, 409, "period_not_ended")


@pytest.mark.parametrize(
    ("role", "plan", "cut_off", "checklist"),
    [
        (Role.READER, 403, 403, 403),
        (Role.AUDITOR, 403, 403, 404),
        (Role.CONTRIBUTOR, 403, 403, 200),
        (Role.OFFICER, 200, 403, 200),
        (Role.APPROVER, 200, 200, 200),
        (Role.ADMINISTRATOR, 200, 200, 200),
    ],
)
async def test_who_may(
    one_service: Service, one_town: Town, role: Role, plan: int, cut_off: int, checklist: int
) -> None:
    with one_service.writing() as session:
        agency = make_agency(session, one_town.partnership, code="new") if role is Role.CONTRIBUTOR else None
        token = make_token(session, make_person(session, one_town.partnership, role, agency=agency))
    assert (await one_service.get(Q2, token)).status_code == 200
    headers = {"If-Match": "*"}
    dated = await one_service.ask("PATCH", Q2, token, json={"board_on": "2018-01-05"}, headers=headers)
    assert dated.status_code == plan
    assert (await one_service.post(f"{Q2}/cut-off", token, json={})).status_code == cut_off
    assert (await one_service.get(f"{Q2}/checklist", token)).status_code == checklist


async def test_what_changed_since(one_service: Service, one_town: Town) -> None:
    first = (await one_service.get("/reporting-periods", one_town.staff)).json()
    await step(one_service, one_town, "cut-off")
    since = {"updated_since": first["as_of"]}
    changed = await one_service.get("/reporting-periods", one_town.staff, params=since)
    assert [each["period"] for each in changed.json()["items"]] == ["2017-18-Q2"]


@pytest.mark.parametrize("moment", ["2017-12-08T25:00:00Z", "2017-12-08T10:00:00", "yesterday"])
async def test_a_moment_that_is_none(one_service: Service, one_town: Town, moment: str) -> None:
    answer = await one_service.get("/indicators", one_town.staff, params={"as_known_at": moment})
    assert_problem(answer, 422, "invalid", "as_known_at")


@pytest.mark.parametrize(
    ("steps", "day", "code"),
    [
        (["cut-off", "close"], "", "period_closed"),
        (["cut-off"], "recorded_on: 2017-12-01, ", "before_cut_off"),
        (["cut-off"], "", None),
    ],
)
async def test_a_document_leaves_what_was_reported(
    one_service: Service, one_town: Town, steps: list[str], day: str, code: str | None
) -> None:
    for each in steps:
        await step(one_service, one_town, each)
    document = f"{DOCUMENT}  hate-crime:\n    - {{{day}status: final, values: {{2017-18-Q2: 7}}}}\n"
    headers = {"Content-Type": "application/yaml"}
    answer = await one_service.post("/plans/import", one_town.admin, content=document, headers=headers)
    if code is None:
        assert answer.status_code == 200, answer.text
    else:
        found = assert_problem(answer, 422, "document_refused")
        assert [error["code"] for error in found["errors"]] == [code]


async def test_a_file_for_a_closed_quarter_is_sent_as_corrections(
    one_service: Service, one_town: Town
) -> None:
    await one_service.post("/figures", one_town.analysts, json=figures(row(value=4200)))
    await step(one_service, one_town, "cut-off")
    await step(one_service, one_town, "close")
    sent = {
        "content": "indicator,period,value,reason\nasb-incidents,2017-18-Q2,4300,late forms\n",
        "headers": {"Content-Type": "text/csv"},
    }
    kept = (await one_service.post("/uploads", one_town.analysts, **sent)).json()
    assert kept["state"] == "refused"
    assert [error["code"] for each in kept["rows"] for error in each["errors"]] == ["period_closed"]
    address = f"/uploads/{kept['id']}/submit"
    assert_problem(await one_service.post(address, one_town.analysts), 409, "period_closed")
    corrected = await one_service.post(f"{address}?correction=true", one_town.analysts)
    assert corrected.json()["counts"]["revised"] == 1


async def test_a_plan_refreshed_after_the_cut_off_leaves_what_was_known_then(
    service: Service, town: Town
) -> None:
    """The snapshot and as_known_at stand by the version that was in force."""
    cut = await step(service, town, "cut-off")
    frozen = (await service.get(f"{Q2}/snapshot", town.staff)).json()["items"]
    refreshed = DOCUMENT.replace("version: 1", "version: 2").replace("'Fewer than 15,487'", "Fewer than 20")
    headers = {"Content-Type": "application/yaml"}
    answer = await service.post("/plans/import", town.admin, content=refreshed, headers=headers)
    assert answer.status_code == 200, answer.text
    asked = {"period": "2017-18-Q2", "as_known_at": cut["cut_off_at"]}
    then = await service.items("/indicators", town.staff, **asked)
    said = [(each["code"], each["target"]["words"], each["rating"]) for each in then]
    assert said == [(each["code"], each["target"]["words"], each["rating"]) for each in frozen]
    now = await service.items("/indicators", town.staff, period="2017-18-Q2")
    assert "Fewer than 20" in {each["target"]["words"] for each in now}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.READER, 200),
        (Role.AUDITOR, 200),
        (Role.CONTRIBUTOR, 200),
        (Role.OFFICER, 200),
        (Role.FUNDER, 404),
    ],
)
async def test_the_board_reads_what_was_frozen_for_it(
    one_service: Service, one_town: Town, role: Role, status: int
) -> None:
    with one_service.writing() as session:
        agency = make_agency(session, one_town.partnership, code="new") if role is Role.CONTRIBUTOR else None
        token = make_token(session, make_person(session, one_town.partnership, role, agency=agency))
    assert (await one_service.get(Q2, token)).json()["has_snapshot"] is False
    cut_off = await one_service.post(f"{Q2}/cut-off", one_town.admin, json={})
    assert cut_off.status_code == 200, cut_off.text
    assert (await one_service.get(f"{Q2}/snapshot", token)).status_code == status
    reads = status == 200
    assert (await one_service.get(Q2, token)).json()["has_snapshot"] is reads
    listed = await one_service.items("/reporting-periods", token)
    assert {each["period"] for each in listed if each["has_snapshot"]} == ({"2017-18-Q2"} if reads else set())


async def test_a_cut_off_of_what_was_read_is_refused_once_the_quarter_moved(
    service: Service, town: Town
) -> None:
    """Another step or day turns the approver away; a figure does not."""
    path = "/reporting-periods/2017-18-Q2"

    async def cut_off(etag: str) -> httpx.Response:
        return await service.post(f"{path}/cut-off", town.admin, json={}, headers={"If-Match": etag})

    before = (await service.get(path, town.admin)).headers["ETag"]
    days = {"board_on": "2018-02-20"}
    assert (
        await service.ask("PATCH", path, town.admin, json=days, headers={"If-Match": before})
    ).status_code == 200
    assert_problem(await cut_off(before), 412, "changed_meanwhile")
    now = (await service.get(path, town.admin)).headers["ETag"]
    assert (await service.post("/figures", town.analysts, json=figures(row()))).status_code == 201
    assert (await cut_off(now)).json()["state"] == "cut_off"
    close = await service.post(f"{path}/close", town.admin, json={}, headers={"If-Match": now})
    assert_problem(close, 412, "changed_meanwhile")
