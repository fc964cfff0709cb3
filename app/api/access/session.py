"""Signs in and out."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.access.sign_in_throttle import Claim, RightGuess, check_password, claim_to_sign_in, record_wrong
from app.api.server import openapi, threads
from app.api.server.access import writing
from app.api.server.authentication import ANY_CREDENTIAL, bearer
from app.api.server.base import make_router
from app.api.server.call import JSON, Write
from app.api.server.encode import to_json
from app.api.server.problem import Refused
from app.api.server.strict_json import FROM_ANYBODY
from app.commands.access import sign_in, sign_in_throttle
from app.commands.change import Change
from app.domain.errors import NotFound
from app.models.access.person import SessionIn, SessionOut
from app.models.wire import instant_text

router = make_router("people")
WRONG = "This address and password do not belong together, or nobody may sign in with them."


@router.post(
    "/sessions",
    status_code=201,
    response_model=SessionOut,
    responses=openapi.errors(400, 401, 413, 415, 422),
    openapi_extra=FROM_ANYBODY,
)
async def create_session(request: Request, body: SessionIn) -> Response:
    """Sign in. The token is for `Authorization: Bearer …`: 30 minutes unused end it, and 12 hours in any case.

    Wrong passwords are slowed down (429) by address and by the network they come from; with the `device` of an
    earlier sign-in nobody else's guesses delay it."""
    app = request.app
    claim = await threads.read(
        app, lambda session: claim_to_sign_in(session, request, body.email, body.device or "")
    )
    right = await check_password(app, claim, body.password)
    answer = await _open(request, claim, right) if right is not None else None
    if answer is None:
        await record_wrong(app, claim)
        raise Refused(401, "wrong_credentials", WRONG, headers={"WWW-Authenticate": "Bearer"})
    return Response(to_json(answer), 201, {"Cache-Control": "no-store"}, JSON)


async def _open(request: Request, claim: Claim, right: RightGuess) -> SessionOut | None:
    """Opens a session with a new token; ends the session of the request, if any."""
    app, account = request.app, claim.account
    assert account is not None, "only a person has a password that is right"
    _scheme, _, replaces = request.headers.get("authorization", "").partition(" ")
    opening = sign_in.Opening(account, replaces.strip(), right.renewed, claim.attempt.device)
    clock = datetime.now(UTC)

    def write(session: Session) -> SessionOut | None:
        change = Change.of(session, account.actor, app.state.settings)
        opened = sign_in.open_session(change, opening, clock)
        if opened is None:
            return None
        connection = session.connection()
        sign_in_throttle.forgive(connection, claim.email, claim.attempt)
        return SessionOut(
            token=opened.token,
            expires_at=instant_text(opened.expires_at),
            device=opened.device,
            wrong_guesses=sign_in_throttle.count_wrong(connection, claim.email, clock),
        )

    return await threads.write(app, write)


@router.delete("/sessions/current", status_code=204, responses=openapi.errors(401, 404, 422))
def delete_session(call: Annotated[Write, writing(ANY_CREDENTIAL)]) -> Response:
    """Sign out, so that the token is no longer valid. A key has no session to end."""
    if call.actor.person_id is None:
        raise NotFound("A session of this key")
    sign_in.end(call.change_in(None), bearer(call.request), call.actor.person_id)
    return call.answer(None, 204)
