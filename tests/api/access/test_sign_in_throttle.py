"""Nobody locks a person out by guessing at their password, and nobody guesses fast."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import event
from sqlmodel import select

from app.api.server import threads
from app.commands.access import known_device, sign_in_throttle
from app.domain.access.sign_in_throttle import ZERO, Attempt
from app.models.access.person import Person, SignInDevice, SignInGuess
from app.models.access.token import token_hash
from tests.api.conftest import Riverside
from tests.build import PASSWORD, Service, assert_problem, make_person, make_token

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
WRONG = "a password that is not theirs"
NEW = "thistle ferry lantern moss"


@asynccontextmanager
async def coming_from(service: Service, address: str) -> AsyncIterator[Service]:
    """The same service, asked from another network."""
    transport = httpx.ASGITransport(app=service.gateway, raise_app_exceptions=False, client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        yield replace(service, client=client)


async def sign_in(
    service: Service, email: str, given: str = PASSWORD, *, address: str = "198.51.100.7", device: str = ""
) -> httpx.Response:
    body = {"email": email, "password": given, **({"device": device} if device else {})}
    async with coming_from(service, address) as there:
        return await there.post("/sessions", json=body)


async def attack(service: Service, email: str, addresses: Iterable[str], times: int) -> list[int]:
    """How each guess was answered."""
    answers = []
    for _ in range(times):
        for address in addresses:
            answers.append((await sign_in(service, email, WRONG, address=address)).status_code)
    return answers


@pytest.fixture
def officer(service: Service, riverside: Riverside) -> Person:
    with service.writing() as session:
        return make_person(session, riverside.partnership)


ONE = ["203.0.113.1"]
FIFTY = [f"203.0.113.{number}" for number in range(50)]


@pytest.mark.parametrize(("addresses", "times", "checked"), [(ONE, 60, 10), (FIFTY, 3, 70)])
async def test_the_right_person_gets_in_while_others_guess(
    service: Service, officer: Person, addresses: list[str], times: int, checked: int
) -> None:
    first = (await sign_in(service, officer.email, address="192.0.2.1")).json()
    answers = await attack(service, officer.email, addresses, times)
    assert answers.count(401) == checked < 100
    assert set(answers) == {401, 429}
    begun = time.monotonic()
    new_place = await sign_in(service, officer.email)
    known = await sign_in(service, officer.email, address=addresses[0], device=first["device"])
    assert (new_place.status_code, known.status_code) == (201, 201)
    assert new_place.json()["wrong_guesses"] == checked
    assert time.monotonic() - begun < 15
    assert (await service.get("/me", first["token"])).status_code == 200, "an open session goes on"
    changed = await service.post(
        "/me/password", first["token"], json={"current_password": PASSWORD, "password": NEW}
    )
    assert changed.status_code == 204, "and a password is changed in it"


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8::7"])
async def test_an_eleventh_guess_of_one_origin_waits_even_with_the_right_password(
    service: Service, officer: Person, address: str
) -> None:
    assert await attack(service, officer.email, [address], 10) == [401] * 10
    answer = await sign_in(service, officer.email.upper(), address=address)
    assert_problem(answer, 429, "too_many_guesses")
    assert 0 < int(answer.headers["retry-after"]) <= 30
    assert (await sign_in(service, officer.email, address="198.51.100.8")).status_code == 201


async def test_an_ipv6_network_is_one_origin(service: Service, officer: Person) -> None:
    answers = await attack(service, officer.email, [f"2001:db8::{number}" for number in range(12)], 1)
    assert answers == [401] * 10 + [429] * 2


async def test_guesses_made_side_by_side_are_all_counted(service: Service) -> None:
    async with coming_from(service, "198.51.100.7") as there:
        body = {"email": "nobody@agency.example", "password": WRONG}
        answers = await asyncio.gather(*(there.post("/sessions", json=body) for _ in range(14)))
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 4


@pytest.mark.parametrize("who", ["nobody", "known", "disabled", "invited"])
async def test_who_is_held_back_is_told_the_same_whoever_it_is(
    service: Service, riverside: Riverside, who: str
) -> None:
    with service.writing() as session:
        make_person(session, riverside.partnership, email="invited@agency.example", signed_up=False)
        make_person(session, riverside.partnership, email="disabled@agency.example").disabled_at = START
        make_person(session, riverside.partnership, email="known@agency.example")
    address = f"{who}@agency.example"
    answers = [await sign_in(service, address, WRONG) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2
    names = {name: answers[-1].headers[name] for name in answers[-1].headers}
    assert set(names) == {
        "content-length", "content-type", "content-security-policy", "ratelimit", "ratelimit-policy",
        "retry-after", "strict-transport-security", "x-content-type-options", "x-request-id",
    }  # fmt: skip
    told = answers[-1].json()
    seconds = answers[-1].headers["retry-after"]
    assert told["detail"] == (
        f"Too many wrong tries for this address. Wait {seconds} seconds, then try again. "
        "A device that you have signed in on before may not have to wait."
    )


async def test_a_wrong_guess_asks_the_database_the_same_whoever_it_is(
    service: Service, riverside: Riverside, officer: Person
) -> None:
    """What takes equally long tells nobody apart."""
    asked: list[str] = []
    event.listen(service.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    mark = (await sign_in(service, riverside.admin.email)).json()["device"]
    statements = []
    for email in (officer.email, "nobody@agency.example"):
        asked.clear()
        assert (await sign_in(service, email, WRONG, device=mark)).status_code == 401
        statements.append(list(asked))
    assert statements[0] == statements[1]
    assert len(statements[0]) > 8


async def test_a_device_is_good_for_one_person_and_replaced_at_each_sign_in(
    service: Service, riverside: Riverside, officer: Person
) -> None:
    first = (await sign_in(service, officer.email)).json()["device"]
    second = (await sign_in(service, officer.email, device=first)).json()["device"]
    await attack(service, officer.email, ["198.51.100.7"], 10)
    for mark, status in ((first, 429), ("x" * 43, 429), ("", 429), (second, 201)):
        assert (await sign_in(service, officer.email, device=mark)).status_code == status
    await attack(service, riverside.admin.email, ["198.51.100.7"], 10)
    assert (await sign_in(service, riverside.admin.email, device=second)).status_code == 429
    with service.database.read() as session:
        kept = session.exec(select(SignInDevice.mark_hash)).all()
    assert token_hash(first) not in kept
    assert second not in kept


async def test_a_stolen_device_guesses_no_faster(service: Service, officer: Person) -> None:
    stolen = (await sign_in(service, officer.email)).json()["device"]
    answers = [
        (await sign_in(service, officer.email, WRONG, address="203.0.113.1", device=stolen)).status_code
        for _ in range(15)
    ]
    assert answers == [401] * 10 + [429] * 5
    assert (await sign_in(service, officer.email, device=stolen)).status_code == 201, "its owner, elsewhere"


async def test_a_new_password_ends_devices_but_the_one_it_was_changed_on(
    service: Service, officer: Person
) -> None:
    here, there = [(await sign_in(service, officer.email)).json() for _ in range(2)]
    changed = await service.post(
        "/me/password", here["token"], json={"current_password": PASSWORD, "password": NEW}
    )
    assert changed.status_code == 204
    await attack(service, officer.email, FIFTY, 2)
    await attack(service, officer.email, ["198.51.100.7"], 1)
    assert (await sign_in(service, officer.email, NEW, device=there["device"])).status_code == 429
    assert (await sign_in(service, officer.email, NEW, device=here["device"])).status_code == 201


async def test_whoever_sets_a_password_by_link_signs_in_whatever_others_guess(
    service: Service, riverside: Riverside, officer: Person
) -> None:
    link = (await service.post(f"/users/{officer.id}/link", riverside.token)).json()["token"]
    assert (await service.post("/passwords", json={"token": link, "password": NEW})).status_code == 204
    await attack(service, officer.email, [f"10.0.0.{number}" for number in range(80)], 1)
    assert (await sign_in(service, officer.email, NEW)).status_code == 429
    assert (await sign_in(service, officer.email, NEW, device=link)).status_code == 201
    again = await service.post("/passwords", json={"token": link, "password": PASSWORD})
    assert_problem(again, 422, "link_ended", "token")


async def test_a_guess_that_was_not_checked_does_not_count(
    service: Service, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "HASHES_WAITING", 0)
    for _ in range(12):
        assert_problem(await sign_in(service, officer.email), 429, "too_many_requests")
    monkeypatch.undo()
    assert (await sign_in(service, officer.email, WRONG)).status_code == 401
    with service.database.read() as session:
        assert [guess.budget for guess in session.exec(select(SignInGuess)).all()] == ["first"]


async def test_right_passwords_are_no_guesses(service: Service, officer: Person) -> None:
    answers = [(await sign_in(service, officer.email)).status_code for _ in range(15)]
    assert answers == [201] * 15
    with service.database.read() as session:
        assert session.exec(select(SignInGuess)).all() == []


async def test_one_origin_guesses_at_no_more_than_a_hundred_accounts(
    service: Service, officer: Person
) -> None:
    known = (await sign_in(service, officer.email)).json()["device"]
    with service.database.write_without_seq() as connection:
        clock, attempt = datetime.now(UTC), Attempt("198.51.100.7")
        for number in range(100):
            address = f"nobody{number}@agency.example"
            assert sign_in_throttle.count(connection, address, attempt, None, clock).wait == ZERO
    assert_problem(await sign_in(service, "another@agency.example", WRONG), 429, "too_many_guesses")
    assert (await sign_in(service, officer.email)).status_code == 429
    assert (await sign_in(service, officer.email, address="198.51.100.8")).status_code == 201
    assert (await sign_in(service, officer.email, device=known)).status_code == 201


async def test_a_person_has_at_most_ten_devices_and_each_for_ninety_days(
    service: Service, officer: Person
) -> None:
    person_id = officer.id
    with service.writing() as session:
        marks = [
            known_device.add(session, person_id, "", replaces="", clock=START + timedelta(minutes=number))
            for number in range(12)
        ]
    with service.database.read() as session:
        known = [bool(known_device.recognise(session, person_id, mark, START)) for mark in marks]
        last = START + timedelta(minutes=11, days=90)
        ended = [
            known_device.recognise(session, person_id, marks[-1], clock) == ""
            for clock in (last - timedelta(seconds=1), last)
        ]
    assert known == [False] * 2 + [True] * 10
    assert ended == [False, True]


async def test_disabling_somebody_ends_their_devices(
    service: Service, riverside: Riverside, officer: Person
) -> None:
    await sign_in(service, officer.email)
    with service.writing() as session:
        assert make_token(session, officer)
    path = f"/users/{officer.id}"
    etag = (await service.get(path, riverside.token)).headers["etag"]
    answer = await service.ask(
        "PATCH", path, riverside.token, json={"disabled": True}, headers={"If-Match": etag}
    )
    assert answer.status_code == 200
    with service.database.read() as session:
        left = session.exec(select(SignInDevice).where(SignInDevice.person_id == officer.id)).all()
    assert left == []
