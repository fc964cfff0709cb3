"""Throttles guesses at passwords: counts each before checking it, and records wrong and delayed ones."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from fastapi import FastAPI, Request
from sqlmodel import Session

from app.api.server import threads
from app.api.server.problem import Refused
from app.api.server.refusal_log import EntryLimit
from app.commands.access import known_device, password, sign_in, sign_in_throttle
from app.commands.change import Change
from app.domain.access.sign_in_throttle import ZERO, Attempt, network_origin

ADVICE = "A device that you have signed in on before may not have to wait."


@dataclass(frozen=True, slots=True)
class Claim:
    """A guess at a password: the account, its origin and purpose."""

    email: str
    account: sign_in.Account | None
    attempt: Attempt
    purpose: str
    """As the audit record names it: sign-in, password change."""


def claim_to_sign_in(session: Session, request: Request, email: str, mark: str) -> Claim:
    """Makes the claim for a sign-in; `mark` is a device's, empty for none."""
    account = sign_in.find(session, email)
    person_id = account.person_id if account is not None else 0
    device = known_device.recognise(session, person_id, mark, datetime.now(UTC))
    return Claim(email, account, Attempt(_origin(request), device), "sign-in")


def claim_to_change_password(session: Session, request: Request, email: str, sign_in_hash: str) -> Claim:
    """Makes the claim for a password change; `sign_in_hash`, of an open session, counts as a recognised device."""
    attempt = Attempt(_origin(request), sign_in_hash)
    return Claim(email, sign_in.find(session, email), attempt, "password change")


def _origin(request: Request) -> str:
    return network_origin(request.client.host if request.client is not None else "")


@dataclass(frozen=True, slots=True)
class RightGuess:
    """A correct password, with its id as a guess."""

    guess_id: int
    renewed: str | None
    """A stronger hash of the password, where the stored one was made with weaker settings."""


async def check_password(app: FastAPI, claim: Claim, typed: str) -> RightGuess | None:
    """Counts the guess and checks it; None if it is wrong.

    Refuses with 429 if the guess has to wait, or too many passwords are being checked.
    """
    guess_id = await _count(app, claim)
    stored = claim.account.password_hash if claim.account is not None else None

    def compare() -> RightGuess | None:
        if not password.fits(stored, typed) or stored is None:
            return None
        return RightGuess(guess_id, password.renewed(stored, typed))

    is_wrong = False
    try:
        right = await threads.hash_password(app, compare)
        is_wrong = right is None
        return right
    finally:
        # A right or unchecked guess does not count, even if the request fails later.
        if not is_wrong:
            await threads.write_without_seq(
                app, lambda connection: sign_in_throttle.uncount(connection, guess_id)
            )


async def _count(app: FastAPI, claim: Claim) -> int:
    """Counts the guess; returns its id. First checks without the write lock: a flood of guesses delays no writer."""
    email, attempt, clock = claim.email, claim.attempt, datetime.now(UTC)
    wait = await threads.read(
        app, lambda session: sign_in_throttle.find_wait(session.connection(), email, attempt, clock)
    )
    if wait > ZERO:
        await _refuse_for(app, claim, wait)
    person_id = claim.account.person_id if claim.account is not None else None
    counted = await threads.write_without_seq(
        app, lambda connection: sign_in_throttle.count(connection, email, attempt, person_id, clock)
    )
    if counted.wait > ZERO:
        await _refuse_for(app, claim, counted.wait)
    return counted.guess_id


async def _refuse_for(app: FastAPI, claim: Claim, wait: timedelta) -> NoReturn:
    """Records a delayed guess, and refuses with 429."""
    await _record(app, claim, f"{claim.purpose} held back")
    seconds = max(1, math.ceil(wait.total_seconds()))
    message = (
        f"Too many wrong tries for this address. Wait {_duration_text(seconds)}, then try again. {ADVICE}"
    )
    raise Refused(429, "too_many_guesses", message, headers={"Retry-After": str(seconds)})


def _duration_text(seconds: int) -> str:
    count, unit = (seconds, "second") if seconds < 120 else (math.ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


async def record_wrong(app: FastAPI, claim: Claim) -> None:
    await _record(app, claim, f"{claim.purpose} failed")


async def _record(app: FastAPI, claim: Claim, verb: str) -> None:
    """Records an event in a transaction of its own, at a limited rate for each address."""
    limit: EntryLimit = app.state.failed_sign_ins
    unrecorded = limit.take(sign_in_throttle.address_key(claim.email))
    if unrecorded is None:
        return

    def write(session: Session) -> None:
        change = Change.of(session, sign_in.VISITOR, app.state.settings)
        sign_in.record_failure(change, claim.email, claim.account, verb, unrecorded)

    await threads.write(app, write)
