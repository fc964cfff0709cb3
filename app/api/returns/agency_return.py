"""One return, of an agency for a quarter, and its steps."""

from typing import Annotated

from starlette.responses import Response

from app.api.figures.figure import refuse_rejected
from app.api.server import openapi
from app.api.server.access import honour_if_match, reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.step import taking
from app.commands.returns import agency_return as commands
from app.commands.returns import return_query
from app.domain.access.authority import Scope
from app.domain.errors import NotFound
from app.domain.returns.return_steps import ANSWER, CHECK, END_QUERY, LATE, NIL, QUERY, SIGN_OFF
from app.models.returns.agency_return import (
    DraftIn,
    DraftOut,
    LateIn,
    NilIn,
    NoteIn,
    QueryEndIn,
    RemarkIn,
    ReturnDraft,
    ReturnWithItemsOut,
)
from app.models.wire import instant_text
from app.queries.returns import agency_return as returns
from app.queries.returns import return_words
from app.queries.returns.agency_return import Return
from app.queries.returns.return_draft import draft_of

router = make_router("returns")
Reader = Annotated[Read, reading(Scope.READ_SUBMISSIONS)]
Sender = Annotated[Write, writing(Scope.POST_FIGURES)]
Checker = Annotated[Write, writing(Scope.CHECK_RETURNS)]


@router.get("/returns/{return_id}", response_model=ReturnWithItemsOut, responses=openapi.ONE)
def get_return(call: Reader, return_id: str) -> Response:
    """One return: every figure owed, and the conversation about it. A step takes its ETag."""
    return_ = _get_visible(call, return_id)
    return call.answer(_return_out(call, return_), version=return_.seq)


@router.post("/returns/{return_id}/late", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(LATE)
def explain_late_return(call: Sender, return_id: str, body: LateIn) -> Response:
    """Explain why a return is late and when it will be sent; reminders stop."""
    return_ = _unchanged(call, _get_sendable(call, return_id))
    commands.explain_lateness(call.change, return_, body)
    return _respond(call, return_id)


@router.post("/returns/{return_id}/nil", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(NIL)
def make_nil_return(call: Sender, return_id: str, body: NilIn) -> Response:
    """Report nothing for the figures not sent yet: 0 for counts of events, a missing reason for the rest."""
    return_ = _unchanged(call, _get_sendable(call, return_id))
    receipt = commands.make_nil_return(call.change, return_, body)
    refuse_rejected(receipt)
    return _respond(call, return_id)


@router.post("/returns/{return_id}/sign-off", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(SIGN_OFF)
def sign_off_return(call: Sender, return_id: str, body: NoteIn) -> Response:
    """Sign off a return: the agency confirms the figures it sent."""
    return_ = _unchanged(call, _get_own(call, return_id))
    commands.sign_off(call.change, return_, body.text)
    return _respond(call, return_id)


@router.post("/returns/{return_id}/answer", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(ANSWER)
def answer_query(call: Sender, return_id: str, body: RemarkIn) -> Response:
    """Answer a query, for the agency."""
    return_ = _unchanged(call, _get_own(call, return_id))
    commands.answer_query(call.change, return_, body)
    return _respond(call, return_id)


@router.post("/returns/{return_id}/query", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(QUERY)
def query_return(call: Checker, return_id: str, body: RemarkIn) -> Response:
    """Query a return: staff ask its agency. It stays queried until the agency answers or sends figures again."""
    return_ = _unchanged(call, _get_visible(call, return_id))
    event = commands.query_return(call.change, return_, body)
    return_query.tell_agency(call.change, return_, event, call.settings.public_url)
    return _respond(call, return_id)


@router.post("/returns/{return_id}/check", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(CHECK)
def check_return(call: Checker, return_id: str, body: NoteIn) -> Response:
    """Mark a return as checked by staff; a figure that changes later has to be checked again."""
    return_ = _unchanged(call, _get_visible(call, return_id))
    commands.check_return(call.change, return_, body.text)
    return _respond(call, return_id)


@router.post("/returns/{return_id}/end-query", response_model=ReturnWithItemsOut, responses=openapi.STEP)
@taking(END_QUERY)
def end_return_query(call: Checker, return_id: str, body: QueryEndIn) -> Response:
    """End queries, answered or not: staff have what they asked for."""
    return_ = _unchanged(call, _get_visible(call, return_id))
    commands.end_query(call.change, return_, body)
    return _respond(call, return_id)


@router.get("/returns/{return_id}/draft", response_model=DraftOut, responses=openapi.ONE)
def get_return_draft(call: Annotated[Read, reading(Scope.POST_FIGURES)], return_id: str) -> Response:
    """The form of a return as far as its agency has filled it in."""
    draft = draft_of(call.session, call.partnership(), _get_own(call, return_id))
    return call.answer(_draft_out(draft), version=draft.version if draft is not None else 0)


@router.put("/returns/{return_id}/draft", response_model=DraftOut, responses=openapi.EDIT)
def save_return_draft(call: Sender, return_id: str, body: DraftIn) -> Response:
    """Save the form as it is, right or wrong. Nothing is sent."""
    return_ = _get_own(call, return_id)
    partnership = call.partnership()
    stored = draft_of(call.session, partnership, return_)
    require_if_match(call.request, stored.version if stored is not None else 0)
    draft = commands.save_draft(call.change, return_, body)
    return call.answer(_draft_out(draft), version=draft.version)


def _unchanged(call: Write, return_: Return) -> Return:
    """The return, for a step; 412 if a figure or a remark of it came after the version in If-Match."""
    honour_if_match(call.request, return_.seq)
    return return_


def _get_sendable(call: Call, return_id: str) -> Return:
    """Gets a return that the actor may send for: its agency's, or for staff any."""
    return_ = _get_visible(call, return_id)
    access = call.actor.access_in(call.partnership().id)
    if access is None or not (access.is_staff or return_.may_act_for_agency(access)):
        raise NotFound("The return")
    return return_


def _get_own(call: Call, return_id: str) -> Return:
    """Gets a return of the actor's agency; raises NotFound for any other."""
    return_ = _get_visible(call, return_id)
    access = call.actor.access_in(call.partnership().id)
    if access is None or not return_.may_act_for_agency(access):
        raise NotFound("The return")
    return return_


def _get_visible(call: Call, return_id: str) -> Return:
    return returns.get_return(call.session, call.actor, call.partnership(), return_id, call.today)


def _return_out(call: Call, return_: Return) -> ReturnWithItemsOut:
    partnership = call.partnership()
    return return_words.return_with_items_out(call.session, call.actor, partnership, return_, call.today)


def _respond(call: Write, return_id: str) -> Response:
    """Responds with the return after a step."""
    call.session.flush()
    return_ = _get_visible(call, return_id)
    return call.answer(_return_out(call, return_), version=return_.seq)


def _draft_out(draft: ReturnDraft | None) -> DraftOut:
    if draft is None:
        return DraftOut(rows=[], saved_at=None, saved_by=None, version=0)
    return DraftOut(
        rows=draft.rows,
        saved_at=instant_text(draft.saved_at),
        saved_by=draft.saved_by,
        version=draft.version,
    )
