"""How a handler comes by its session and its actor. A route names its need here, or is listed as public.

`Read` is one snapshot; `Write` holds the ledger and commits once, before the answer is sent. Either is opened,
used and closed by the one thread that runs the handler (`run_in_turn`).
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from anyio import CapacityLimiter
from fastapi import Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from pydantic_core import to_json
from sqlmodel import Session
from starlette.responses import Response

from app.api.server import idempotency, off_loop
from app.api.server.answers import Keepable
from app.api.server.problem import Forbidden, Refused, unauthenticated
from app.config import Settings
from app.db import Database, epoch, forget, seq
from app.domain.access.authority import Actor, Scope, Standing
from app.domain.errors import NotFound
from app.models.plan.partnership import Partnership
from app.queries import visible
from app.queries.access.actor import find_credential
from app.queries.figures.sight import Sight

JSON = "application/json"
PUBLIC = {
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/ready"),
    ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/passwords"),
}
"""The few routes that ask nobody who they are; every other names its need."""
KNOWN = "known"
"""The need of the few routes open to whoever has a credential at all."""
Need = Scope | Literal["known"]
Narrowing = Annotated[
    str | None, Query(max_length=80, description="A partnership's code, for who sees several.")
]


class Call:
    """What reads and writes have in common: who asks, of which partnership, on what day.

    `session` and `actor` are there once it is opened.
    """

    session: Session
    actor: Actor

    def __init__(self, request: Request, need: Need, narrowing: str | None) -> None:
        self.request = request
        self.need = need
        self.narrowing = narrowing
        self.database: Database = request.app.state.database
        self.settings: Settings = request.app.state.settings
        self.today: date = self.settings.today()
        """Asked once: an answer begun before midnight is of that day, and kept as that day's."""
        self._partnership: Partnership | None = None
        self._sights: dict[int, Sight] = {}

    @property
    def now(self) -> datetime:
        return self.settings.now()

    def authenticate(self, session: Session) -> None:
        self.session = session
        self.actor = authenticate(self.request, session, self.need, self.narrowing)

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

    def sight(self, partnership_id: int | None = None) -> Sight:
        """Which figures the actor may see in a partnership, by default the one meant; its releases are read once."""
        id_ = partnership_id if partnership_id is not None else self.partnership().id or 0
        if id_ not in self._sights:
            self._sights[id_] = Sight(self.session, self.actor, id_, self.today)
        return self._sights[id_]

    def require(self, scope: Scope) -> None:
        """A need that only the content of a request shows."""
        if not self.actor.may(scope):
            raise Forbidden(scope, self.actor)


class Read(Call):
    @property
    def turns(self) -> CapacityLimiter:
        limiter: CapacityLimiter = self.request.app.state.readers
        return limiter

    @contextmanager
    def opened(self) -> Iterator[None]:
        with self.database.read() as session:
            self.authenticate(session)
            yield

    def answer(self, content: Any, *, version: int | None = None) -> Response:
        """JSON of one thing. With `version`, the ETag is also what If-Match will be asked for."""
        return self.kept(to_json(content), JSON, version=version)

    def kept(self, body: bytes, media_type: str, *, version: int | None = None) -> Response:
        """An answer that stays good until something changes."""
        state = f"{seq(self.session)}{epoch(self.session)}|{self.today}|{self.actor.caller}|{self.request.url.path}"
        state += f"?{self.request.url.query}|{media_type}"
        digest = hashlib.sha256(state.encode()).hexdigest()[:24]
        etag = f'"{digest}"' if version is None else f'"v{version}.{digest}"'
        self.request.scope["saferplan.keepable"] = Keepable(
            (seq(self.session), epoch(self.session)), self.today, etag.encode(), self.request.state.until
        )
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Accept"}
        return Response(body, media_type=media_type, headers=headers)


class Write(Call):
    body = b""
    """As it was sent: a request is the same as an earlier one where this is too."""
    claimed: idempotency.Claim | None = None
    """Where the request carried an Idempotency-Key."""

    @property
    def turns(self) -> CapacityLimiter:
        limiter: CapacityLimiter = self.request.app.state.writers
        return limiter

    @contextmanager
    def opened(self) -> Iterator[None]:
        with self.database.write() as session:
            self.authenticate(session)
            self.claimed = idempotency.claim(self.request, session, self.actor, self.body)
            yield

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
        if remember and self.claimed is not None:
            idempotency.remember(self.session, self.claimed, status=status, location=location, body=body)
        headers = {"Cache-Control": "no-store"}
        if location is not None:
            headers["Location"] = location
        if version is not None:
            headers["ETag"] = f'"v{version}.0"'
        return Response(body, status, headers, media_type=None if status == 204 else JSON)

    def dry_run(self, content: Any) -> Response:
        """The same work, told and then undone."""
        forget(self.session)
        self.claimed = None
        return self.answer(content)


def reading(need: Need) -> Any:
    """Depends on one snapshot for an actor who has `need` somewhere."""

    async def read(request: Request, partnership: Narrowing = None) -> Read:
        return Read(request, need, partnership)

    return Depends(declared(read, need))


def writing(need: Need) -> Any:
    """Depends on the ledger for an actor who has `need` somewhere."""

    async def write(request: Request, partnership: Narrowing = None) -> Write:
        call = Write(request, need, partnership)
        call.body = await request.body()
        return call

    return Depends(declared(write, need))


def run_in_turn(handler: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
    """Makes of a handler a coroutine: its call is opened, used and closed in one thread, when its turn has come.

    A call opened in one thread and used in another holds a connection while it waits for the second, and
    requests enough of that kind wait for each other for ever.
    """

    async def run(**arguments: Any) -> Response:
        call = next((each for each in arguments.values() if isinstance(each, Read | Write)), None)
        if call is None:
            return await run_in_threadpool(handler, **arguments)

        def work() -> Response:
            with call.opened():
                return handler(**arguments)

        return await off_loop.take_turn(call.turns, work)

    return run


def admitting(need: Need) -> Any:
    """Depends on an actor who has `need`, asked before a long body is read and taken apart."""

    async def admit(request: Request, partnership: Narrowing = None) -> Actor:
        return await off_loop.read(
            request.app, lambda session: authenticate(request, session, need, partnership)
        )

    return Depends(declared(admit, need))


async def require_credential(request: Request, need: Need) -> None:
    """401 or 403 for who may not ask this at all: said before what is wrong with the request."""
    bearer(request)
    if getattr(request.state, "until", None) is None:
        await off_loop.read(request.app, lambda session: authenticate(request, session, need, None))


def need_of(dependant: Dependant) -> Need | None:
    """What a route asks for, wherever among its dependencies it says so; None where it is public."""
    own: Need | None = getattr(dependant.call, "need", None)
    found = [own, *map(need_of, dependant.dependencies)]
    return next((each for each in found if each is not None), None)


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
    # Who may not do it anywhere is told so, whether or not the partnership named is there.
    for actor in (credential.actor, narrowed(credential.actor, partnership)):
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
