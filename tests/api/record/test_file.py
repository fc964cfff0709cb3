"""Files over the API: checked, stored once, read by who may read what refers to them, and gone when nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, update

from app.api.routes import ROUTES
from app.commands.record.stored_file import STORED, delete_unused, has_unused, sha256_of
from app.domain.record.file_kind import FileKind
from app.domain.record.file_room import GRACE
from tests.api.conftest import Stock
from tests.build import Service, assert_problem, serving
from tests.contract.test_tenancy import address_of, prepare
from tests.contract.walk import method_of, path_of
from tests.files.evidence import docx, pdf, png
from tests.town import EVIDENCE, EVIDENCE_SHA256, Town

MIB = 1024 * 1024
EVIDENCE_PATH = "/recommendations/risk-conferences/evidence"


async def upload(
    service: Service, token: str, content: bytes, name: str = "letter.pdf", kind: FileKind = FileKind.PDF
) -> httpx.Response:
    return await service.post(
        "/files", token, params={"name": name}, content=content, headers={"Content-Type": kind.value}
    )


async def attach(service: Service, token: str, sha256: str, name: str = "letter.pdf") -> httpx.Response:
    body = {"sha256": sha256, "name": name, "title": "The inspectors' letter"}
    return await service.post(EVIDENCE_PATH, token, json=body)


def large(size: int) -> bytes:
    """A PDF of this many bytes."""
    return pdf(b"%" + b"x" * (size - len(pdf(b"%"))))


async def test_a_file_goes_up_is_referred_to_and_comes_down(service: Service, town: Town) -> None:
    content = large(10 * MIB)
    stored = await upload(service, town.staff, content)
    assert stored.status_code == 201, stored.text
    out = stored.json()
    assert (out["sha256"], out["size"]) == (sha256_of(content), 10 * MIB)
    assert stored.headers["Location"] == f"/api/v1/files/{out['sha256']}"
    path = f"/files/{out['sha256']}"
    assert_problem(await service.get(path, town.staff), 404, "not_found")
    attached = await attach(service, town.staff, out["sha256"], "Dünya: letter.pdf")
    assert attached.status_code == 201, attached.text
    assert "letter" not in attached.text, "a remembered answer has none of its words"
    seen = (await service.get("/recommendations/risk-conferences", town.staff)).json()["evidence"]
    assert [(each["name"], each["size"]) for each in seen] == [
        ("conferences.csv", len(EVIDENCE)),
        ("Dünya: letter.pdf", 10 * MIB),
    ]
    served = await service.get(path, town.staff)
    assert served.content == content
    assert served.headers["Content-Type"] == "application/pdf"
    assert served.headers["Content-Disposition"] == "attachment; filename*=UTF-8''D%C3%BCnya%3A%20letter.pdf"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    again = await service.get(path, town.staff, headers={"If-None-Match": served.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_who_may_not_read_what_refers_to_it_may_not_read_it(service: Service, town: Town) -> None:
    path = f"/files/{EVIDENCE_SHA256}"
    for inside in (town.staff, town.police, town.analysts):
        assert (await service.get(path, inside)).content == EVIDENCE
    for outside in (town.funder, town.stranger):
        assert_problem(await service.get(path, outside), 404, "not_found")
    known = await service.get(path, town.funder, headers={"If-None-Match": f'"{EVIDENCE_SHA256}"'})
    assert_problem(known, 404, "not_found")
    seen = await service.get("/recommendations/risk-conferences", town.funder)
    assert (seen.status_code, seen.json()["evidence"]) == (200, [])


async def test_a_file_of_another_partnership_cannot_be_referred_to(service: Service, town: Town) -> None:
    theirs = await upload(service, town.stranger, pdf())
    assert theirs.status_code == 201, theirs.text
    refused = await attach(service, town.staff, sha256_of(pdf()))
    problem = assert_problem(refused, 422, "unknown_file")
    assert problem["errors"][0]["field"] == "sha256"


@pytest.mark.parametrize(
    ("name", "kind", "content", "status", "code"),
    [
        ("letter.pdf", FileKind.PDF, png(), 422, "not_what_it_says"),
        ("letter.pdf", FileKind.PNG, pdf(), 422, "not_what_it_says"),
        ("table.xlsm", FileKind.XLSX, pdf(), 422, "macro"),
        ("letter.docx", FileKind.DOCX, docx(word__vbaProject_dot_bin=b"-"), 422, "macro"),
        ("letters.zip", FileKind.PDF, pdf(), 422, "archive"),
        ("letter.pdf", FileKind.PDF, b"", 422, "empty_file"),
        ("a/letter.pdf", FileKind.PDF, pdf(), 422, "invalid"),
        ("letter.pdf", FileKind.PDF, large(10 * MIB + 1), 413, "too_large"),
    ],
)
async def test_what_is_refused_is_not_stored(
    one_service: Service, one_town: Town, name: str, kind: FileKind, content: bytes, status: int, code: str
) -> None:
    assert_problem(await upload(one_service, one_town.staff, content, name, kind), status, code)
    assert stored_hashes(one_service) == [EVIDENCE_SHA256]


async def test_another_media_type_is_refused(one_service: Service, one_town: Town) -> None:
    sent = {"params": {"name": "letter.pdf"}, "content": pdf()}
    for kind in ("application/octet-stream", "application/zip", "text/html"):
        answer = await one_service.post("/files", one_town.staff, headers={"Content-Type": kind}, **sent)
        assert_problem(answer, 415, "unsupported_media_type")


async def test_who_only_reads_uploads_and_attaches_none(one_service: Service, one_town: Town) -> None:
    assert_problem(await upload(one_service, one_town.funder, pdf()), 403, "forbidden")
    assert_problem(await attach(one_service, one_town.funder, EVIDENCE_SHA256), 403, "forbidden")


async def test_a_name_says_what_the_stored_file_is(one_service: Service, one_town: Town) -> None:
    refused = await attach(one_service, one_town.staff, EVIDENCE_SHA256, "letter.pdf")
    assert_problem(refused, 422, "not_what_it_says")
    twice = await attach(one_service, one_town.staff, EVIDENCE_SHA256, "again.csv")
    assert_problem(twice, 422, "file_twice")


async def test_the_same_request_again_gives_the_same_answer(service: Service, town: Town) -> None:
    sent: dict[str, Any] = {"params": {"name": "letter.pdf"}, "content": pdf()}
    headers = {"Content-Type": "application/pdf", "Idempotency-Key": "letter"}
    first = await service.post("/files", town.staff, headers=headers, **sent)
    again = await service.post("/files", town.staff, headers=headers, **sent)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")


async def test_staff_are_told_before_there_is_no_room_and_then_refused(sqlite_url: str, stock: Stock) -> None:
    async with serving(stock.copy_to(sqlite_url), files_mib=10) as service:
        town = stock.town_of(sqlite_url)
        first = await upload(service, town.staff, large(5 * MIB))
        assert first.json()["room_warning"] is None
        assert "files_nearly_full" not in (await service.get("/plans/plan/summary", town.staff)).text
        second = await upload(service, town.staff, large(4 * MIB))
        assert second.json()["room_warning"].startswith("Files take up 9 MiB of the 10 MiB")
        told = (await service.get("/plans/plan/summary", town.staff)).json()["attention"]
        assert told[0]["code"] == "files_nearly_full"
        assert "files_nearly_full" not in (await service.get("/plans/plan/summary", town.funder)).text
        metrics = (await service.get("/metrics", town.admin)).text
        assert "saferplan_file_bytes_most 1.048576e+07" in metrics
        full = await upload(service, town.staff, large(3 * MIB))
        problem = assert_problem(full, 507, "files_full")
        assert problem["detail"].startswith("There is no room for this file: files take up 9 MiB of 10 MiB.")
        assert sha256_of(large(3 * MIB)) not in stored_hashes(service)
        again = await upload(service, town.staff, large(4 * MIB))
        assert again.status_code == 201, "what is stored already takes no more room"


async def test_a_removed_file_leaves_its_hash_and_none_of_its_words(service: Service, town: Town) -> None:
    path = f"{EVIDENCE_PATH}/{EVIDENCE_SHA256}"
    etag = (await service.get("/recommendations/risk-conferences", town.staff)).headers["ETag"]
    assert_problem(await service.ask("DELETE", path, town.staff), 428, "if_match_required")
    removed = await service.ask("DELETE", path, town.staff, headers={"If-Match": etag})
    assert removed.status_code == 204, removed.text
    assert_problem(await service.get(f"/files/{EVIDENCE_SHA256}", town.staff), 404, "not_found")
    with service.database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT sha256, name, title FROM file_reference").all()
        assert [tuple(row) for row in rows] == [(EVIDENCE_SHA256, "", "")]
    events = await service.items("/audit-events", town.staff, subject_kind="recommendation")
    assert "Conferences" not in str(events)
    assert EVIDENCE_SHA256 in str(events[-1]["data"])
    again = await service.ask("DELETE", path, town.staff, headers={"If-Match": "*"})
    assert_problem(again, 404, "not_found")
    back = await attach(service, town.staff, EVIDENCE_SHA256, "conferences.csv")
    assert back.status_code == 201, "it is kept for a day"


async def test_what_nothing_refers_to_is_deleted_after_a_day(service: Service, town: Town) -> None:
    await upload(service, town.staff, pdf())
    now = datetime.now(UTC)
    assert sweep(service, now + GRACE - timedelta(minutes=5)) == 0
    assert sweep(service, now + GRACE + timedelta(minutes=5)) == 1
    assert stored_hashes(service) == [EVIDENCE_SHA256], "what is referred to stays"
    await service.ask("DELETE", f"{EVIDENCE_PATH}/{EVIDENCE_SHA256}", town.staff, headers={"If-Match": "*"})
    assert sweep(service, now + GRACE - timedelta(minutes=5)) == 0
    assert sweep(service, now + GRACE + timedelta(minutes=5)) == 1
    assert stored_hashes(service) == []
    assert_problem(await attach(service, town.staff, EVIDENCE_SHA256, "conferences.csv"), 422, "unknown_file")


async def test_it_is_kept_for_as_long_as_something_refers_to_it(service: Service, town: Town) -> None:
    with service.database.write_without_seq() as connection:
        connection.execute(update(STORED).values(kept_until=datetime(2017, 1, 1, tzinfo=UTC)))
    assert sweep(service, datetime.now(UTC)) == 0
    assert (await service.get(f"/files/{EVIDENCE_SHA256}", town.staff)).content == EVIDENCE


def sweep(service: Service, clock: datetime) -> int:
    with service.database.read() as session:
        expected = has_unused(session.connection(), clock)
    with service.database.write_without_seq() as connection:
        deleted = delete_unused(connection, clock)
    assert (deleted > 0) == expected
    return deleted


def stored_hashes(service: Service) -> list[str]:
    with service.database.read() as session:
        return list(session.connection().exec_driver_sql("SELECT sha256 FROM stored_file").scalars())


READS = [route for route in ROUTES if method_of(route) == "GET"]


@contextmanager
def content_reads(service: Service) -> Iterator[list[str]]:
    """Statements that select the content of stored files."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "stored_file" in statement and "content" in statement:
            statements.append(statement)

    event.listen(service.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(service.database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("route", READS, ids=path_of)
async def test_no_content_is_read_but_by_the_route_that_serves_it(
    still_service: Service, still_town: Town, route: Any
) -> None:
    address = await address_of(still_service, still_town, path_of(route))
    await prepare(still_service, still_town, path_of(route))
    with content_reads(still_service) as statements:
        await still_service.get(address, still_town.admin)
    assert len(statements) == (1 if path_of(route) == "/files/{sha256}" else 0)
