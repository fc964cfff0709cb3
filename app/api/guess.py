"""Guesses at a password: counted before they are checked, and recorded when wrong or not taken."""

import math
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlmodel import Session

from app.api import off_loop
from app.api.noting import Ration
from app.api.problem import Refused
from app.commands import guess, sign_in


async def count(app: FastAPI, email: str, known: sign_in.Known | None, attempt: str) -> None:
    """Counts one more at this address. 429 where there have been too many: it is not to be checked."""
    clock = datetime.now(UTC)
    wait = await off_loop.aside(app, lambda connection: guess.count(connection, email, clock))
    if not wait:
        return
    await record(app, email, known, f"{attempt} held back")
    seconds = max(1, math.ceil(wait.total_seconds()))
    waiting = "1 second" if seconds == 1 else f"{seconds} seconds"
    message = f"Too many wrong tries for this address. Wait {waiting}, then try again."
    raise Refused(429, "too_many_guesses", message, headers={"Retry-After": str(seconds)})


async def record(app: FastAPI, email: str, known: sign_in.Known | None, action: str) -> None:
    """In a transaction of its own, and only so often for one address."""
    ration: Ration = app.state.failed_sign_ins
    unrecorded = ration.take(guess.account(email))
    if unrecorded is None:
        return

    def write(session: Session) -> None:
        now = app.state.settings.now()
        sign_in.record_failure(session, email, known, action=action, unrecorded=unrecorded, now=now)

    await off_loop.write(app, write)
