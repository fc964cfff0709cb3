"""Claims of what was spent: sent by a recipient, decided by staff."""

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
from app.commands.grants import claim as commands
from app.domain.access.authority import Scope
from app.domain.grants import claim_steps as steps
from app.models.grants.claim import Claim, ClaimDecisionIn, ClaimIn, ClaimOut
from app.models.grants.grant import Grant
from app.models.link import Link
from app.queries.grants import claim as claims
from app.queries.grants.grant import get_grant
from app.queries.grants.visible import claims as visible_claims

router = make_router("funding")
Reader = Annotated[Read, reading(Scope.READ_FUNDING)]
Sender = Annotated[Write, writing(Scope.WRITE_CLAIMS)]
PATH = "/grants/{reference}/claims/{number}"


@router.get("/claims", response_model=collection.page_of(ClaimOut), responses=openapi.LIST)
def list_claims(call: Reader, page: Paged, grant: OfGrant = None) -> Response:
    """Claims of the grants that the caller may see."""
    query = visible_claims(call.actor).where(*collection.rows_after(call, page, Claim))
    if grant is not None:
        query = query.where(col(Claim.grant_id).in_(select(Grant.id).where(Grant.code == grant)))
    rows = call.session.exec(query.order_by(col(Claim.id)).limit(page.limit + 1)).all()
    outs = claims.list_out(call.session, call.actor, rows, call.today)
    return collection.respond_page(call, page, rows, lambda row: outs[row.id])


@router.get(PATH, response_model=ClaimOut, responses=openapi.ONE)
def get_claim(call: Reader, reference: str, number: str) -> Response:
    """One claim: asked, approved, already claimed, left."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = claims.get_claim(call.session, call.actor, grant, number)
    out = claims.list_out(call.session, call.actor, [row], call.today)[row.id]
    return call.answer(out, version=row.seq)


@router.post("/grants/{reference}/claims", response_model=ClaimOut, status_code=201, responses=openapi.WRITE)
def draft_claim(call: Sender, reference: str, body: ClaimIn) -> Response:
    """Write a claim. It is not sent yet."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row, warnings = commands.draft_claim(call.change, grant, body)
    return _answer(call, row, grant, warnings, 201)


@router.post(f"{PATH}/submit", response_model=ClaimOut, responses=openapi.EDIT)
@taking(steps.SUBMIT)
def submit_claim(call: Sender, reference: str, number: str) -> Response:
    """Send a claim. A late one says why."""
    grant, row = _both(call, reference, number)
    commands.submit(call.change, grant, row)
    return _answer(call, row, grant)


@router.post(f"{PATH}/take-back", response_model=ClaimOut, responses=openapi.EDIT)
@taking(steps.TAKE_BACK)
def take_back_claim(call: Sender, reference: str, number: str) -> Response:
    """Take back a claim that is not decided."""
    grant, row = _both(call, reference, number)
    commands.take_back(call.change, grant, row)
    return _answer(call, row, grant)


@router.post(f"{PATH}/decide", response_model=ClaimOut, responses=openapi.EDIT)
@taking(steps.DECIDE)
def decide_claim(
    call: Annotated[Write, writing(Scope.AWARD_FUNDING)], reference: str, number: str, body: ClaimDecisionIn
) -> Response:
    """Approve a claim, all or in part, or nothing of it. Its payment is planned at once."""
    grant, row = _both(call, reference, number)
    return _answer(call, row, grant, commands.decide(call.change, grant, row, body))


def _both(call: Write, reference: str, number: str) -> tuple[Grant, Claim]:
    """The grant and its claim, for a step on the version that the caller saw."""
    grant = get_grant(call.session, call.actor, call.partnership().id, reference)
    row = claims.get_claim(call.session, call.actor, grant, number)
    require_if_match(call.request, row.seq)
    return grant, row


def _answer(
    call: Write, row: Claim, grant: Grant, warnings: Sequence[str] = (), status: int = 200
) -> Response:
    out = claims.list_out(call.session, call.actor, [row], call.today, warnings)[row.id]
    location = Link(f"grants/{grant.code}/claims", row.number) if status == 201 else None
    return call.answer(out, status, location=location, version=row.seq)
