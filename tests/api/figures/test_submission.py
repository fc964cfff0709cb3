"""Receipts live on, for those who may see them."""

from app.domain.access.authority import Role
from app.models.figures.submission import Submission
from app.models.plan.partnership import Agency
from tests.build import Service, assert_problem, make_person, make_token
from tests.town import Town, figures, row


async def test_an_agency_sees_its_own(service: Service, town: Town) -> None:
    mine = await service.post("/figures", town.analysts, json=figures(row()))
    theirs = await service.post("/figures", town.police, json=figures(row("hate-crime")))
    assert [each["agency"] for each in await service.items("/submissions", town.analysts)] == ["analysts"]
    assert [each["agency"] for each in await service.items("/submissions", town.police)] == ["police"]
    absent = await service.get("/submissions/999", town.analysts)
    hidden = await service.get(theirs.headers["location"], town.analysts)
    assert assert_problem(hidden, 404, "not_found") == {
        **absent.json(),
        "request_id": hidden.headers["x-request-id"],
    }
    assert (await service.get(mine.headers["location"], town.analysts)).status_code == 200
    assert_problem(await service.get("/submissions", town.funder), 403, "forbidden")


async def test_staff_see_every_one(service: Service, town: Town) -> None:
    as_of = (await service.get("/submissions", town.staff)).json()["as_of"]
    await service.post("/figures", town.analysts, json=figures(row()))
    listed = await service.items("/submissions", town.staff)
    assert [(each["via"], each["agency"], each["status"]) for each in listed] == [
        ("plan_document", None, "accepted"),
        ("json", "analysts", "accepted"),
    ]
    whole = (await service.get(f"/submissions/{listed[0]['id']}", town.staff)).json()
    assert len(whole["rows"]) == sum(whole["counts"].values())
    assert {"row", "line", "outcome", "figure", "indicator_title", "period_label", "words"} <= set(
        whole["rows"][0]
    )
    assert await service.items("/submissions", town.staff, updated_since=as_of) == listed[1:]


async def test_receipts_from_before_hold_addresses(service: Service, town: Town) -> None:
    sent = await service.post("/figures", town.analysts, json=figures(row()))
    (row_out,) = sent.json()["rows"]
    with service.writing() as session:
        newest = session.get_one(Submission, int(sent.json()["id"]))
        (stored,) = newest.rows
        assert stored["figure_id"] == int(row_out["figure"].rpartition("/")[2])
        assert "figure" not in stored
        facts = newest.model_dump(exclude={"id", "seq", "rows"})
        stored = {name: stored[name] for name in stored if name != "figure_id"}
        earlier = Submission(**facts, rows=[{**stored, "figure": row_out["figure"]}])
        session.add(earlier)
        session.flush()
        earlier_id = earlier.id
    (earlier_row,) = (await service.get(f"/submissions/{earlier_id}", town.staff)).json()["rows"]
    assert earlier_row.pop("now")["words"] == "4,200"
    assert earlier_row == row_out


async def test_a_person_sends_by_form(service: Service, town: Town) -> None:
    with service.writing() as session:
        police = session.get_one(Agency, 2)
        assert police.code == "police"
        contributor = make_person(session, town.partnership, Role.CONTRIBUTOR, agency=police)
        token = make_token(session, contributor)
    await service.post("/figures", town.police, json=figures(row("hate-crime")))
    sent = await service.post(
        "/figures",
        token,
        json=figures(row("repeat-domestic-abuse", "2016-07/2017-06", value=42.6, reason="recount")),
    )
    assert sent.status_code == 201, sent.text
    listed = await service.items("/submissions", token)
    assert [(each["via"], each["agency"]) for each in listed] == [("json", "police"), ("form", "police")]
    assert listed[1]["recorded_by"] == f"person {contributor.id} (Community safety analyst)"


async def test_what_was_rejected_is_on_the_receipt(service: Service, town: Town) -> None:
    sent = await service.post("/figures?mode=partial", town.analysts, json=figures(row(), row("no-such")))
    whole = (await service.get(sent.headers["location"], town.analysts)).json()
    assert whole["status"] == "partly_accepted"
    assert [each["outcome"] for each in whole["rows"]] == ["created", "rejected"]
    assert whole["rows"][1]["errors"][0]["code"] == "unknown_indicator"
