"""Who asks: the actor behind a bearer token, and whether it may ask this at all."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from fastapi import Request
from sqlmodel import Session

from app.api.server.problem import Forbidden, unauthenticated
from app.domain.access.authority import Actor, Scope
from app.domain.errors import NotFound
from app.queries.access.actor import find_credential

KNOWN = "known"
"""The need of the few routes open to whoever has a credential at all."""
Need = Scope | Literal["known"]


def authenticate(request: Request, session: Session, need: Need, partnership: str | None) -> Actor:
    """The actor behind the bearer token. 401 when there is none, 403 when it lacks `need` everywhere."""
    token = bearer(request)
    credential = find_credential(session, token, datetime.now(UTC))
    if credential is None:
        raise unauthenticated("This key or session is unknown, has ended or has been revoked.")
    request.state.until = credential.until.timestamp()
    if credential.note_use:
        request.state.note_use = token
    # Who may not do it anywhere is told so, whether or not the partnership named is there.
    for actor in (credential.actor, narrowed(credential.actor, partnership)):
        if need != KNOWN and not actor.may(Scope(need)):
            raise Forbidden(need, actor)
    return actor


def bearer(request: Request) -> str:
    """The token a request carries; 401 when it carries none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated("Send a key or a session token as “Authorization: Bearer …”.")
    return token.strip()


def narrowed(actor: Actor, partnership: str | None) -> Actor:
    """The actor with its access to the partnership named by `?partnership=` alone. NotFound: it has none."""
    if partnership is None:
        return actor
    accesses = tuple(each for each in actor.accesses if each.partnership_code == partnership)
    if not accesses:
        raise NotFound(f"The partnership “{partnership[:80]}”")
    return replace(actor, accesses=accesses)
