"""The messages page: what went out, what waits, and how to set mail up."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from app.commands.access import outbox
from app.domain.message import Words
from app.models.access.outbox import OutboxMessage, Outgoing
from app.models.plan.partnership import Partnership
from tests.bradford import ANALYST, OFFICER
from tests.build import PASSWORD, Service, change_in
from tests.ui.conftest import pages
from tests.ui.page import text_of
from tests.ui.visitor import Visitor

NOW = datetime(2017, 12, 20, 9, tzinfo=UTC)
BODY = "Town is waiting for figures.\n\n- Hate crime\n\n<b>Not bold</b>\n"


def write(service: Service, once: str = "once") -> OutboxMessage:
    outgoing = Outgoing(
        "reminder_due", once, 1, ANALYST, Words("Figures are due", BODY), agency_id=1, first_month=24210
    )
    with service.writing() as session:
        partnership = session.get_one(Partnership, 1)
        (made,) = outbox.enqueue(change_in(session, partnership, NOW), [outgoing], "return", "x")
        return made


async def test_with_no_mail_set_up_it_says_so_and_what_to_set(officer: Visitor) -> None:
    page = await officer.get("/messages")
    assert page.heading == "Messages"
    assert "No email is set up" in page.text
    assert "SAFERPLAN_SMTP_URL" in page.text
    assert "SAFERPLAN_NOTIFY_TEMPLATE" in page.text
    assert "Nothing has been written yet" in page.text


async def test_a_message_is_read_with_its_words(service: Service, officer: Visitor) -> None:
    write(service)
    page = await officer.get("/messages")
    (row,) = page.rows()[1:]
    for words in ("20 December 2017 at 9:00am", ANALYST, "Figures are due", "<b>Not bold</b>", "Waiting"):
        assert words in row
    assert "Q2 2017/18" in row


async def test_one_that_failed_is_sent_again(service: Service, officer: Visitor) -> None:
    made = write(service)
    with service.writing() as session:
        message = session.get_one(OutboxMessage, made.id)
        change = change_in(session, now=NOW)
        outbox.note_failure(change, message, "550: no such person", for_good=True, clock=datetime.now(UTC))
    page = await officer.get("/messages")
    assert "Failed 1 try. 550: no such person" in page.rows()[1]
    action = f"/messages/{made.id}/retry"
    after = await officer.submit(page, action)
    assert "on its way again" in after.text
    assert "Waiting" in after.rows()[1]
    assert [form.get("action") for form in after.all("form") if "retry" in (form.get("action") or "")] == []
    twice = await officer.submit(page, action)
    assert "on its way again" in twice.text


async def test_a_fault_of_the_mail_service_is_told_once_above_the_messages(
    site: tuple[Service, object], tmp_path: Path
) -> None:
    settings = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "saferplan@council.example"}
    async with pages(tmp_path / "saferplan.db", **settings) as (service, ui), Visitor(ui) as officer:
        for once in ("one", "two"):
            made = write(service, once)
            with service.writing() as session:
                message = session.get_one(OutboxMessage, made.id)
                why = "GOV.UK Notify answered 400: Template not found"
                outbox.note_held_up(change_in(session, now=NOW), message, why, clock=datetime.now(UTC))
        await officer.sign_in(OFFICER, PASSWORD)
        page = await officer.get("/messages")
        assert page.text.count("Template not found") == 1
        assert "Email cannot be sent now" in page.text
        assert "2 messages wait: nothing is lost" in page.text
        assert all("Waiting Until email can be sent again" in row for row in page.rows()[1:])
        token = officer.browser.cookies["saferplan"]
        mail = (await service.get("/mail", token)).json()
        assert mail["fault"] == {"message": "GOV.UK Notify answered 400: Template not found", "waiting": 2}
        assert [each["held_up"] for each in await service.items("/messages", token)] == [True, True]
        with service.writing() as session:
            for message in session.exec(select(OutboxMessage)):
                outbox.record_sent(change_in(session, now=NOW), message)
        assert "fault" not in (await service.get("/mail", token)).json()
        assert "Email cannot be sent now" not in (await officer.get("/messages")).text


async def test_one_that_was_sent_says_when(service: Service, officer: Visitor) -> None:
    made = write(service)
    with service.writing() as session:
        outbox.record_sent(change_in(session, now=NOW), session.get_one(OutboxMessage, made.id))
    row = (await officer.get("/messages")).rows()[1]
    assert row.endswith("Sent 20 December 2017 at 9:00am")


async def test_an_agency_sees_no_messages(analyst: Visitor) -> None:
    page = await analyst.get("/messages", status=403)
    assert ANALYST not in text_of(page.one("main"))


async def test_a_demonstration_says_that_it_sends_nothing(site: tuple[Service, object]) -> None:
    path = Path(site[0].settings.database_url.removeprefix("sqlite:///"))
    async with pages(path, mode="demo") as (_, ui), Visitor(ui) as visitor:
        await visitor.sign_in(OFFICER, PASSWORD)
        page = await visitor.get("/messages")
    assert "sends no email" in page.text
    assert "SAFERPLAN_SMTP_URL" not in page.text
