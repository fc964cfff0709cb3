"""Messages sent to people by mail, for staff."""

from typing import Annotated

from starlette.responses import JSONResponse, Response

from app.api.server import collection, openapi
from app.api.server.access import honour_if_match, reading, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import PagedInEitherOrder
from app.api.server.step import taking
from app.commands.access import outbox
from app.commands.returns import reminder
from app.domain.access.authority import Scope
from app.domain.returns.return_steps import REMIND
from app.models.access.outbox import MailOut, MessageOut, OutboxMessage, RemindedOut
from app.models.plan.partnership import Agency
from app.queries.access import outbox as messages
from app.queries.returns import agency_return

router = make_router("messages")
Reader = Annotated[Read, reading(Scope.CHECK_RETURNS)]
Checker = Annotated[Write, writing(Scope.CHECK_RETURNS)]


@router.get("/messages", response_model=collection.page_of(MessageOut), responses=openapi.LIST)
def list_messages(call: Reader, page: PagedInEitherOrder) -> Response:
    """Messages to people, and whether each has been sent."""
    conditions = collection.rows_after(call, page, OutboxMessage)
    order = collection.order_of(page, OutboxMessage)
    rows = messages.list_messages(call.session, call.actor, conditions, order, page.limit)
    return collection.respond_page(
        call, page, rows, lambda row: messages.message_out(*row), id_of=lambda row: row[0].id
    )


@router.get("/mail", response_model=MailOut, responses=openapi.READ)
def get_mail(call: Reader) -> Response:
    """How messages are sent, and why they are not; without a mail server they wait. It has no ETag."""
    settings = call.settings
    answer = MailOut(goes_by=settings.mail_goes_by, demonstration=settings.mode == "demo")
    fault = messages.mail_fault(call.session, call.actor) if settings.mail_goes_by is not None else None
    if fault is not None:
        answer["fault"] = fault
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


@router.post("/messages/{message_id}/retry", response_model=MessageOut, responses=openapi.WRITE)
def retry_message(call: Checker, message_id: str) -> Response:
    """Send a failed message again."""
    message = messages.get_message(call.session, call.actor, message_id)
    outbox.retry(call.change_in(message.partnership_id), message)
    agency = call.session.get(Agency, message.agency_id) if message.agency_id is not None else None
    return call.answer(messages.message_out(message, agency))


@router.post(
    "/returns/{return_id}/remind", status_code=201, response_model=RemindedOut, responses=openapi.STEP
)
@taking(REMIND)
def remind_of_return(call: Checker, return_id: str) -> Response:
    """Remind the agency's people of a return now, each at most once a day."""
    partnership = call.partnership()
    return_ = agency_return.get_return(call.session, call.actor, partnership, return_id, call.today)
    honour_if_match(call.request, return_.seq)
    written = reminder.remind_now(call.change, return_, call.settings.public_url)
    return call.answer(
        RemindedOut(messages=[messages.message_out(message, return_.agency) for message in written]), 201
    )
