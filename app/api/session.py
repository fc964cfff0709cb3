"""Signing in and out."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Request
from pydantic_core import to_json
from starlette.responses import Response

from app.api import guess, off_loop, openapi
from app.api.access import JSON, KNOWN, Write, bearer, writing
from app.api.base import addresses
from app.api.problem import Refused
from app.commands import password, sign_in
from app.domain.errors import NotFound
from app.models.person import SessionIn, SessionOut
from app.models.wire import instant_text

router = addresses("people")
WRONG = "This address and password do not belong together, or nobody may sign in with them."


@router.post(
    "/sessions", status_code=201, response_model=SessionOut, responses=openapi.errors(400, 401, 413, 415, 422)
)
async def create_session(request: Request, body: SessionIn) -> Response:
    """Sign in. The token is for `Authorization: Bearer …`: 30 minutes unused end it, and 12 hours in any case."""
    app = request.app
    known = await off_loop.read(app, lambda session: sign_in.find(session, body.email))
    await guess.count(app, body.email, known, "sign-in")
    stored = known.password_hash if known is not None else None
    opened = None
    if await off_loop.slowly(app, lambda: password.fits(stored, body.password)) and known is not None:
        opened = await _open(request, known, body.password)
    if opened is None:
        await guess.record(app, body.email, known, "sign-in failed")
        raise Refused(401, "wrong_credentials", WRONG, headers={"WWW-Authenticate": "Bearer"})
    answer = SessionOut(token=opened.token, expires_at=instant_text(opened.expires_at))
    return Response(to_json(answer), 201, {"Cache-Control": "no-store"}, JSON)


async def _open(request: Request, known: sign_in.Known, given: str) -> sign_in.Opened | None:
    """A fresh token at every sign-in; a session that the request came with ends."""
    app = request.app
    renewed = await off_loop.slowly(app, lambda: password.renewed(known.password_hash, given))
    _scheme, _, replaces = request.headers.get("authorization", "").partition(" ")
    now, clock = app.state.settings.now(), datetime.now(UTC)
    return await off_loop.write(
        app,
        lambda session: sign_in.open_session(
            session, known, replaces=replaces.strip(), renewed=renewed, now=now, clock=clock
        ),
    )


@router.delete("/sessions/current", status_code=204, responses=openapi.errors(401, 404, 422))
def delete_session(call: Annotated[Write, writing(KNOWN)]) -> Response:
    """Sign out: the token is of no more use. A key has no session to end."""
    if call.actor.person_id is None:
        raise NotFound("A session of this key")
    sign_in.end(
        call.session,
        bearer(call.request),
        person_id=call.actor.person_id,
        actor=call.actor,
        now=call.now,
    )
    return call.answer(None, 204)
