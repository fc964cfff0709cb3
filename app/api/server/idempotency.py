"""Idempotency-Key: stores a POST's answer in its transaction, and repeats it for the same request."""

import hashlib
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI, Request
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select
from starlette.responses import Response

from app.db import Database
from app.domain.access.authority import Actor
from app.domain.errors import RuleBroken
from app.models.record.idempotency import RememberedAnswer

REMEMBER_FOR = timedelta(days=8)
Claim = tuple[str, str, str]
"""Caller, key and request hash."""


class Replay(Exception):
    """Ends a repeated request with the answer stored for the first."""

    def __init__(self, response: Response) -> None:
        self.response = response


def install(app: FastAPI) -> None:
    app.add_exception_handler(Replay, _replay)


async def _replay(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Replay)
    return error.response


def idempotency_key(request: Request) -> str | None:
    """A POST's Idempotency-Key; RuleBroken for one of another length, or with characters that cannot be shown."""
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    if key is not None and not (1 <= len(key) <= 255 and key.isprintable()):
        raise RuleBroken("Idempotency-Key", "bad_idempotency_key", "Expected 1 to 255 ordinary characters.")
    return key


def claim(request: Request, session: Session, actor: Actor, body: bytes) -> Claim | None:
    """Key under which to store this request's answer; None without an Idempotency-Key.

    Raises Replay if the request was answered before, RuleBroken if its key was used for another request.
    """
    key = idempotency_key(request)
    if key is None:
        return None
    caller = hashlib.sha256(actor.caller.encode()).hexdigest()
    hashed = hashlib.sha256("\n".join((request.method, request.url.path, request.url.query, "")).encode())
    hashed.update(body)
    request_hash = hashed.hexdigest()
    stored = session.get(RememberedAnswer, (caller, key))
    if stored is None:
        return caller, key, request_hash
    if stored.request_hash != request_hash:
        raise RuleBroken(
            "Idempotency-Key",
            "idempotency_key_reused",
            "This key came with another request before. Use a new one.",
        )
    raise Replay(_response_from(stored))


def _response_from(stored: RememberedAnswer) -> Response:
    headers = {"Idempotent-Replayed": "true", "Cache-Control": "no-store"}
    if stored.location is not None:
        headers["Location"] = stored.location
    return Response(stored.body, stored.status, headers, media_type="application/json")


def remember(session: Session, claimed: Claim, *, status: int, location: str | None, body: bytes) -> None:
    """Stores an answer in the transaction of its change."""
    caller, key, request_hash = claimed
    session.add(
        RememberedAnswer(
            caller=caller,
            key=key,
            request_hash=request_hash,
            status=status,
            location=location,
            body=body,
            created_at=datetime.now(UTC),
        )
    )
    session.flush()


def delete_old_answers(database: Database) -> None:
    """Deletes answers older than eight days; at least seven are promised."""
    is_old = col(RememberedAnswer.created_at) < datetime.now(UTC) - REMEMBER_FOR
    with database.read() as session:
        if session.exec(select(RememberedAnswer.key).where(is_old).limit(1)).first() is None:
            return
    with database.write() as session:
        unread = defer(RememberedAnswer.body)  # type: ignore[arg-type]
        for answer in session.exec(select(RememberedAnswer).options(unread).where(is_old)).all():
            session.delete(answer)
