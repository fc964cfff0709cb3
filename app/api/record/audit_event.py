"""The audit record."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import PagedInEitherOrder
from app.domain.access.authority import Scope
from app.models.record.ledger import AuditEvent, AuditEventOut
from app.queries.record import audit_event as audit_events

router = make_router("audit")


@router.get("/audit-events", response_model=collection.page_of(AuditEventOut), responses=openapi.LIST)
def list_audit_events(
    call: Annotated[Read, reading(Scope.READ_AUDIT)],
    page: PagedInEitherOrder,
    subject_kind: Annotated[str | None, Query(max_length=40, description="As `key` or `indicator`.")] = None,
    subject: Annotated[str | None, Query(max_length=200, description="The thing's code or id.")] = None,
) -> Response:
    """Changes, refusals and sign-ins; each event's hash covers the one before it."""
    after = collection.rows_added_after(call, page, AuditEvent)
    subject_filter = audit_events.Subject(subject_kind, subject)
    query = audit_events.events(call.session, call.actor, subject_filter, after)
    limited = query.order_by(collection.order_of(page, AuditEvent)).limit(page.limit + 1)
    rows = call.session.exec(limited).all()
    return collection.respond_page(call, page, rows, audit_events.event_out)
