"""Changes of a grant: asked for, shown as a difference, and decided."""

from collections.abc import Sequence
from typing import Annotated

from sqlmodel import col, select
from starlette.responses import Response

from app.api.grants.filter import OfGrant
from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.api.server.step import taking
from app.commands.grants import variation as commands
from app.domain.access.authority import Scope
from app.domain.grants import variation_steps as steps
from app.models.grants.grant import Grant
from app.models.grants.variation import (
    Variation,
    VariationDecisionIn,
    VariationIn,
    VariationOut,
    VariationWithStepsOut,
)
from app.models.link import Link
from app.queries.grants import variation as variations
from app.queries.grants.grant import get_grant
from app.queries.grants.visible import variations as visible_variations

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Sender = Annotated[Write, writing(Scope.WRITE_CLAIMS)]
Decider = Annotated[Write, writing(Scope.AWARD_FUNDING)]
PATH = "/grants/{reference}/variations/{number}"


@router.get("/variations", response_model=collection.page_of(VariationOut), responses=openapi.LIST)
def list_variations(call: Reader, page: Paged, grant: OfGrant = None) -> Response:
    """Changes of the grants that the caller may see, with what each changes."""
    query = visible_variations(call.actor).where(*collection.rows_after(call, page, Variation))
    if grant is not None:
        query = query.where(col(Variation.grant_id).in_(select(Grant.id).where(Grant.code == grant)))
    rows = call.session.exec(query.order_by(col(Variation.id)).limit(page.limit + 1)).all()
    outs = variations.list_out(call.session, rows)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get(PATH, response_model=VariationWithStepsOut, responses=openapi.ONE)
def get_variation(call: Reader, reference: str, number: str) -> Response:
    """One change as a difference from the version that it was asked from."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = variations.get_variation(call.session, call.actor, grant, number)
    out = variations.with_steps_out(call.session, call.actor, row, grant)
    return call.answer(out, version=row.seq)


@router.post(
    "/grants/{reference}/variations",
    response_model=VariationWithStepsOut,
    status_code=201,
    responses=openapi.WRITE,
)
def ask_for_variation(call: Sender, reference: str, body: VariationIn) -> Response:
    """Ask for a change of the money or the dates. Its kind is worked out; a small virement stands at once."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row, warnings = commands.ask_for_variation(call.change, grant, body)
    return _answer(call, row, grant, warnings, 201)


@router.post(f"{PATH}/approve", response_model=VariationWithStepsOut, responses=openapi.EDIT)
@taking(steps.APPROVE)
def approve_variation(call: Decider, reference: str, number: str, body: VariationDecisionIn) -> Response:
    """Approve a change: it makes the grant's next version."""
    grant, row = _both(call, reference, number)
    return _answer(call, row, grant, commands.approve(call.change, grant, row, body.reason))


@router.post(f"{PATH}/refuse", response_model=VariationWithStepsOut, responses=openapi.EDIT)
@taking(steps.REFUSE)
def refuse_variation(call: Decider, reference: str, number: str, body: VariationDecisionIn) -> Response:
    """Refuse a change."""
    grant, row = _both(call, reference, number)
    return _answer(call, row, grant, commands.refuse(call.change, grant, row, body.reason))


@router.post(f"{PATH}/withdraw", response_model=VariationWithStepsOut, responses=openapi.EDIT)
@taking(steps.WITHDRAW)
def withdraw_variation(call: Sender, reference: str, number: str) -> Response:
    """Take back what was asked for."""
    grant, row = _both(call, reference, number)
    commands.withdraw(call.change, grant, row)
    return _answer(call, row, grant)


def _both(call: Write, reference: str, number: str) -> tuple[Grant, Variation]:
    """The grant and its variation, for a step on the version that the caller saw."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = variations.get_variation(call.session, call.actor, grant, number)
    require_if_match(call.request, row.seq)
    return grant, row


def _answer(
    call: Write, row: Variation, grant: Grant, warnings: Sequence[str] = (), status: int = 200
) -> Response:
    out = variations.with_steps_out(call.session, call.actor, row, grant, warnings)
    location = Link(f"grants/{grant.code}/variations", row.number) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
