"""Returns: what each agency owes for a quarter, and what is said and done about it."""

from typing import Annotated

from starlette.responses import Response

from app.api.figures.figure import refuse_rejected
from app.api.server import openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.step import taking
from app.commands.returns import agency_return as commands
from app.commands.returns import return_query
from app.domain.access.authority import Scope
from app.domain.errors import NotFound
from app.domain.returns.return_steps import ANSWER, CHECK, LATE, NIL, QUERY, SIGN_OFF
from app.models.returns.agency_return import (
    DraftIn,
    DraftOut,
    LateIn,
    NilIn,
    NoteIn,
    RemarkIn,
    ReturnDraft,
    ReturnWithItemsOut,
)
from app.models.wire import instant_text
from app.queries.figures.quarter_step import of_quarter
from app.queries.returns import agency_return as returns
from app.queries.returns import return_words
from app.queries.returns.agency_return import Return
from app.queries.returns.return_draft import draft_of
from app.queries.returns.return_facts import return_facts

router = make_router("returns")
Reader = Annotated[Read, reading(Scope.READ_SUBMISSIONS)]
Sender = Annotated[Write, writing(Scope.POST_FIGURES)]
Checker = Annotated[Write, writing(Scope.CHECK_RETURNS)]


@router.get("/returns/{return_id}", response_model=ReturnWithItemsOut, responses=openapi.ONE)
def get_return(call: Reader, return_id: str) -> Response:
    """One return: every figure owed, and the conversation about it."""
    found = returns.one(call.session, call.actor, call.partnership(), return_id, call.today)
    return call.answer(_whole(call, found))


@router.post("/returns/{return_id}/late", response_model=ReturnWithItemsOut, responses=openapi.WRITE)
@taking(LATE)
def explain_late_return(call: Sender, return_id: str, body: LateIn) -> Response:
    """Say why it is late and when it will come; reminders stop."""
    found = _to_send(call, return_id)
    commands.explain_lateness(call.change, found, body)
    return _done(call, return_id)


@router.post("/returns/{return_id}/nil", response_model=ReturnWithItemsOut, responses=openapi.WRITE)
@taking(NIL)
def make_nil_return(call: Sender, return_id: str, body: NilIn) -> Response:
    """Nothing to report: 0 for counts of events and a missing reason for the rest, of what is not in yet."""
    found = _to_send(call, return_id)
    receipt = commands.make_nil_return(call.change, found, body)
    refuse_rejected(receipt)
    return _done(call, return_id)


@router.post("/returns/{return_id}/sign-off", response_model=ReturnWithItemsOut, responses=openapi.WRITE)
@taking(SIGN_OFF)
def sign_off_return(call: Sender, return_id: str, body: NoteIn) -> Response:
    """The agency stands by what it sent for the quarter."""
    found = _own(call, return_id)
    commands.sign_off(call.change, found, body.text)
    return _done(call, return_id)


@router.post("/returns/{return_id}/answer", response_model=ReturnWithItemsOut, responses=openapi.WRITE)
@taking(ANSWER)
def answer_query(call: Sender, return_id: str, body: RemarkIn) -> Response:
    """The agency answers a query."""
    found = _own(call, return_id)
    commands.answer_query(call.change, found, body)
    return _done(call, return_id)


@router.post("/returns/{return_id}/query", response_model=ReturnWithItemsOut, responses=openapi.WRITE)
@taking(QUERY)
def query_return(call: Checker, return_id: str, body: RemarkIn) -> Response:
    """Staff ask the agency about what it sent; it stands as queried until the agency answers or sends anew."""
    found = _visible(call, return_id)
    event = commands.query_return(call.change, found, body)
    return_query.tell_agency(call.change, found, event, call.settings.public_url)
    return _done(call, return_id)


@router.post("/returns/{return_id}/check", response_model=ReturnWithItemsOut, responses=openapi.WRITE)
@taking(CHECK)
def check_return(call: Checker, return_id: str, body: NoteIn) -> Response:
    """Staff have looked at it beside the series; a figure that changes later asks for another look."""
    found = _visible(call, return_id)
    commands.check_return(call.change, found, body.text)
    return _done(call, return_id)


@router.get("/returns/{return_id}/draft", response_model=DraftOut, responses=openapi.ONE)
def get_return_draft(call: Annotated[Read, reading(Scope.POST_FIGURES)], return_id: str) -> Response:
    """The form as far as its agency has filled it in."""
    draft = draft_of(call.session, call.partnership(), _own(call, return_id))
    return call.answer(_draft_out(draft), version=draft.version if draft is not None else 0)


@router.put("/returns/{return_id}/draft", response_model=DraftOut, responses=openapi.EDIT)
def save_return_draft(call: Sender, return_id: str, body: DraftIn) -> Response:
    """Keep the form as it is, right or wrong. Nothing is sent."""
    found = _own(call, return_id)
    partnership = call.partnership()
    access = draft_of(call.session, partnership, found)
    require_if_match(call.request, access.version if access is not None else 0)
    draft = commands.save_draft(call.change, found, body)
    return call.answer(_draft_out(draft), version=draft.version)


def _to_send(call: Call, return_id: str) -> Return:
    """A return that the actor sends for: one it speaks for, or for staff anybody's."""
    found = _visible(call, return_id)
    access = call.actor.access_in(call.partnership().id)
    if access is None or not (access.is_staff or found.speaks(access)):
        raise NotFound("The return")
    return found


def _own(call: Call, return_id: str) -> Return:
    """A return that the actor speaks for; anybody else's is not found."""
    found = _visible(call, return_id)
    access = call.actor.access_in(call.partnership().id)
    if access is None or not found.speaks(access):
        raise NotFound("The return")
    return found


def _visible(call: Call, return_id: str) -> Return:
    return returns.one(call.session, call.actor, call.partnership(), return_id, call.today)


def _whole(call: Call, found: Return) -> ReturnWithItemsOut:
    partnership = call.partnership()
    id_ = partnership.id
    state = of_quarter(call.session, id_, found.quarter).state
    facts = return_facts(call.session, id_, found, call.today)
    return return_words.whole(call.session, call.actor, partnership, found, facts, state, call.today)


def _done(call: Write, return_id: str) -> Response:
    call.session.flush()
    return call.answer(_whole(call, _visible(call, return_id)))


def _draft_out(draft: ReturnDraft | None) -> DraftOut:
    if draft is None:
        return DraftOut(rows=[], saved_at=None, saved_by=None, version=0)
    return DraftOut(
        rows=draft.rows,
        saved_at=instant_text(draft.saved_at),
        saved_by=draft.saved_by,
        version=draft.version,
    )
