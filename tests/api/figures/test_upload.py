"""Uploads: kept, checked in plain English, sent once exactly as kept, and nobody's but who uploaded them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.api.figures.upload import SMALL
from app.commands.change import Change
from app.commands.figures import upload_work
from app.commands.figures.figure import Manner
from app.commands.figures.upload import drop_old, send
from app.commands.figures.upload_work import LEASE, MOST_ATTEMPTS, claim, next_waiting, work_on_uploads
from app.db import forget
from app.domain.access.authority import Scope
from app.domain.errors import Conflict
from app.models.access.key import ApiKey
from app.models.figures.upload import Upload
from app.queries.access.actor import actor_of
from tests.build import TODAY, Service, assert_problem
from tests.files.build import XLSX, PerCent, workbook
from tests.town import Town, figures, row

CSV = {"Content-Type": "text/csv"}
GOOD = b"indicator,period,value,status\nasb-incidents,2017-18-Q2,4200,final\n"
MIXED = (
    b"indicator,period,value,reason\nasb-incidents,2017-18-Q2,4200,\nasb-incidents,2017-18-Q1,4011,recounted\n"
    b"asb-incidents,2016-17-Q4,n/a,\nasb-incidents,2016-17-Q3,1,\n"
)
NOTE = "x" * 400


async def upload(service: Service, token: str, body: bytes = GOOD, **headers: str) -> dict[str, Any]:
    answer = await service.post("/uploads?name=q2.csv", token, content=body, headers=headers or CSV)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/v1/uploads/{answer.json()['id']}"
    made: dict[str, Any] = answer.json()
    return made


def large(rows: int = 1_000, value: object = 5) -> bytes:
    lines = [f"asb-incidents,{1915 + n // 12}-{1 + n % 12:02},{value},{NOTE}" for n in range(rows)]
    body = "\n".join(["indicator,period,value,note", *lines]).encode()
    assert len(body) > SMALL
    return body


def stored(service: Service, upload_id: str) -> Upload:
    with service.database.read() as session:
        return session.get_one(Upload, int(upload_id))


async def test_a_small_file_is_checked_at_once_and_sent_as_it_was(service: Service, town: Town) -> None:
    made = await upload(service, town.analysts)
    assert (made["name"], made["kind"], made["state"], made["may"]) == ("q2.csv", "csv", "ready", ["submit"])
    assert made["counts"]["created"] == 1
    (told,) = made["rows"]
    assert (told["indicator_title"], told["period_label"], told["words"]) == (
        "Anti-social behaviour",
        "Q2 2017/18",
        "4,200",
    )
    assert told["sentence"] == "Row 2, Anti-social behaviour, Q2 2017/18: 4,200, new."
    assert await service.items("/figures", town.analysts, period="2017-18-Q2") == [], "nothing is stored yet"
    assert len(await service.items("/submissions", town.analysts)) == 0
    sent = await service.post(f"/uploads/{made['id']}/submit", town.analysts)
    assert sent.status_code == 201, sent.text
    assert sent.json()["counts"] == made["counts"]
    receipt = await service.get(sent.headers["location"], town.analysts)
    assert receipt.json()["via"] == "csv"
    now = (await service.get(f"/uploads/{made['id']}", town.analysts)).json()
    assert (now["state"], now["may"], now["submission"]) == ("sent", [], sent.headers["location"])
    assert stored(service, made["id"]).content == b"", "what was sent is not kept twice"


async def test_it_is_sent_once(service: Service, town: Town) -> None:
    made = await upload(service, town.analysts)
    key = {"Idempotency-Key": "send-it"}
    first = await service.post(f"/uploads/{made['id']}/submit", town.analysts, headers=key)
    again = await service.post(f"/uploads/{made['id']}/submit", town.analysts, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    other = await service.post(f"/uploads/{made['id']}/submit", town.analysts)
    assert_problem(other, 409, "already_sent")
    assert len(await service.items("/submissions", town.analysts)) == 1


async def test_a_workbook_is_previewed_row_by_row(one_service: Service, one_town: Town) -> None:
    body = workbook(
        ("asb-satisfaction", "2017-18-Q2", PerCent(0.433)),
        ("asb-incidents", "2017-18-Q2", "n/a"),
        ("asb-incidents", "2017-18-Q1", 4010),
        above=[("Our figures",)],
    )
    made = await upload(one_service, one_town.analysts, body, **XLSX)
    assert (made["kind"], made["state"], made["may"]) == ("xlsx", "refused", ["submit_partial"])
    assert [each["sentence"] for each in made["rows"]] == [
        "Row 3, Satisfaction with the answer to anti-social behaviour, Q2 2017/18: 43.3%, new.",
        "Row 4, Anti-social behaviour, Q2 2017/18: expected a whole number, got “n/a”; did you mean not collected?"
        " Leave it empty and write not_collected in “missing”.",
        "Row 5, Anti-social behaviour, Q1 2017/18: this figure is already here as 4010."
        " Its status would change from final to provisional. Say in “reason” why it changes.",
    ]


async def test_a_preview_says_what_changes_beside_the_value(one_service: Service, one_town: Town) -> None:
    estimated = row(status="estimated", note="before the recount")
    await one_service.post("/figures", one_town.analysts, json=figures(estimated))
    made = await upload(one_service, one_town.analysts, GOOD)
    assert [each["sentence"] for each in made["rows"]] == [
        "Row 2, Anti-social behaviour, Q2 2017/18: stays 4,200,"
        " but its status would change from estimated to final."
    ]


async def test_rows_to_mend_do_not_hide_what_the_others_do(one_service: Service, one_town: Town) -> None:
    made = await upload(one_service, one_town.analysts, MIXED)
    assert [each["outcome"] for each in made["rows"]] == ["created", "revised", "rejected", "rejected"]
    assert made["rows"][1]["sentence"].endswith("changes from 4,010 to 4,011.")
    assert (made["rows"][3]["was"], made["rows"][3]["words"]) == ("3,651", "1")
    whole = await one_service.post(f"/uploads/{made['id']}/submit", one_town.analysts)
    assert_problem(whole, 422, "rejected")
    assert (await one_service.get(f"/uploads/{made['id']}", one_town.analysts)).json()["state"] == "refused"
    some = await one_service.post(f"/uploads/{made['id']}/submit?mode=partial", one_town.analysts)
    assert some.status_code == 201
    assert some.json()["counts"] == made["counts"]


async def test_a_file_that_cannot_be_read_is_refused_at_once(one_service: Service, one_town: Town) -> None:
    answer = await one_service.post("/uploads", one_town.analysts, content=GOOD, headers=XLSX)
    assert_problem(answer, 422, "text_not_spreadsheet")
    answer = await one_service.post("/uploads", one_town.analysts, content=b"\xff\xfe", headers=CSV)
    assert_problem(answer, 400, "malformed")
    answer = await one_service.post("/uploads", one_town.analysts, json={})
    assert_problem(answer, 415, "unsupported_media_type")
    assert await one_service.items("/uploads", one_town.analysts) == []


async def test_it_is_nobody_else_s(service: Service, town: Town) -> None:
    made = await upload(service, town.analysts)
    for other in (town.police, town.staff, town.stranger):
        assert_problem(await service.get(f"/uploads/{made['id']}", other), 404, "not_found")
        assert_problem(await service.post(f"/uploads/{made['id']}/submit", other), 404, "not_found")
        assert made["id"] not in {each["id"] for each in await service.items("/uploads", other)}
    assert_problem(await service.get("/uploads", town.funder), 403, "forbidden")
    (listed,) = await service.items("/uploads", town.analysts)
    assert "rows" not in listed
    assert listed["counts"] == made["counts"]


async def test_a_large_file_waits_for_the_worker(service: Service, town: Town) -> None:
    made = await upload(service, town.analysts, large())
    assert (made["state"], made["may"], made["rows"]) == ("waiting", [], [])
    waiting = await service.get(f"/uploads/{made['id']}", town.analysts)
    assert waiting.headers["cache-control"] == "no-store"
    early = await service.post(f"/uploads/{made['id']}/submit", town.analysts)
    assert_problem(early, 409, "not_checked_yet")
    assert work_on_uploads(service.database, service.settings)
    assert not work_on_uploads(service.database, service.settings)
    ready = (await service.get(f"/uploads/{made['id']}", town.analysts)).json()
    assert [each["errors"] for each in ready["rows"] if each["errors"]] == []
    assert (ready["state"], ready["done"], ready["total"]) == ("ready", 1_000, 1_000)
    sent = await service.post(f"/uploads/{made['id']}/submit", town.analysts)
    assert sent.json()["counts"] == ready["counts"]
    assert ready["counts"]["created"] == 1_000


async def test_a_large_file_that_cannot_be_read_says_why(one_service: Service, one_town: Town) -> None:
    made = await upload(one_service, one_town.analysts, large().replace(b"value", b"vlaue", 1))
    assert work_on_uploads(one_service.database, one_service.settings)
    told = (await one_service.get(f"/uploads/{made['id']}", one_town.analysts)).json()
    assert (told["state"], told["problem"]["code"], told["may"]) == ("refused", "unknown_column", [])
    assert "Did you mean “value”?" in told["problem"]["detail"]
    answer = await one_service.post(f"/uploads/{made['id']}/submit", one_town.analysts)
    assert_problem(answer, 409, "nothing_to_send")


async def test_progress_is_told_and_the_lease_renewed(
    one_service: Service, one_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await upload(one_service, one_town.analysts, large())
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(upload_work, "PROGRESS_SECONDS", 0.0)
    report_progress = upload_work._UploadWork._report_progress

    def noted(work: Any, done: int, total: int) -> None:
        before = stored(one_service, made["id"]).leased_until
        report_progress(work, done, total)
        kept = stored(one_service, made["id"])
        seen.append((kept.done, kept.total))
        assert before is not None
        assert kept.leased_until is not None
        assert kept.leased_until > before

    monkeypatch.setattr(upload_work._UploadWork, "_report_progress", noted)
    assert work_on_uploads(one_service.database, one_service.settings)
    assert seen == [(500, 1_000), (1_000, 1_000)]


async def test_one_worker_at_a_time_and_another_when_it_dies(service: Service, town: Town) -> None:
    made = await upload(service, town.analysts, large())
    number = int(made["id"])
    clock = datetime.now(UTC)

    def take(at: datetime) -> datetime | None:
        with service.database.write_without_seq() as connection:
            return claim(connection, number, at)

    def waiting(at: datetime) -> int | None:
        with service.database.read() as session:
            return next_waiting(session, at)

    assert waiting(clock) == number
    assert take(clock) is not None
    assert take(clock) is None, "the first has it"
    assert waiting(clock) is None
    assert not work_on_uploads(service.database, service.settings)
    later = clock + LEASE + timedelta(seconds=1)
    assert waiting(later) == number, "the first has died"
    assert take(later) is not None
    assert stored(service, made["id"]).attempts == 2


async def test_a_worker_that_was_given_up_leaves_the_file_to_the_next(
    one_service: Service, one_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await upload(one_service, one_town.analysts, large())
    read = upload_work._UploadWork._read

    def taken_over(work: Any) -> Any:
        found = read(work)
        with one_service.database.write_without_seq() as connection:
            assert claim(connection, work.upload_id, datetime.now(UTC) + LEASE * 2) is not None
        return found

    monkeypatch.setattr(upload_work._UploadWork, "_read", taken_over)
    assert work_on_uploads(one_service.database, one_service.settings)
    assert stored(one_service, made["id"]).state == "waiting"


async def test_a_file_that_ends_every_worker_is_given_up(one_service: Service, one_town: Town) -> None:
    made = await upload(one_service, one_town.analysts, large())
    with one_service.writing() as session:
        session.get_one(Upload, int(made["id"])).attempts = MOST_ATTEMPTS
    assert work_on_uploads(one_service.database, one_service.settings)
    told = (await one_service.get(f"/uploads/{made['id']}", one_town.analysts)).json()
    assert (told["state"], told["problem"]["code"]) == ("refused", "given_up")


async def test_who_may_no_longer_send_is_not_worked_for(one_service: Service, one_town: Town) -> None:
    made = await upload(one_service, one_town.analysts, large())
    with one_service.writing() as session:
        _key_of(session, made).scopes = [Scope.READ]
    assert work_on_uploads(one_service.database, one_service.settings)
    kept = stored(one_service, made["id"])
    assert kept.state == "refused"
    assert kept.problem is not None
    assert kept.problem["code"] == "not_allowed_any_more"


def _key_of(session: Session, made: dict[str, Any]) -> ApiKey:
    caller = session.exec(select(Upload.caller).where(Upload.id == int(made["id"]))).one()
    return session.get_one(ApiKey, int(caller.removeprefix("key:")))


async def test_a_file_is_kept_for_a_week(service: Service, town: Town) -> None:
    made = await upload(service, town.analysts)
    now = service.settings.now()
    with service.writing() as session:
        drop_old(session, now + timedelta(days=6))
    assert stored(service, made["id"]).content == GOOD
    with service.writing() as session:
        session.get_one(Upload, int(made["id"])).uploaded_at = now - timedelta(days=8)
    assert work_on_uploads(service.database, service.settings)
    assert not work_on_uploads(service.database, service.settings)
    assert stored(service, made["id"]).content == b""
    left = (await service.get(f"/uploads/{made['id']}", town.analysts)).json()
    assert (left["may"], left["rows"]) == ([], []), "what was in it is gone with it"
    answer = await service.post(f"/uploads/{made['id']}/submit", town.analysts)
    assert_problem(answer, 409, "no_longer_kept")


async def test_checked_while_its_rows_were_read(one_service: Service, one_town: Town) -> None:
    """Nothing was read of it yet, so there is nothing to send."""
    made = await upload(one_service, one_town.analysts)
    with one_service.writing() as session:
        kept = session.get_one(Upload, int(made["id"]))
        actor = actor_of(session, kept.caller, datetime.now(UTC))
        assert actor is not None
        change = Change(session, actor, kept.partnership_id, TODAY, datetime.now(UTC))
        with pytest.raises(Conflict, match="only just"):
            send(change, kept, [], Manner("csv"))
        forget(session)


async def test_a_closed_quarter_is_named_as_it_is_written(one_service: Service, one_town: Town) -> None:
    for deed in ("cut-off", "close"):
        await one_service.post(f"/reporting-periods/2017-18-Q2/{deed}", one_town.admin, json={})
    (told,) = (await upload(one_service, one_town.analysts))["rows"]
    assert told["sentence"].startswith("Row 2, Anti-social behaviour, Q2 2017/18: Q2 2017/18 was closed on ")


async def test_something_changed_since_the_check(one_service: Service, one_town: Town) -> None:
    made = await upload(one_service, one_town.analysts)
    posted = await one_service.post("/figures", one_town.analysts, json=figures(row(value=4300)))
    assert posted.status_code == 201
    answer = await one_service.post(f"/uploads/{made['id']}/submit", one_town.analysts)
    assert_problem(answer, 422, "rejected", "reason")
    kept = await one_service.items("/figures", one_town.analysts, period="2017-18-Q2")
    assert [each["value"] for each in kept] == [4300]


async def test_the_chain_of_events_stays_whole(service: Service, town: Town) -> None:
    """The dry run inside an upload's own change leaves nothing in it."""
    from app.commands.audit import verify

    await upload(service, town.analysts)
    await upload(service, town.analysts, MIXED)
    made = await upload(service, town.analysts, large())
    work_on_uploads(service.database, service.settings)
    await service.post(f"/uploads/{made['id']}/submit", town.analysts)
    with service.database.read() as session:
        assert list(verify(session)) == []


