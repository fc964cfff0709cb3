"""Dependencies that authenticate a request. Each route names the scope it needs, or is listed as public.

The thread that runs a handler also opens and closes its call (`run_in_turn`).
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
"""Routes without authentication; every other route names its need."""
Narrowing = Annotated[
    str | None, Query(max_length=80, description="A partnership's code, for who sees several.")
]


def reading(need: Need) -> Any:
    """Dependency: a call that reads one snapshot, for an actor with `need` in some partnership."""

    async def read(request: Request, partnership: Narrowing = None) -> Read:
        return Read(request, need, partnership)

    return Depends(with_need(read, need))


def writing(need: Need) -> Any:
    """Dependency: a call that holds the ledger to write, for an actor with `need` in some partnership."""

    async def write(request: Request, partnership: Narrowing = None) -> Write:
        call = Write(request, need, partnership)
        call.body = await request.body()
        return call

    return Depends(with_need(write, need))


def run_in_turn(handler: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
    """Makes a handler a coroutine that opens, uses and closes its call in one thread, when it is its turn.

    Opened in one thread and used in another, a call would hold a connection while it waits for the second thread:
    enough such requests would deadlock.
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
    """Dependency: an actor with `need`, authenticated before a long body is read and parsed."""

    async def admit(request: Request, partnership: Narrowing = None) -> Actor:
        return await threads.read(
            request.app, lambda session: authenticate(request, session, need, partnership)
        )

    return Depends(with_need(admit, need))


async def require_credential(request: Request, need: Need) -> None:
    """Raises 401 or 403 without a credential for `need`, before any other error of the request is reported."""
    bearer(request)
    if getattr(request.state, "until", None) is None:
        await threads.read(request.app, lambda session: authenticate(request, session, need, None))


def need_of(dependant: Dependant) -> Need | None:
    """The need that a route or one of its dependencies declares; None for a public route."""
    own: Need | None = getattr(dependant.call, "need", None)
    needs = [own, *map(need_of, dependant.dependencies)]
    return next((need for need in needs if need is not None), None)


def with_need(dependency: Callable[..., Any], need: Need) -> Callable[..., Any]:
    """Marks a dependency with the need it checks, so that `need_of` can read it from a route."""
    dependency.need = need  # type: ignore[attr-defined]
    return dependency


def require_if_match(request: Request, version: int) -> None:
    """Requires If-Match: raises 428 if it is absent, 412 if it names another version.

    It accepts the ETag of a GET, the `version` in its body, and `*`.
    """
    if "if-match" not in request.headers:
        raise Refused(428, "if_match_required", "Read it first, and send its ETag as If-Match.")
    honour_if_match(request, version)


def honour_if_match(request: Request, version: int) -> None:
    """Raises 412 if If-Match names another version; a request without it goes on."""
    if_match = request.headers.get("if-match")
    if if_match is None:
        return
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(","))
    versions = {tag.partition(".")[0].removeprefix("v") for tag in tags}
    if str(version) not in versions and if_match.strip() != "*":
        raise Refused(
            412, "changed_meanwhile", "Somebody changed it since you read it. Read it again, then decide."
        )
