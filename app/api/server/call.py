"""One request as its handler has it: who asks, of which partnership, and the answer.

`Read` is one snapshot; `Write` holds the ledger and commits once, before the answer is sent.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from anyio import CapacityLimiter
from fastapi import Request
from pydantic_core import to_json
from sqlmodel import Session
from starlette.responses import Response

from app.api.server import idempotency
from app.api.server.authentication import ANY_CREDENTIAL, Need, authenticate
from app.api.server.problem import Forbidden
from app.api.server.response_cache import Cacheable
from app.commands.change import Change
from app.config import Settings
from app.db import Database, epoch, forget, seq
from app.domain.access.authority import Access, Actor, Scope
from app.models.plan.partnership import Partnership
from app.queries import visible
from app.queries.figures.visibility import FigureVisibility

JSON = "application/json"


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
        self._visibilities: dict[int, FigureVisibility] = {}

    @property
    def now(self) -> datetime:
        return self.settings.now()

    def authenticate(self, session: Session) -> None:
        self.session = session
        self.actor = authenticate(self.request, session, self.need, self.narrowing)

    def partnership(self) -> Partnership:
        """The one meant by `?partnership=`, or the only one the actor sees."""
        if self._partnership is None:
            scope = Scope.READ if self.need == ANY_CREDENTIAL else Scope(self.need)
            self._partnership = visible.one_partnership(self.session, self.actor, scope)
        return self._partnership

    def access(self) -> Access:
        """What the actor is in the partnership meant."""
        access = self.actor.access_in(self.partnership().id)
        assert access is not None, "a partnership that is found is one the actor stands in"
        return access

    def visibility(self, partnership_id: int | None = None) -> FigureVisibility:
        """Which figures the actor may see in a partnership, by default the one meant; its releases are read once."""
        id_ = partnership_id if partnership_id is not None else self.partnership().id
        if id_ not in self._visibilities:
            self._visibilities[id_] = FigureVisibility(self.session, self.actor, id_, self.today)
        return self._visibilities[id_]

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
        return self.cacheable(to_json(content), JSON, version=version)

    def cacheable(self, body: bytes, media_type: str, *, version: int | None = None) -> Response:
        """Marks a response as cacheable until the next change, and gives it an ETag."""
        state = f"{seq(self.session)}{epoch(self.session)}|{self.today}|{self.actor.caller}|{self.request.url.path}"
        state += f"?{self.request.url.query}|{media_type}"
        digest = hashlib.sha256(state.encode()).hexdigest()[:24]
        etag = f'"{digest}"' if version is None else f'"v{version}.{digest}"'
        self.request.scope["saferplan.cacheable"] = Cacheable(
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

    @property
    def change(self) -> Change:
        """This write, in the partnership meant."""
        return self.change_in(self.partnership().id)

    def change_in(self, partnership_id: int | None) -> Change:
        """This write, in the record of a partnership, or of none."""
        return Change(self.session, self.actor, partnership_id, self.today, self.now)

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
