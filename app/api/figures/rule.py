"""Rules between indicators, which posted figures are checked by."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import Paged
from app.domain.access.authority import Scope
from app.models.figures.rule import Rule, RuleOut
from app.queries.figures.rule import rule_out, rules, titles

router = make_router("plan")


@router.get("/rules", response_model=collection.page_of(RuleOut), responses=openapi.LIST)
def list_rules(call: Annotated[Read, reading(Scope.READ)], page: Paged) -> Response:
    """Rules between indicators: breaking one with severity error rejects the rows, a warning asks for a note."""
    query = rules(call.actor).where(*collection.rows_after(call, page, Rule))
    rows = call.session.exec(query.order_by(col(Rule.id)).limit(page.limit + 1)).all()
    titles_by_partnership = titles(call.session, call.actor)
    return collection.respond_page(
        call, page, rows, lambda row: rule_out(row, titles_by_partnership.get(row.partnership_id, {}))
    )
