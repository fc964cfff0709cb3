"""How a handler comes by its session and its actor. A route names its need here, or is listed as public.

`Read` is one snapshot; `Write` holds the ledger and commits once, before the answer is sent.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi.concurrency import contextmanager_in_threadpool
from pydantic_core import to_json
from sqlalchemy import delete
from sqlmodel import Session, col
from starlette.responses import Response

from app.api import off_loop
from app.api.gateway import Keepable
from app.api.problem import Forbidden, Refused, unauthenticated
from app.config import Settings
from app.db import Database, forget, seq
from app.domain.authority import Actor, Scope, Standing
from app.domain.errors import NotFound, RuleBroken
from app.models.idempotency import RememberedAnswer
from app.models.partnership import Partnership
from app.queries import visible
from app.queries.actor import find_credential

JSON = "application/json"
PUBLIC = {
    ("GET", "/api/v1/health"),
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/passwords"),
}
"""The few routes that ask nobody who they are; every other names its need."""
REMEMBER_FOR = timedelta(days=8)
KNOWN = "known"
"""The need of the few routes open to whoever has a credential at all."""
Need = Scope | Literal["known"]
Narrowing = Annotated[
    str | None, Query(max_length=80, description="A partnership's code, for who sees several.")
]


class Replay(Exception):
    """The request was answered before; here is that answer."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Call:
    """What reads and writes have in common: who asks, of which partnership, on what day."""

    def __init__(self, request: Request, session: Session, actor: Actor, need: Need) -> None:
        self.request = request
        self.session = session
        self.actor = actor
        self.need = need
        self.settings: Settings = request.app.state.settings
        self.today: date = self.settings.today()
        """Asked once: an answer begun before midnight is of that day, and kept as that day's."""
        self._partnership: Partnership | None = None
        self._sights: dict[int, visible.Sight] = {}

    @property
    def now(self) -> datetime:
        return self.settings.now()

    def partnership(self) -> Partnership:
        """The one meant by `?partnership=`, or the only one the actor sees."""
        if self._partnership is None:
            scope = Scope.READ if self.need == KNOWN else Scope(self.need)
            self._partnership = visible.one_partnership(self.session, self.actor, scope)
        return self._partnership

    def standing(self) -> Standing:
        """What the actor is in the partnership meant."""
        standing = self.actor.standing_in(self.partnership().id or 0)
        assert standing is not None, "a partnership that is found is one the actor stands in"
        return standing

    def sight(self, partnership_id: int | None = None) -> visible.Sight:
        """Which figures the actor may see in a partnership, by default the one meant; its releases are read once."""
        id_ = partnership_id if partnership_id is not None else self.partnership().id or 0
        if id_ not in self._sights:
            self._sights[id_] = visible.Sight(self.session, self.actor, id_, self.today)
        return self._sights[id_]

    def require(self, scope: Scope) -> None:
        """A need that only the content of a request shows."""
        if not self.actor.may(scope):
            raise Forbidden(scope, self.actor)


class Read(Call):
    def answer(self, content: Any, *, version: int | None = None) -> Response:
        """JSON of one thing. With `version`, the ETag is also what If-Match will be asked for."""
        return self.kept(to_json(content), JSON, version=version)

    def kept(self, body: bytes, media_type: str, *, version: int | None = None) -> Response:
        """An answer that stays good until something changes."""
        state = f"{seq(self.session)}|{self.today}|{self.actor.caller}|{self.request.url.path}"
        state += f"?{self.request.url.query}|{media_type}"
        digest = hashlib.sha256(state.encode()).hexdigest()[:24]
        etag = f'"{digest}"' if version is None else f'"v{version}.{digest}"'
        self.request.scope["saferplan.keepable"] = Keepable(
            seq(self.session), self.today, etag.encode(), self.request.state.until
        )
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Accept"}
        return Response(body, media_type=media_type, headers=headers)


class Write(Call):
    idempotency: tuple[str, str, str] | None = None
    """Caller, key and request hash, where the request carried an Idempotency-Key."""

    def answer(
        self,
        content: Any,
        status: int = 200,
        *,
        location: str | None = None,
        remember: bool = True,
        version: int | None = None,
    ) -> Response:
        """The answer to a change; remembered in its transaction where the caller asked for that.

        `remember=False` for secrets, which are shown once.
        """
        body = b"" if status == 204 else to_json(content)
        if remember and self.idempotency is not None:
            caller, key, request_hash = self.idempotency
            self.session.add(
                RememberedAnswer(
                    caller=caller,
                    key=key,
                    request_hash=request_hash,
                    status=status,
                    location=location,
                    body=body,
                    created_at=datetime.now(UTC),
                )
            )
            self.session.flush()
        headers = {"Cache-Control": "no-store"}
        if location is not None:
            headers["Location"] = location
        if version is not None:
            headers["ETag"] = f'"v{version}.0"'
        return Response(body, status, headers, media_type=None if status == 204 else JSON)

    def dry_run(self, content: Any) -> Response:
        """The same work, told and then undone."""
        forget(self.session)
        self.idempotency = None
        return self.answer(content)


