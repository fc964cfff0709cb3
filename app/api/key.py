"""Keys: how partners' own programs come in."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api import collection, openapi
from app.api.access import Call, Read, Write, matches, reading, writing
from app.api.base import addresses
from app.api.collection import Paged
from app.commands import key as keys
from app.domain.authority import Scope, Standing
from app.domain.errors import Conflict, RuleBroken
from app.models.key import ApiKey, KeyIn, KeyOut, NewKeyOut
from app.queries import key as found_keys
from app.queries.partnership import agency_named

router = addresses("keys")
Manager = Annotated[Write, writing(Scope.MANAGE_KEYS)]


@router.get("/keys", response_model=collection.page_of(KeyOut), responses=openapi.LIST)
def list_keys(call: Annotated[Read, reading(Scope.MANAGE_KEYS)], asked: Paged) -> Response:
    """Keys of the partnership's agencies, those that have ended among them."""
    after = collection.rows_after(call, asked, ApiKey)
    rows = found_keys.listed(call.session, _standing(call), after, asked.limit)
    return collection.answer(call, asked, rows, found_keys.row_out)


@router.post("/keys", status_code=201, response_model=NewKeyOut, responses=openapi.WRITE)
def create_key(call: Manager, body: KeyIn) -> Response:
    """Make a key for one agency. The secret is shown this once; no key can do more than whoever makes it."""
    partnership, standing = call.partnership(), _standing(call)
    agency = agency_named(call.session, partnership, body.agency)
    if agency is None or not (standing.is_staff or agency.id == standing.agency_id):
        raise RuleBroken("agency", "unknown_agency", "You make keys for your own agency alone.")
    _within_authority(standing, body.scopes)
    made = keys.create(
        call.session,
        name=body.name,
        agency=agency,
        partnerships=[partnership],
        scopes=set(body.scopes),
        expires_on=body.expires_on,
        actor=call.actor,
        now=call.now,
        clock=datetime.now(UTC),
    )
    return _shown_once(call, made)


@router.post("/keys/{key_id}/rotate", status_code=201, response_model=NewKeyOut, responses=openapi.WRITE)
def rotate_key(
    call: Manager,
    key_id: str,
    overlap_days: Annotated[int, Query(ge=0, le=30, description="How long the old key lives on.")] = 7,
) -> Response:
    """Make a key like this one, and let this one run out when programs have had time to change over."""
    standing = _standing(call)
    old = found_keys.one(call.session, standing, key_id)
    _within_authority(standing, (Scope(scope) for scope in old.scopes))
    if not set(keys.places(call.session, old)) <= set(call.actor.within(Scope.MANAGE_KEYS)):
        message = "This key is good in another partnership too. Make one of your own instead."
        raise Conflict("shared_key", message)
    made = keys.rotate(
        call.session,
        old,
        overlap_days=overlap_days,
        actor=call.actor,
        now=call.now,
        clock=datetime.now(UTC),
    )
    return _shown_once(call, made)


@router.delete("/keys/{key_id}", status_code=204, responses=openapi.EDIT)
def revoke_key(call: Manager, key_id: str) -> Response:
    """End a key at once. One that other partnerships use too only ends in those the caller manages."""
    key = found_keys.one(call.session, _standing(call), key_id)
    if key.revoked_at is None or "if-match" not in call.request.headers:
        matches(call.request, key.version)
    keys.revoke(
        call.session,
        key,
        within=call.actor.within(Scope.MANAGE_KEYS),
        actor=call.actor,
        now=call.now,
        clock=datetime.now(UTC),
    )
    return call.answer(None, 204)


def _standing(call: Call) -> Standing:
    standing = call.actor.standing_in(call.partnership().id or 0)
    assert standing is not None
    return standing


def _within_authority(standing: Standing, scopes: Iterable[Scope]) -> None:
    beyond = sorted(set(scopes) - standing.scopes)
    if beyond:
        message = f"You cannot give what you do not have: {', '.join(beyond)}."
        raise RuleBroken("scopes", "beyond_your_authority", message)


def _shown_once(call: Write, made: keys.MadeKey) -> Response:
    answer = NewKeyOut(key=found_keys.out(call.session, made.key), secret=made.secret)
    return call.answer(answer, 201, remember=False)