HIDDEN = ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2028", "\u3164", "\U000e0041"]
HIDDEN += ["\x00", "\x07", "\n", "\t"]


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
async def test_a_file_s_name_hides_nothing(one_service: Service, one_town: Town, hidden: str) -> None:
    """`q2` + U+202E + `vsc.exe` would be shown as `q2exe.csv`."""
    asked = {"name": f"q2{hidden}vsc.exe"}
    answer = await one_service.post("/uploads", one_town.analysts, params=asked, content=GOOD, headers=CSV)
    assert answer.status_code == 422
    assert_problem(answer, 422, answer.json()["code"], "name")
    assert await one_service.items("/uploads", one_town.analysts) == []


async def test_what_is_there_is_named_beside_a_row_that_is_rejected(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    made = await upload(
        service,
        town.analysts,
        b"indicator,period,value\nasb-incidents,2017-18-Q2,12o\nasb-incidents,2017-18-Q2,-5\n"
        b"asb-incidents,2017-18-Q2,4300\nasb-satisfaction,2017-18-Q2,12o\n",
    )
    assert [(each["line"], each["was"], each["outcome"]) for each in made["rows"]] == [
        (2, "4,200", "rejected"),
        (3, "4,200", "rejected"),
        (4, "4,200", "rejected"),
        (5, None, "rejected"),
    ]


@pytest.mark.parametrize(("is_csv", "places"), [(True, "Lines 3 and 5"), (False, "Rows 3 and 5")])
async def test_rows_are_named_as_their_file_counts_them(
    one_service: Service, one_town: Town, is_csv: bool, places: str
) -> None:
    cells: list[list[Any]] = [
        ["indicator", "period", "value"],
        ["", "", ""],
        ["asb-incidents", "2017-18-Q2", 1],
        ["asb-satisfaction", "2017-18-Q2", 51],
        ["asb-incidents", "2017-07/2017-09", 1],
    ]
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in cells)
    body, headers = (text.encode(), CSV) if is_csv else (workbook(*cells[1:], headings=cells[0]), XLSX)
    made = await upload(one_service, one_town.analysts, body, **headers)
    errors = [error["message"] for each in made["rows"] for error in each["errors"]]
    assert len(errors) == 2
    assert all(f"{places} are the same figure".lower() in error.lower() for error in errors), errors


