"""How a handler comes by its call. A route names its need here, or is listed as public.

A call is opened, used and closed by the one thread that runs the handler (`run_in_turn`).
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from starlette.responses import Response

from app.api.server import threads
from app.api.server.authentication import Need, authenticate, bearer
from app.api.server.call import Read, Write
from app.api.server.problem import Refused
from app.domain.access.authority import Actor

PUBLIC = {
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/ready"),
    ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/passwords"),
}
"""The few routes that ask nobody who they are; every other names its need."""
Narrowing = Annotated[
    str | None, Query(max_length=80, description="A partnership's code, for who sees several.")
]


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

        return await threads.take_turn(call.turns, work)

    return run


def admitting(need: Need) -> Any:
    """Depends on an actor who has `need`, asked before a long body is read and taken apart."""

    async def admit(request: Request, partnership: Narrowing = None) -> Actor:
        return await threads.read(
            request.app, lambda session: authenticate(request, session, need, partnership)
        )

    return Depends(declared(admit, need))


async def require_credential(request: Request, need: Need) -> None:
    """401 or 403 for who may not ask this at all: said before what is wrong with the request."""
    bearer(request)
    if getattr(request.state, "until", None) is None:
        await threads.read(request.app, lambda session: authenticate(request, session, need, None))


def need_of(dependant: Dependant) -> Need | None:
    """What a route asks for, wherever among its dependencies it says so; None where it is public."""
    own: Need | None = getattr(dependant.call, "need", None)
    found = [own, *map(need_of, dependant.dependencies)]
    return next((each for each in found if each is not None), None)


def declared(dependency: Callable[..., Any], need: Need) -> Callable[..., Any]:
    """Marks a dependency with the need it checks, so that a test can ask every route for it."""
    dependency.need = need  # type: ignore[attr-defined]
    return dependency


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
