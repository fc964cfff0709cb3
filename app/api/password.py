"""Setting a password with a one-time link."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.api import off_loop, openapi
from app.api.body import ExactRoute
from app.commands import one_time_link, password
from app.models.person import PasswordIn
from app.queries import person as people

router = APIRouter(route_class=ExactRoute, tags=["people"])


@router.post("/passwords", status_code=204, responses=openapi.errors(400, 413, 415, 422))
async def set_password(request: Request, body: PasswordIn) -> Response:
    """Take up an invitation, or reset a password. The link is used up, and the person is signed out everywhere."""
    app = request.app

    def known_to(session: Session) -> tuple[str, ...]:
        link = one_time_link.good(session, body.token, datetime.now(UTC))
        return people.known_to(session, link.person_id)

    about = await off_loop.read(app, known_to)
    hashed = await off_loop.slowly(app, lambda: password.new_hash(body.password, about))
    now, clock = app.state.settings.now(), datetime.now(UTC)
    await off_loop.write(
        app, lambda session: password.set_by_link(session, body.token, hashed, now=now, clock=clock)
    )
    return Response(status_code=204, headers={"Cache-Control": "no-store"})
