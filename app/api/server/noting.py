"""What is written down beside requests: refusals, and when a credential was last used."""

import asyncio
import logging
import time
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from sqlalchemy import Connection, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.server import threads
from app.api.server.base import BASE
from app.api.server.problem import Forbidden, Refused, first_line
from app.api.server.turns import end_turn
from app.commands.change import Change
from app.domain.access.authority import Actor
from app.models.access.key import ApiKey
from app.models.access.person import SignIn
from app.models.access.token import token_hash

LOG = logging.getLogger(__name__)


class Ration:
    """How many events are written down one by one in a minute: for each cause, and in all.

    The record is for ever and every entry ends kept answers, so nobody may write to it as fast as they can ask.
    """

    def __init__(self, each: int, overall: int) -> None:
        self.each = each
        self.overall = overall
        self.clock = time.monotonic
        self._minute = 0
        self._given: dict[str, int] = {}
        self._left_out = 0

    def take(self, cause: str) -> int | None:
        """None when this one is to be left out, else how many were since the last that was not."""
        minute = int(self.clock() // 60)
        if minute != self._minute:
            self._minute, self._given = minute, {}
        given = self._given.get(cause, 0)
        if given >= self.each or sum(self._given.values()) >= self.overall:
            self._left_out += 1
            return None
        self._given[cause] = given + 1
        left_out, self._left_out = self._left_out, 0
        return left_out


def install(app: FastAPI) -> None:
    app.state.refusals = Ration(each=5, overall=60)
    app.state.failed_sign_ins = Ration(each=15, overall=60)
    app.state.remember_refusal = remember_refusal
    app.state.notes = set()
    app.add_middleware(NotesUse)


async def remember_refusal(refused: Forbidden, request: Request) -> None:
    """An audit event in a transaction of its own: the request's is rolled back."""
    app: FastAPI = request.app
    actor: Actor = refused.actor
    route = str(request.scope["route"].path).removeprefix(BASE)
    left_out = app.state.refusals.take(actor.caller)
    if left_out is None:
        return
    data = {"method": request.method, "path": request.url.path[:200], "need": str(refused.need)}
    if left_out:
        data["unrecorded_before"] = str(left_out)
    place = actor.accesses[0].partnership_id if len(actor.accesses) == 1 else None

    def record(session: Session) -> None:
        change = Change.of(session, actor, app.state.settings, place)
        change.record("refused", "route", route[:200], **data)

    end_turn(request.scope)
    await threads.write(app, record)


class NotesUse:
    """ASGI layer: when an answer has gone out, writes down that its credential was used."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._being_noted: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        token = scope.get("state", {}).get("note_use") if scope["type"] == "http" else None
        if token is None or token in self._being_noted:
            return
        self._being_noted.add(token)
        notes: set[asyncio.Task[None]] = scope["app"].state.notes
        task = asyncio.create_task(self._note(scope["app"], token))
        notes.add(task)
        task.add_done_callback(notes.discard)

    async def _note(self, app: FastAPI, token: str) -> None:
        try:
            await threads.aside(app, lambda connection: note_use(connection, token, datetime.now(UTC)))
        except (Refused, SQLAlchemyError) as error:
            LOG.warning("The last use of a credential could not be noted: %s", first_line(error))
        except Exception:
            LOG.exception("The last use of a credential could not be noted")
        finally:
            self._being_noted.discard(token)


def note_use(connection: Connection, token: str, clock: datetime) -> None:
    """When a credential was last used, to the minute."""
    hashed = token_hash(token)
    for model, column in ((SignIn, SignIn.token_hash), (ApiKey, ApiKey.secret_hash)):
        connection.execute(update(model).where(col(column) == hashed).values(last_used_at=clock))


async def finish(app: FastAPI) -> None:
    """Waits for what is still being noted, before the database is closed."""
    if app.state.notes:
        await asyncio.wait(app.state.notes)
