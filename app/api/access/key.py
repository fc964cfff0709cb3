"""Keys, with which partners' programs authenticate."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.commands.access import key as keys
from app.domain.access.authority import Access, Scope
from app.domain.errors import Conflict, RuleBroken
from app.models.access.key import ApiKey, KeyIn, KeyOut, NewKeyOut
from app.models.plan.partnership import Agency
from app.models.wire import PLAIN_DIGITS
from app.queries.access import key as stored_keys
from app.queries.plan.partnership import agency_named

router = make_router("keys")
Manager = Annotated[Write, writing(Scope.MANAGE_KEYS)]


@router.get("/keys", response_model=collection.page_of(KeyOut), responses=openapi.LIST)
def list_keys(call: Annotated[Read, reading(Scope.MANAGE_KEYS)], page: Paged) -> Response:
    """Keys of the partnership's agencies, including those that have ended."""
    after = collection.rows_after(call, page, ApiKey)
    rows = stored_keys.list_keys(call.session, _access(call), after, page.limit)
    return collection.respond_page(call, page, rows, stored_keys.key_row_out)


@router.post("/keys", status_code=201, response_model=NewKeyOut, responses=openapi.WRITE)
def create_key(call: Manager, body: KeyIn) -> Response:
    """Make a key for one agency. The secret is shown only once; a key has at most the authority of its maker."""
    partnership, access = call.partnership(), _access(call)
    agency = agency_named(call.session, partnership, body.agency)
    if agency is None or not (access.is_staff or agency.id == access.agency_id):
        raise RuleBroken("agency", "unknown_agency", "You make keys for your own agency alone.")
    _require_authority(access, body.scopes, agency)
    new_key = keys.NewKey(body.name, agency, [partnership], frozenset(body.scopes), body.expires_on)
    issued = keys.create(call.change, new_key, datetime.now(UTC))
    return _respond_with_secret(call, issued)


@router.post("/keys/{key_id}/rotate", status_code=201, response_model=NewKeyOut, responses=openapi.WRITE)
def rotate_key(
    call: Manager,
    key_id: str,
    overlap_days: Annotated[
        int, Query(ge=0, le=30, description="How long the old key lives on."), PLAIN_DIGITS
    ] = 7,
) -> Response:
    """Make a key like this one, which expires after an overlap in which programs change over."""
    old = _get_covered_key(call, key_id)
    if not set(keys.places(call.session, old)) <= set(_places_get_covered_key(call, old)):
        message = "This key is good in another partnership too. Make one of your own instead."
        raise Conflict("shared_key", message)
    issued = keys.rotate(call.change, old, overlap_days, datetime.now(UTC))
    return _respond_with_secret(call, issued)


@router.delete("/keys/{key_id}", status_code=204, responses=openapi.EDIT)
def revoke_key(call: Manager, key_id: str) -> Response:
    """End a key at once. One that other partnerships use too only ends in those the caller manages."""
    key = _get_covered_key(call, key_id)
    if key.revoked_at is None or "if-match" not in call.request.headers:
        require_if_match(call.request, key.version)
    keys.revoke(call.change, key, datetime.now(UTC), within=_places_get_covered_key(call, key))
    return call.answer(None, 204)


def _access(call: Call) -> Access:
    access = call.actor.access_in(call.partnership().id)
    assert access is not None
    return access


def _get_covered_key(call: Call, key_id: str) -> ApiKey:
    """Gets a key of the partnership; raises RuleBroken if it can do more than the actor there."""
    access = _access(call)
    key = stored_keys.get_key(call.session, access, key_id)
    _require_authority(access, _scopes(key), call.session.get_one(Agency, key.agency_id))
    return key


def _places_get_covered_key(call: Call, key: ApiKey) -> list[int]:
    """Ids of the partnerships in which the actor manages keys and has at least the key's authority."""
    agency = call.session.get_one(Agency, key.agency_id)
    return [
        access.partnership_id
        for access in call.actor.accesses
        if Scope.MANAGE_KEYS in access.scopes and _covers(access, _scopes(key), agency)
    ]


def _scopes(key: ApiKey) -> set[Scope]:
    return {Scope(scope) for scope in key.scopes}


def _covers(access: Access, scopes: Iterable[Scope], agency: Agency) -> bool:
    place = (access.partnership_id, access.partnership_code)
    return access.covers(Access.of_key(place, set(scopes), (agency.id, agency.code, agency.kind)))


def _require_authority(access: Access, scopes: Iterable[Scope], agency: Agency) -> None:
    """Raises RuleBroken if a key with these scopes could do more than `access`."""
    scope_set = set(scopes)
    if _covers(access, scope_set, agency):
        return
    beyond = ", ".join(sorted(scope_set - access.scopes))
    message = f"Your own authority does not cover this key's: {beyond or f'what comes with {agency.name}'}."
    raise RuleBroken("scopes", "beyond_your_authority", message)


def _respond_with_secret(call: Write, issued: keys.KeyWithSecret) -> Response:
    """Responds with a new key and its secret, which is not stored."""
    answer = NewKeyOut(key=stored_keys.key_out(call.session, issued.key), secret=issued.secret)
    return call.answer(answer, 201, remember=False)
