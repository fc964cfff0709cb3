"""Sets a password: with a one-time link, or one's own with the current password."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.access.sign_in_throttle import Claim, check_password, claim_to_change_password, record_wrong
from app.api.server import openapi, threads
from app.api.server.access import admitting
from app.api.server.authentication import ANY_CREDENTIAL, bearer
from app.api.server.base import make_router
from app.api.server.strict_json import FROM_ANYBODY
from app.commands.access import one_time_link, password
from app.commands.access.sign_in import VISITOR
from app.commands.change import Change
from app.domain.access.authority import Actor
from app.domain.errors import NotFound, RuleBroken
from app.models.access.person import OwnPasswordIn, PasswordIn, Person
from app.models.access.token import token_hash
from app.queries.access import person as people

router = make_router("people")


@router.post(
    "/passwords",
    status_code=204,
    responses=openapi.errors(400, 413, 415, 422),
    openapi_extra=FROM_ANYBODY,
)
async def set_password(request: Request, body: PasswordIn) -> Response:
    """Accept an invitation, or reset a password. The link is used up, and the person is signed out everywhere."""
    app = request.app

    def read_identifiers(session: Session) -> tuple[str, ...]:
        link = one_time_link.get_usable(session, body.token, datetime.now(UTC))
        return people.personal_words(session, link.person_id)

    about = await threads.read(app, read_identifiers)
    hashed = await threads.hash_password(app, lambda: password.new_hash(body.password, about))
    clock = datetime.now(UTC)

    def write(session: Session) -> None:
        change = Change.of(session, VISITOR, app.state.settings)
        password.set_by_link(change, body.token, hashed, clock)

    await threads.write(app, write)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.post("/me/password", status_code=204, responses=openapi.errors(400, 401, 404, 413, 415, 422))
async def change_own_password(
    request: Request, actor: Annotated[Actor, admitting(ANY_CREDENTIAL)], body: OwnPasswordIn
) -> Response:
    """Change your own password. Your other sessions end; a wrong current password counts as at sign-in."""
    app, person_id = request.app, actor.person_id
    if person_id is None:
        raise NotFound("A password of this key")

    def read_claim(session: Session) -> tuple[Claim, tuple[str, ...]]:
        email, about = session.get_one(Person, person_id).email, people.personal_words(session, person_id)
        # Before the guess is counted: trying new passwords that are too weak is no guess at the current one.
        password.check(body.password, about)
        hashed = token_hash(bearer(request))
        return claim_to_change_password(session, request, email, hashed), about

    claim, about = await threads.read(app, read_claim)
    right = await check_password(app, claim, body.current_password)
    if right is None or not await _change(request, claim, body.password, about, actor):
        await record_wrong(app, claim)
        raise RuleBroken("current_password", "wrong_password", "This is not your password.")
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


async def _change(request: Request, claim: Claim, chosen: str, about: tuple[str, ...], actor: Actor) -> bool:
    """Stores the new password; False if the current one was changed meanwhile."""
    app, stays, account = request.app, bearer(request), claim.account
    assert account is not None, "only a person has a password that is right"
    hashed = await threads.hash_password(app, lambda: password.new_hash(chosen, about))

    def write(session: Session) -> bool:
        change = Change.of(session, actor, app.state.settings)
        return password.change_own(change, account, hashed, stays)

    return await threads.write(app, write)
