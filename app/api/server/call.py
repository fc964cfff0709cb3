"""The call that a handler gets: session, actor, partnership, and the response.

`Read` has one snapshot; `Write` holds the ledger and commits once, before the response is sent.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from anyio import CapacityLimiter
from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.server import idempotency
from app.api.server.authentication import ANY_CREDENTIAL, Need, authenticate
from app.api.server.encode import to_json
from app.api.server.link import address_of
from app.api.server.problem import Forbidden
from app.api.server.response_cache import Cacheable
from app.commands.change import Change
from app.config import Settings
from app.db import Database, epoch, forget, seq
from app.domain.access.authority import Access, Actor, Scope
from app.models.link import Link
from app.models.plan.partnership import Partnership
from app.queries import visible
from app.queries.figures.visibility import FigureVisibility

JSON = "application/json"


class Call:
    """Base class of Read and Write. `session` and `actor` are set when it is opened."""

    session: Session
    actor: Actor

    def __init__(self, request: Request, need: Need, narrowing: str | None) -> None:
        self.request = request
        self.need = need
        self.narrowing = narrowing
        self.database: Database = request.app.state.database
        self.settings: Settings = request.app.state.settings
        self.today: date = self.settings.today()
        """Read once, so that a response begun before midnight is of that day throughout, and cached as such."""
        self._partnership: Partnership | None = None
        self._visibilities: dict[int, FigureVisibility] = {}

    @property
    def now(self) -> datetime:
        return self.settings.now()

    def authenticate(self, session: Session) -> None:
        """Sets session and actor; raises 401 or 403."""
        self.session = session
        self.actor = authenticate(self.request, session, self.need, self.narrowing)

    def partnership(self) -> Partnership:
        """The partnership named by `?partnership=`, or the only one the actor sees."""
        if self._partnership is None:
            scope = Scope.READ if self.need == ANY_CREDENTIAL else Scope(self.need)
            self._partnership = visible.get_only_partnership(self.session, self.actor, scope)
        return self._partnership

    def access(self) -> Access:
        """The actor's access in the partnership."""
        access = self.actor.access_in(self.partnership().id)
        assert access is not None, "`partnership` returns only those the actor has access in"
        return access

    def visibility(self, partnership_id: int | None = None) -> FigureVisibility:
        """Figures the actor may see in a partnership, by default the request's; computed once."""
        id_ = partnership_id if partnership_id is not None else self.partnership().id
        if id_ not in self._visibilities:
            self._visibilities[id_] = FigureVisibility(self.session, self.actor, id_, self.today)
        return self._visibilities[id_]

    def require(self, scope: Scope) -> None:
        """Requires a scope that depends on the request's content; raises 403."""
        if not self.actor.may(scope):
            raise Forbidden(scope, self.actor)


class Read(Call):
    """A call that reads one snapshot."""

    @property
    def turns(self) -> CapacityLimiter:
        limiter: CapacityLimiter = self.request.app.state.readers
        return limiter

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Opens the session and authenticates; `access.run_in_turn` runs the handler in it."""
        with self.database.read() as session:
            self.authenticate(session)
            yield

    def answer(self, content: Any, *, version: int | None = None) -> Response:
        """Responds with JSON, cacheable. With `version`, the ETag can be sent as If-Match to edit it."""
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
    """A call that holds the ledger."""

    body = b""
    """The raw body, by which a repeated request is recognised."""
    claimed: idempotency.Claim | None = None
    """Set if the request has an Idempotency-Key."""

    @property
    def turns(self) -> CapacityLimiter:
        limiter: CapacityLimiter = self.request.app.state.writers
        return limiter

    @property
    def change(self) -> Change:
        """The change that this write makes in the partnership."""
        return self.change_in(self.partnership().id)

    def change_in(self, partnership_id: int | None) -> Change:
        """The change that this write makes, in the audit record of a partnership or of none."""
        return Change(self.session, self.actor, partnership_id, self.today, self.now)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Opens the session, authenticates and claims the Idempotency-Key; commits when the handler returns."""
        with self.database.write() as session:
            self.authenticate(session)
            self.claimed = idempotency.claim(self.request, session, self.actor, self.body)
            yield

    def answer(
        self,
        content: Any,
        status: int = 200,
        *,
        location: Link | None = None,
        remember: bool = True,
        version: int | None = None,
    ) -> Response:
        """Responds to a change with JSON, and stores the answer if the request has an Idempotency-Key.

        `remember=False` is for secrets, which are shown once.
        """
        body = b"" if status == 204 else to_json(content)
        address = address_of(location) if location is not None else None
        if remember and self.claimed is not None:
            idempotency.remember(self.session, self.claimed, status=status, location=address, body=body)
        headers = {"Cache-Control": "no-store"}
        if address is not None:
            headers["Location"] = address
        if version is not None:
            headers["ETag"] = f'"v{version}.0"'
        return Response(body, status, headers, media_type=None if status == 204 else JSON)

    def dry_run(self, content: Any) -> Response:
        """Responds with the outcome of a change, and rolls it back."""
        forget(self.session)
        self.claimed = None
        return self.answer(content)
