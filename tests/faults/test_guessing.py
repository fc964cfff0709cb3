"""Two guesses a second at a named person's password, over two server processes: the person goes on getting in."""

import asyncio
import time
from collections.abc import Iterator
from itertools import count

import httpx
import pytest
from sqlmodel import select

from app.db import Database
from app.models.plan.partnership import Partnership
from tests.build import PASSWORD, make_person
from tests.faults.conftest import Deployment

NUMBERS = count(1)
PER_SECOND = 2
SOON = 15.0
WRONG = "a password that is not theirs"


@pytest.fixture
def email(deployment: Deployment) -> Iterator[str]:
    """Somebody's who may sign in."""
    database = Database(deployment.database_url)
    with database.write() as session:
        partnership = session.exec(select(Partnership)).one()
        made = make_person(session, partnership, email=f"guessed-{next(NUMBERS)}@agency.example")
    yield made.email
    database.close()


class Client:
    """Sends as the proxy on this machine does, which says where each visitor comes from."""

    def __init__(self, http: httpx.AsyncClient, urls: tuple[str, str], email: str) -> None:
        self.http, self.urls, self.email = http, urls, email
        self.sent = count()

    async def post(self, address: str, given: str, device: str | None = None) -> httpx.Response:
        """To each server in turn."""
        url = self.urls[next(self.sent) % 2]
        body = {"email": self.email, "password": given, **({"device": device} if device else {})}
        headers = {"X-Forwarded-For": address}
        return await self.http.post(f"{url}/api/v1/sessions", json=body, headers=headers)

    async def sign_in(self, address: str, device: str | None = None) -> dict[str, str]:
        """Tries again when told to. Fails where that takes too long."""
        begun = time.monotonic()
        while True:
            answer = await self.post(address, PASSWORD, device)
            if answer.status_code == 201:
                assert time.monotonic() - begun < SOON
                session: dict[str, str] = answer.json()
                return session
            wait = float(answer.headers["retry-after"])
            assert time.monotonic() - begun + wait < SOON, answer.text
            await asyncio.sleep(wait)

    async def signs_in_by_form(self, address: str) -> bool:
        headers = {"X-Forwarded-For": address}
        async with httpx.AsyncClient(base_url=self.urls[0], headers=headers, timeout=30) as browser:
            page = await browser.get("/sign-in")
            token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
            form = {"csrf_token": token, "email": self.email, "password": PASSWORD}
            await browser.post("/sign-in", data=form)
            return "saferplan" in browser.cookies


async def guess_for(client: Client, addresses: list[str], seconds: int) -> list[int]:
    """How each guess was answered; they are sent on time, whatever became of those before."""

    async def one(number: int) -> int:
        await asyncio.sleep(number / PER_SECOND)
        return (await client.post(addresses[number % len(addresses)], WRONG)).status_code

    return await asyncio.gather(*(one(number) for number in range(seconds * PER_SECOND)))


@pytest.mark.parametrize("origins", [1, 50])
async def test_the_right_person_gets_in_while_others_guess(
    two_workers: tuple[str, str], email: str, origins: int, long_form: bool
) -> None:
    seconds = 600 if long_form else 6
    addresses = [f"203.0.113.{number}" for number in range(origins)]
    async with httpx.AsyncClient(timeout=30) as http:
        client = Client(http, two_workers, email)
        first = await client.sign_in("192.0.2.1")
        guessing = asyncio.create_task(guess_for(client, addresses, seconds))
        await asyncio.sleep(seconds * 0.9)
        await client.sign_in("198.51.100.7")
        await client.sign_in(addresses[0], first["device"])
        assert await client.signs_in_by_form("198.51.100.8")
        bearer = {"Authorization": f"Bearer {first['token']}"}
        assert (await http.get(f"{two_workers[1]}/api/v1/me", headers=bearer)).status_code == 200
        answers = await guessing
        if origins == 1:
            assert not await client.signs_in_by_form(addresses[0])
    assert set(answers) <= {401, 429}
    assert answers.count(401) < 100
    assert origins > 1 or answers.count(401) <= 14
