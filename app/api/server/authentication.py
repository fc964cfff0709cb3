"""Authenticates a request: finds the actor of its bearer token, and checks that it has the scope needed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from fastapi import Request
from sqlmodel import Session

from app.api.server.problem import Forbidden, unauthenticated
from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.queries.access.actor import find_credential

ANY_CREDENTIAL = "known"
"""Need of a route that any valid credential may use."""
Need = Scope | Literal["known"]


def authenticate(request: Request, session: Session, need: Need, partnership: str | None) -> Actor:
    """Finds the actor of the bearer token; raises 401 if there is none, 403 if it has `need` in no partnership."""
    token = bearer(request)
    credential = find_credential(session, token, datetime.now(UTC))
    if credential is None:
        raise unauthenticated("This key or session is unknown, has ended or has been revoked.")
    request.state.until = credential.until.timestamp()
    if credential.note_use:
        request.state.note_use = token
    # 403 comes before 404, so that it does not depend on whether the partnership exists.
    for actor in (credential.actor, narrowed(credential.actor, partnership)):
        if need != ANY_CREDENTIAL and not actor.may(Scope(need)):
            raise Forbidden(need, actor)
    return actor


def bearer(request: Request) -> str:
    """Reads the bearer token of a request; raises 401 if there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated("Send a key or a session token as “Authorization: Bearer …”.")
    return token.strip()


def narrowed(actor: Actor, partnership: str | None) -> Actor:
    """Narrows an actor to its access in the partnership of that code; raises NotFound if it has none."""
    if partnership is None:
        return actor
    accesses = tuple(each for each in actor.accesses if each.partnership_code == partnership)
    if not accesses:
        raise NotFound(f"The partnership “{partnership[:80]}”")
    return replace(actor, accesses=accesses)
