"""Signing in, staying signed in, and what stops who guesses."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlmodel import col, select

from app.api.server import threads
from app.commands.access import password
from app.models.access.person import Person, SignIn
from app.models.record.ledger import AuditEvent
from tests.api.conftest import Riverside
from tests.build import PASSWORD, Service, assert_problem, make_key, make_person, make_token

NOW = datetime(2026, 11, 21, tzinfo=UTC)

WRONG = "a password that is not theirs"


async def sign_in(
    service: Service, email: str, given: str = PASSWORD, token: str | None = None
) -> tuple[int, str]:
    answer = await service.post("/sessions", token, json={"email": email, "password": given})
    return answer.status_code, answer.json().get("token", answer.json().get("code"))


async def test_an_address_nobody_could_look_up(service: Service) -> None:
    answer = await service.post("/sessions", json={"email": "a\0b@riverside.example", "password": PASSWORD})
    assert_problem(answer, 422, "invalid", "email")


async def test_signing_in_gives_a_token_that_works_until_signing_out(
    service: Service, riverside: Riverside
) -> None:
    answer = await service.post(
        "/sessions", json={"email": " Admin@Riverside.example ", "password": PASSWORD}
    )
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    token = answer.json()["token"]
    me = (await service.get("/me", token)).json()
    assert me["person"]["email"] == "admin@riverside.example"
    assert (await service.ask("DELETE", "/sessions/current", token)).status_code == 204
    assert_problem(await service.get("/me", token), 401, "unauthenticated")
    with service.database.read() as session:
        kept = session.exec(select(SignIn.token_hash)).all()
        actions = session.exec(select(AuditEvent.action)).all()
    assert token not in kept
    assert actions[-2:] == ["signed in", "signed out"]


async def test_each_sign_in_has_its_own_token_and_ends_the_one_it_came_with(
    service: Service, riverside: Riverside
) -> None:
    _, first = await sign_in(service, riverside.admin.email)
    _, second = await sign_in(service, riverside.admin.email)
    _, third = await sign_in(service, riverside.admin.email, token=first)
    assert len({first, second, third}) == 3
    states = [(await service.get("/me", token)).status_code for token in (first, second, third)]
    assert states == [401, 200, 200]


@pytest.mark.parametrize(
    ("idle", "left", "status"),
    [
        (timedelta(minutes=29), timedelta(hours=1), 200),
        (timedelta(minutes=31), timedelta(hours=1), 401),
        (timedelta(0), timedelta(seconds=-1), 401),
    ],
    ids=["in use", "idle", "absolute"],
)
async def test_a_session_ends_unused_and_in_any_case(
    service: Service, riverside: Riverside, idle: timedelta, left: timedelta, status: int
) -> None:
    with service.writing() as session:
        token = make_token(session, riverside.admin, idle=idle, left=left)
    assert (await service.get("/me", token)).status_code == status


async def test_a_session_lasts_twelve_hours(service: Service, riverside: Riverside) -> None:
    with service.database.read() as session:
        kept = session.exec(select(SignIn)).one()
    assert kept.expires_at - kept.created_at == timedelta(hours=12)


async def test_use_is_noted_once_the_answer_is_out_so_that_a_session_in_use_goes_on(
    service: Service, riverside: Riverside
) -> None:
    with service.writing() as session:
        token = make_token(session, riverside.admin, idle=timedelta(minutes=20))
        before = session.info["seq"]
    assert (await service.get("/me", token)).status_code == 200
    await asyncio.gather(*service.gateway.app.state.usage_tasks)
    with service.database.read() as session:
        used = session.exec(select(SignIn).order_by(col(SignIn.last_used_at).desc())).first()
        assert used is not None
        assert used.last_used_at - used.created_at > timedelta(seconds=-30)
        assert session.info["seq"] == before, "noting a use must not end kept answers"


class Counting(PasswordHasher):
    """Counts the hashes that are compared with."""

    def __init__(self) -> None:
        made = password.HASHER
        super().__init__(made.time_cost, made.memory_cost, made.parallelism)
        self.compared: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.compared.append(hash)
        return super().verify(hash, password)


@pytest.mark.usefixtures("real_passwords")
@pytest.mark.parametrize("who", ["nobody", "disabled", "invited", "known"])
async def test_the_same_refusal_and_the_same_work_whether_or_not_there_is_such_a_person(
    service: Service, riverside: Riverside, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service.writing() as session:
        make_person(session, riverside.partnership, email="invited@agency.example", signed_up=False)
        make_person(session, riverside.partnership, email="disabled@agency.example").disabled_at = NOW
        make_person(session, riverside.partnership, email="known@agency.example")
    counting = Counting()
    monkeypatch.setattr(password, "HASHER", counting)
    given = WRONG if who == "known" else PASSWORD
    answer = await service.post("/sessions", json={"email": f"{who}@agency.example", "password": given})
    assert assert_problem(answer, 401, "wrong_credentials")["errors"] == []
    assert len(counting.compared) == 1
    assert str(counting.compared[0]).startswith("$argon2id$v=19$m=19456,t=4,p=1$")


def test_what_stands_in_for_nobodys_password_is_nobodys() -> None:
    assert not password.fits(None, "nobody has this password")


async def test_an_eleventh_guess_waits_even_with_the_right_password(
    service: Service, riverside: Riverside
) -> None:
    tries = [(await sign_in(service, riverside.admin.email, WRONG))[0] for _ in range(10)]
    assert tries == [401] * 10
    answer = await service.post("/sessions", json={"email": "ADMIN@riverside.example", "password": PASSWORD})
    assert_problem(answer, 429, "too_many_guesses")
    assert 0 < int(answer.headers["retry-after"]) <= 30
    assert (await service.get("/me", riverside.token)).status_code == 200, "who is signed in stays so"


async def test_guesses_made_side_by_side_are_all_counted(service: Service, riverside: Riverside) -> None:
    tries = await asyncio.gather(*(sign_in(service, "nobody@agency.example", WRONG) for _ in range(14)))
    assert sorted(status for status, _ in tries) == [401] * 10 + [429] * 4


@pytest.mark.usefixtures("real_passwords")
async def test_a_flood_of_sign_ins_is_turned_away_before_it_takes_every_core(
    service: Service, riverside: Riverside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "HASHES_WAITING", 3)
    tries = (sign_in(service, f"nobody{number}@agency.example", WRONG) for number in range(20))
    outcomes = [status for status, _ in await asyncio.gather(*tries)]
    assert set(outcomes) == {401, 429}
    assert (await sign_in(service, riverside.admin.email))[0] == 201


async def test_the_right_password_forgives_earlier_guesses(service: Service, riverside: Riverside) -> None:
    for _ in range(3):
        tries = [(await sign_in(service, riverside.admin.email, WRONG))[0] for _ in range(4)]
        assert tries == [401] * 4
        assert (await sign_in(service, riverside.admin.email))[0] == 201


async def test_failures_are_recorded_without_what_was_typed(service: Service, riverside: Riverside) -> None:
    typed_into_the_wrong_box = "my secret horse pewter"
    await sign_in(service, riverside.admin.email, WRONG)
    await sign_in(service, typed_into_the_wrong_box, WRONG)
    with service.database.read() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "sign-in failed")).all()
    known, unknown = events
    assert (known.subject_kind, known.subject) == ("person", str(riverside.admin.id))
    assert known.partnership_id == riverside.partnership.id
    assert (unknown.subject_kind, unknown.partnership_id) == ("account", None)
    assert len(unknown.subject) == 8
    for event in events:
        assert WRONG not in repr(event)
        assert typed_into_the_wrong_box not in repr(event)


async def test_guessing_does_not_fill_the_record(service: Service, riverside: Riverside) -> None:
    ration = service.gateway.app.state.failed_sign_ins
    ration.overall, ration.clock = 3, lambda: 0.0
    for number in range(5):
        await sign_in(service, f"nobody{number}@agency.example", WRONG)
    with service.database.read() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "sign-in failed")).all()
    assert len(events) == 3
    ration.clock = lambda: 60.0
    await sign_in(service, "nobody9@agency.example", WRONG)
    with service.database.read() as session:
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert last is not None
    assert last.data == '{"unrecorded_before":2}'


async def test_a_key_has_no_session_to_end(service: Service, riverside: Riverside) -> None:
    with service.writing() as session:
        secret = make_key(session, riverside.partnership, agency=riverside.police).secret
    assert_problem(await service.ask("DELETE", "/sessions/current", secret), 404, "not_found")
    assert_problem(await service.ask("DELETE", "/sessions/current"), 401, "unauthenticated")


async def test_an_old_hash_is_renewed_at_sign_in(service: Service, riverside: Riverside) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with service.writing() as session:
        session.get_one(Person, riverside.admin.id).password_hash = weaker
    assert (await sign_in(service, riverside.admin.email))[0] == 201
    with service.database.read() as session:
        stored = session.get_one(Person, riverside.admin.id).password_hash
    assert stored is not None
    assert stored != weaker
    assert (await sign_in(service, riverside.admin.email))[0] == 201


@pytest.mark.parametrize(
    "body",
    [
        '{"email": "a@b.example", "password": "\\ud800 is half a character"}',
        '{"email": "a@b.example", "password": 12}',
        '{"email": "a@b.example"}',
        '{"email": "a@b.example", "password": "x", "remember": true}',
    ],
)
async def test_a_refusal_repeats_nothing_of_what_was_sent(
    service: Service, riverside: Riverside, body: str
) -> None:
    answer = await service.post("/sessions", content=body, headers={"Content-Type": "application/json"})
    document = assert_problem(answer, 422, "invalid")
    assert "half a character" not in str(document)


async def test_only_a_good_token_in_the_right_place_is_taken(service: Service, riverside: Riverside) -> None:
    assert_problem(await service.get("/me"), 401, "unauthenticated")
    assert_problem(await service.get("/me", "sp_abcdefgh_" + "x" * 43), 401, "unauthenticated")
    assert_problem(await service.get("/me?token=" + riverside.token), 401, "key_in_address")
    basic = await service.get("/me", headers={"Authorization": f"Basic {riverside.token}"})
    assert_problem(basic, 401, "unauthenticated")
