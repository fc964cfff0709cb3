"""The authenticated person or agency, and what they may do."""

from typing import Annotated

from starlette.responses import Response

from app.api.server import openapi
from app.api.server.access import reading
from app.api.server.authentication import ANY_CREDENTIAL
from app.api.server.base import make_router
from app.api.server.call import Read
from app.models.access.person import MeOut
from app.queries.access import person as people

router = make_router("people")


@router.get("/me", response_model=MeOut, responses=openapi.ONE)
def get_me(call: Annotated[Read, reading(ANY_CREDENTIAL)]) -> Response:
    """The person or agency behind the credential. A person of several partnerships narrows with `?partnership=`."""
    return call.answer(people.me(call.session, call.actor, call.today))