def reading(need: Need) -> Any:
    """Depends on one snapshot for an actor who has `need` somewhere."""

    def read(request: Request, partnership: Narrowing = None) -> Iterator[Read]:
        database: Database = request.app.state.database
        with database.read() as session:
            actor = authenticate(request, session, need, partnership)
            yield Read(request, session, actor, need)

    return Depends(declared(read, need), scope="function")


def writing(need: Need) -> Any:
    """Depends on the ledger for an actor who has `need` somewhere."""

    async def write(request: Request, partnership: Narrowing = None) -> AsyncIterator[Write]:
        bearer(request)
        body = await request.body()
        gate: asyncio.Lock = request.app.state.gate
        work = _writing(request, need, partnership, body)
        async with gate, contextmanager_in_threadpool(work) as call:
            yield call

    return Depends(declared(write, need), scope="function")


def admitting(need: Need) -> Any:
    """Depends on an actor who has `need`, asked before a long body is read and taken apart."""

    async def admit(request: Request, partnership: Narrowing = None) -> Actor:
        return await off_loop.read(
            request.app, lambda session: authenticate(request, session, need, partnership)
        )

    return Depends(declared(admit, need))


@contextmanager
def _writing(request: Request, need: Need, partnership: str | None, body: bytes) -> Iterator[Write]:
    database: Database = request.app.state.database
    with database.write() as session:
        actor = authenticate(request, session, need, partnership)
        call = Write(request, session, actor, need)
        _remember_or_replay(call, body)
        yield call


def declared(dependency: Callable[..., Any], need: Need) -> Callable[..., Any]:
    """Marks a dependency with the need it checks, so that a test can ask every route for it."""
    dependency.need = need  # type: ignore[attr-defined]
    return dependency


def authenticate(request: Request, session: Session, need: Need, partnership: str | None) -> Actor:
    """The actor behind the bearer token. 401 when there is none, 403 when it lacks `need` everywhere."""
    token = bearer(request)
    credential = find_credential(session, token, datetime.now(UTC))
    if credential is None:
        raise unauthenticated("This key or session is unknown, has ended or has been revoked.")
    request.state.until = credential.until.timestamp()
    if credential.note_use:
        request.state.note_use = token
    actor = narrowed(credential.actor, partnership)
    if need != KNOWN and not actor.may(Scope(need)):
        raise Forbidden(need, actor)
    return actor


def bearer(request: Request) -> str:
    """The token a request carries; 401 when it carries none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated("Send a key or a session token as “Authorization: Bearer …”.")
    return token.strip()


def narrowed(actor: Actor, partnership: str | None) -> Actor:
    """The actor as it stands in the partnership named by `?partnership=`; not found where it has no standing."""
    if partnership is None:
        return actor
    standings = tuple(each for each in actor.standings if each.partnership_code == partnership)
    if not standings:
        raise NotFound(f"The partnership “{partnership[:80]}”")
    return replace(actor, standings=standings)


def _remember_or_replay(call: Write, body: bytes) -> None:
    request = call.request
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST":
        return
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise RuleBroken("Idempotency-Key", "bad_idempotency_key", "Expected 1 to 255 ordinary characters.")
    caller = hashlib.sha256(call.actor.caller.encode()).hexdigest()
    whole = "\n".join((request.method, request.url.path, request.url.query, "")).encode() + body
    request_hash = hashlib.sha256(whole).hexdigest()
    found = call.session.get(RememberedAnswer, (caller, key))
    if found is None:
        call.idempotency = (caller, key, request_hash)
        return
    if found.request_hash != request_hash:
        raise RuleBroken(
            "Idempotency-Key",
            "idempotency_key_reused",
            "This key came with another request before. Use a new one.",
        )
    headers = {"Idempotent-Replayed": "true", "Cache-Control": "no-store"}
    if found.location is not None:
        headers["Location"] = found.location
    raise Replay(Response(found.body, found.status, headers, media_type=JSON))


def forget_old_answers(database: Database) -> None:
    """Answers are kept for at least seven days."""
    with database.aside() as connection:
        connection.execute(
            delete(RememberedAnswer).where(
                col(RememberedAnswer.created_at) < datetime.now(UTC) - REMEMBER_FOR
            )
        )


def matches(request: Request, version: int) -> None:
    """If-Match: 428 when there is none, 412 when it names another version of the thing.

    Taken are the ETag of a GET, the `version` in its body, and `*`.
    """
    given = request.headers.get("if-match")
    if given is None:
        raise Refused(428, "if_match_required", "Read it first, and send its ETag as If-Match.")
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in given.split(","))
    versions = {tag.partition(".")[0].removeprefix("v") for tag in tags}
    if str(version) not in versions and given.strip() != "*":
        raise Refused(
            412, "changed_meanwhile", "Somebody changed it since you read it. Read it again, then decide."
        )
