"""The outbox: what is written to whom, and when; what staff see of it and may do."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.commands.access import outbox
from app.commands.change import Change
from app.commands.returns import reminder
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role
from app.domain.period_text import parse_period
from app.models.access.outbox import OutboxMessage
from app.models.access.person import Person
from app.models.plan.partnership import Agency, Partnership
from app.models.returns.reporting_period import PeriodEvent
from tests.build import BUILDER, TODAY, Service, assert_problem, change_in, make_key, make_person, make_token
from tests.town import DOCUMENT, NOW, Town, figures, row

SITE = "https://saferplan.example"
RETURN = "2017-18-Q2~council"
"""Of dwelling fires alone: overdue since 30 October, seven weeks and two days ago."""
LATE = {"reason": "The system is being replaced", "promised_on": "2018-01-15"}


def contributor(session: Session, town: Town, email: str, agency: str = "council") -> Person:
    of = session.exec(select(Agency).where(Agency.code == agency)).one()
    return make_person(session, town.partnership, Role.CONTRIBUTOR, agency=of, email=email)


def run(service: Service, today: date = TODAY) -> None:
    """What a worker does when it looks through the returns, if there is something to do."""
    with service.database.read() as session:
        partnership = session.exec(select(Partnership).where(Partnership.code == "town")).one()
        if not reminder.is_something_due(session, partnership, today, SITE):
            return
    with service.writing() as session:
        change = Change(session, outbox.WORKER, partnership.id, today, NOW)
        reminder.update_reminders(change, SITE)


async def told(service: Service, town: Town, **chosen: str) -> list[tuple[str, str, str]]:
    """Kind, address and state of every message about RETURN."""
    items = await service.items("/messages", town.admin)
    return [
        (each["kind"], each["to"], each["state"])
        for each in items
        if each["return_id"] == RETURN and chosen.items() <= each.items()
    ]


async def test_each_of_the_agencys_people_is_reminded_once(service: Service, town: Town) -> None:
    with service.writing() as session:
        for name in ("a", "b", "gone"):
            person = contributor(session, town, f"{name}@council.example")
        person.disabled_at = NOW
        session.add(person)
        contributor(session, town, "else@police.example", "police")
    for _ in range(2):
        run(service)
    assert await told(service, town) == [
        ("reminder_overdue", "a@council.example", "waiting"),
        ("reminder_overdue", "b@council.example", "waiting"),
    ]
    (message, *_) = [
        each for each in await service.items("/messages", town.admin) if each["return_id"] == RETURN
    ]
    assert message["subject"] == "Figures for Q2 2017/18 were due on 30 October 2017"
    assert "- Dwelling fires: Q2 2017/18" in message["body"]
    assert f"{SITE}/returns/{RETURN}" in message["body"]
    assert message["agency"] == {"code": "council", "name": "Town Council"}
    assert (message["period"], message["label"]) == ("2017-18-Q2", "Waiting")


async def test_one_message_tells_of_every_quarter_that_is_owed(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
    run(one_service)

    async def waiting() -> list[tuple[str, bool]]:
        items = await one_service.items("/messages", one_town.admin)
        mine = [each for each in items if (each["to"], each["state"]) == ("a@council.example", "waiting")]
        return [(each["return_id"], "for other quarters" in each["body"]) for each in mine]

    assert await waiting() == [("2017-18-Q2~council", True)]
    await one_service.post("/figures", one_town.staff, json=figures(row("dwelling-fires", value=12)))
    run(one_service)
    assert await waiting() == [("2017-18-Q1~council", False)]


async def test_who_catches_up_is_not_written_to_for_each_quarter(
    one_service: Service, one_town: Town
) -> None:
    """They were told of the others just now; the weekly reminder of those begins a week on."""
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
    at = datetime.combine(TODAY, time(9), UTC)

    async def written(now: datetime) -> list[str]:
        with one_service.writing() as session:
            partnership = session.exec(select(Partnership).where(Partnership.code == "town")).one()
            change = Change(session, outbox.WORKER, partnership.id, now.date(), now)
            reminder.update_reminders(change, SITE)
            for each in session.exec(select(OutboxMessage).where(OutboxMessage.state == "waiting")):
                each.state = "sent"
                session.add(each)
        items = await one_service.items("/messages", one_town.admin)
        return [each["return_id"] for each in items if each["to"] == "a@council.example"]

    assert await written(at) == ["2017-18-Q2~council"]
    await one_service.post("/figures", one_town.staff, json=figures(row("dwelling-fires", value=12)))
    for days in (0, 6):
        assert await written(at + timedelta(days=days)) == ["2017-18-Q2~council"]
    assert await written(at + timedelta(days=7)) == ["2017-18-Q2~council", "2017-18-Q1~council"]


async def test_an_older_quarter_is_named_to_who_can_open_it(one_service: Service, one_town: Town) -> None:
    """Who supplies all that an agency owes for one quarter need not for another."""
    with one_service.writing() as session:
        contributor(session, one_town, "a@analysts.example", "analysts")
        refreshed = (
            DOCUMENT.replace("version: 1", "version: 2\n  adopted_on: 2017-08-01")
            .replace("indicators: [hate-crime]", "indicators: []")
            .replace("suppliers: [analysts]\n    breakdowns", "suppliers: []\n    breakdowns")
        )
        load(Change(session, BUILDER, None, TODAY, NOW), parse_document(refreshed), partnerships_allowed=None)
    run(one_service)
    items = await one_service.items("/messages", one_town.admin)
    (message,) = (
        each for each in items if (each["to"], each["agency"]["code"]) == ("a@analysts.example", "police")
    )
    assert message["return_id"] == "2017-18-Q2~police"
    assert "for other quarters" not in message["body"], "the first needs hate crime, which is not theirs"


async def test_the_record_says_who_was_written_to(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        person = contributor(session, one_town, "a@council.example")
    run(one_service)
    events = await one_service.items("/audit-events", one_town.admin, subject=RETURN)
    assert [(each["actor"], each["action"], each["data"]) for each in events] == [
        ("worker", "message written", {"kind": "reminder_overdue", "people": [str(person.id)]})
    ]


async def test_nothing_is_written_where_nothing_is_due(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
    run(one_service)
    before = (await one_service.get("/messages", one_town.admin)).json()["as_of"]
    run(one_service)
    run(one_service, TODAY + timedelta(days=3))
    assert (await one_service.get("/messages", one_town.admin)).json()["as_of"] == before


async def test_a_week_on_the_newer_takes_the_place_of_one_that_waits(
    one_service: Service, one_town: Town
) -> None:
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
    for weeks in range(3):
        run(one_service, TODAY + timedelta(weeks=weeks))
    assert await told(one_service, one_town) == [
        *2 * [("reminder_overdue", "a@council.example", "dropped")],
        ("reminder_overdue", "a@council.example", "waiting"),
    ]


@pytest.mark.parametrize("answer", ["figures", "nil", "late", "close", "leave"])
async def test_reminders_stop(one_service: Service, one_town: Town, answer: str) -> None:
    with one_service.writing() as session:
        person = contributor(session, one_town, "a@council.example")
        made = make_key(
            session,
            one_town.partnership,
            agency=session.exec(select(Agency).where(Agency.code == "council")).one(),
        )
    run(one_service)
    if answer in ("nil", "late"):
        sent = await one_service.post(
            f"/returns/{RETURN}/{answer}", made.secret, json=LATE if answer == "late" else {}
        )
        assert sent.status_code == 200, sent.text
    elif answer == "figures":
        sent = await one_service.post("/figures", made.secret, json=figures(row("dwelling-fires", value=12)))
        assert sent.status_code == 201, sent.text
    with one_service.writing() as session:
        if answer == "leave":
            person.disabled_at = NOW
            session.add(person)
        if answer == "close":
            _close(session, one_town)
    (message,) = _waiting(one_service)
    with one_service.database.read() as session:
        assert not reminder.is_needed(session, message, TODAY, SITE), "asked just before it is sent"
    run(one_service)
    run(one_service, TODAY + timedelta(weeks=1))
    assert await told(one_service, one_town, to="a@council.example") == [
        ("reminder_overdue", "a@council.example", "dropped")
    ]


def _close(session: Session, town: Town) -> None:
    session.add(
        PeriodEvent(
            partnership_id=town.partnership.id,
            first_month=parse_period("2017-18-Q2").first,
            kind="closed",
            recorded_at=NOW,
            recorded_by="builder",
            seq=session.info["seq"],
        )
    )


def _waiting(service: Service) -> list[OutboxMessage]:
    with service.database.read() as session:
        agency = session.exec(select(Agency.id).where(Agency.code == "council")).one()
        query = select(OutboxMessage).where(
            OutboxMessage.state == "waiting",
            OutboxMessage.agency_id == agency,
            OutboxMessage.first_month == parse_period("2017-18-Q2").first,
        )
        return list(session.exec(query))


async def test_officers_are_told_once_of_an_agency_with_nobody(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        make_person(session, one_town.partnership, Role.ADMINISTRATOR, email="head@council.example")
        make_person(session, one_town.partnership, Role.OFFICER, email="officer@council.example")
    for weeks in range(3):
        run(one_service, TODAY + timedelta(weeks=weeks))
    assert await told(one_service, one_town) == [("nobody_to_remind", "officer@council.example", "waiting")]
    agencies = [each["agency"]["code"] for each in await one_service.items("/messages", one_town.admin)]
    assert sorted(agencies) == sorted(set(agencies)), "of each agency once, however many returns it owes"
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
    run(one_service, TODAY + timedelta(weeks=3))
    assert await told(one_service, one_town) == [
        ("nobody_to_remind", "officer@council.example", "dropped"),
        ("reminder_overdue", "a@council.example", "waiting"),
    ]


async def test_other_staff_are_told_where_there_is_no_officer(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        make_person(session, one_town.partnership, Role.ADMINISTRATOR, email="head@council.example")
        make_person(session, one_town.partnership, Role.READER, email="reader@council.example")
    run(one_service)
    assert await told(one_service, one_town) == [("nobody_to_remind", "head@council.example", "waiting")]


async def test_staff_remind_at_most_once_a_day(service: Service, town: Town) -> None:
    address = f"/returns/{RETURN}/remind"
    nobody = await service.post(address, town.staff)
    assert "Town Council" in assert_problem(nobody, 409, "nobody_to_remind")["detail"]
    with service.writing() as session:
        contributor(session, town, "a@council.example")
    sent = await service.post(address, town.staff)
    assert sent.status_code == 201, sent.text
    assert [(each["kind"], each["to"]) for each in sent.json()["messages"]] == [
        ("reminder_asked", "a@council.example")
    ]
    assert_problem(await service.post(address, town.staff), 409, "reminded_today")
    with service.writing() as session:
        contributor(session, town, "b@council.example")
    again = await service.post(address, town.staff)
    assert [each["to"] for each in again.json()["messages"]] == ["b@council.example"]
    assert_problem(await service.post(address, town.police), 403, "forbidden")
    unknown = await service.post("/returns/2017-18-Q2~nobody/remind", town.staff)
    assert_problem(unknown, 404, "not_found")


async def test_nobody_is_reminded_of_what_is_not_awaited(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
        _close(session, one_town)
    for quarter in ("2017-18-Q3", "2017-18-Q2"):
        refused = await one_service.post(f"/returns/{quarter}~council/remind", one_town.staff)
        assert_problem(refused, 409, "nothing_awaited")


async def test_what_failed_is_sent_again_at_the_wish_of_staff(service: Service, town: Town) -> None:
    with service.writing() as session:
        contributor(session, town, "a@council.example")
    made = (await service.post(f"/returns/{RETURN}/remind", town.staff)).json()["messages"][0]
    address = f"/messages/{made['id']}/retry"
    assert_problem(await service.post(address, town.staff), 409, "not_failed")
    with service.writing() as session:
        message = session.get_one(OutboxMessage, int(made["id"]))
        outbox.note_failure(
            change_in(session, now=NOW), message, "550: no such person", for_good=True, clock=NOW
        )
    (failed,) = await service.items("/messages", town.staff, updated_since=await _as_of(service, town, 1))
    assert (failed["state"], failed["attempts"], failed["error"]) == ("failed", 1, "550: no such person")
    assert_problem(await service.post(address, town.stranger), 404, "not_found")
    again = (await service.post(address, town.staff)).json()
    assert (again["state"], again["attempts"], again["error"]) == ("waiting", 0, "")
    assert_problem(await service.post("/messages/x/retry", town.staff), 404, "not_found")


async def _as_of(service: Service, town: Town, back: int) -> str:
    as_of = (await service.get("/messages", town.staff)).json()["as_of"]
    return f"s{int(as_of[1:]) - back}"


async def test_messages_are_for_staff_of_their_partnership(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
        officer = make_token(session, make_person(session, one_town.partnership, Role.OFFICER))
        reader = make_token(session, make_person(session, one_town.partnership, Role.READER))
    run(one_service)
    assert await one_service.items("/messages", officer)
    newest = (await one_service.get("/messages?order=newest&limit=1", officer)).json()
    assert newest["next"] is not None
    assert newest["items"] == (await one_service.items("/messages", officer))[-1:]
    assert await one_service.items("/messages", one_town.stranger) == []
    for path in ("/messages", "/mail"):
        for secret in (reader, one_town.police, one_town.funder):
            assert_problem(await one_service.get(path, secret), 403, "forbidden")


async def test_whether_mail_is_set_up(one_service: Service, one_town: Town) -> None:
    answer = await one_service.get("/mail", one_town.staff)
    assert answer.json() == {"goes_by": None, "demonstration": False}
    assert "etag" not in answer.headers


async def test_attempts_are_further_and_further_apart(one_service: Service, one_town: Town) -> None:
    with one_service.writing() as session:
        contributor(session, one_town, "a@council.example")
    run(one_service)
    (message,) = _waiting(one_service)
    pauses: list[float] = []
    state: Any = "waiting"
    while state == "waiting":
        with one_service.writing() as session:
            kept = session.get_one(OutboxMessage, message.id)
            outbox.note_failure(change_in(session, now=NOW), kept, "Try later", for_good=False, clock=NOW)
            state = kept.state
            pauses.append((kept.not_before - NOW).total_seconds() / 60)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert (state, kept.attempts) == ("failed", 12)
