"""Records refused requests in the audit log, at a limited rate."""

import time

from fastapi import FastAPI, Request
from sqlmodel import Session

from app.api.server import threads
from app.api.server.link import BASE
from app.api.server.problem import Forbidden
from app.api.server.turns import end_turn
from app.commands.change import Change
from app.domain.access.authority import Actor


class EntryLimit:
    """Rate-limits audit entries: each invalidates the response cache and can never be deleted.

    Limits are entries a minute: `per_cause`, and `overall`.
    """

    def __init__(self, per_cause: int, overall: int) -> None:
        self.per_cause = per_cause
        self.overall = overall
        self.clock = time.monotonic
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._left_out = 0

    def take(self, cause: str) -> int | None:
        """Counts an entry; returns the number left out since the last one, or None if this one is to be left out."""
        minute = int(self.clock() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        count = self._counts.get(cause, 0)
        if count >= self.per_cause or sum(self._counts.values()) >= self.overall:
            self._left_out += 1
            return None
        self._counts[cause] = count + 1
        left_out, self._left_out = self._left_out, 0
        return left_out


def install(app: FastAPI) -> None:
    app.state.refusals = EntryLimit(per_cause=5, overall=60)
    app.state.failed_sign_ins = EntryLimit(per_cause=15, overall=60)
    app.state.record_refusal = record_refusal


async def record_refusal(refused: Forbidden, request: Request) -> None:
    """Records a refusal in a transaction of its own: the request's is rolled back."""
    app: FastAPI = request.app
    actor: Actor = refused.actor
    route = str(request.scope["route"].path).removeprefix(BASE)
    left_out = app.state.refusals.take(actor.caller)
    if left_out is None:
        return
    details = {"method": request.method, "path": request.url.path[:200], "need": str(refused.need)}
    if left_out:
        details["unrecorded_before"] = str(left_out)
    place = actor.accesses[0].partnership_id if len(actor.accesses) == 1 else None

    def record(session: Session) -> None:
        change = Change.of(session, actor, app.state.settings, place)
        change.record("refused", "route", route[:200], **details)

    end_turn(request.scope)
    await threads.write(app, record)