async def test_a_receipt_says_what_is_there_now(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    rows = figures(
        row(), row("asb-satisfaction", value=51), row("damage-cost", value=7), row("repair-index", value="x")
    )
    sent = await service.post("/figures?mode=partial", town.analysts, json=rows)
    await service.post(
        "/figures", town.analysts, json=figures(row("damage-cost", value=8, reason="Late bill"))
    )
    receipt = (await service.get(f"/submissions/{sent.json()['id']}", town.analysts)).json()
    now = [(each["outcome"], each["now"]) for each in receipt["rows"]]
    plain = {"mark": "[p]", "breakdown": {}, "revised_since": False}
    assert now == [
        ("unchanged", {**plain, "words": "4,200"}),
        ("created", {**plain, "words": "51.0%"}),
        ("created", {**plain, "words": "£8", "mark": "[p] [r]", "revised_since": True}),
        ("rejected", None),
    ]


async def test_one_reason_serves_a_file_of_corrections(service: Service, town: Town) -> None:
    await service.post("/figures", town.analysts, json=figures(row()))
    for step in ("cut-off", "close"):
        answer = await service.post(f"/reporting-periods/2017-18-Q2/{step}", town.admin, json={"note": ""})
        assert answer.status_code == 200, answer.text
    body = (
        b"indicator,period,value,reason\nasb-incidents,2017-18-Q2,4300,\nasb-satisfaction,2017-18-Q2,51,Own\n"
    )
    made = await upload(service, town.analysts, body)
    assert [[error["code"] for error in each["errors"]] for each in made["rows"]] == [
        ["reason_required", "period_closed"],
        ["period_closed"],
    ]
    path = f"/uploads/{made['id']}/submit?correction=true"
    problem = assert_problem(await service.post(path, town.analysts), 422, "rejected", "reason")
    assert [error["code"] for error in problem["errors"]] == ["reason_required"]
    sent = await service.post(f"{path}&reason=Recounted", town.analysts)
    assert sent.status_code == 201, sent.text
    reasons = {}
    for each in sent.json()["rows"]:
        figure_id = each["figure"].rpartition("/")[2]
        (newest, *_) = await service.items(f"/figures/{figure_id}/revisions", town.analysts)
        reasons[each["indicator"]] = newest["reason"]
    assert reasons == {"asb-incidents": "Recounted", "asb-satisfaction": "Own"}
