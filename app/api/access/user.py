"""People of a partnership, and their roles there."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import Row
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Call, Read, Write
from app.api.server.collection import Paged
from app.commands.access import one_time_link, person
from app.commands.access.person import PartnershipRole
from app.domain.access.authority import Role, Scope
from app.domain.errors import Conflict, RuleBroken
from app.models.access.person import InvitedOut, OneTimeLinkOut, Person, PersonIn, PersonOut, PersonPatch
from app.models.link import Link
from app.models.plan.partnership import Agency, Partnership
from app.models.wire import instant_text
from app.queries.access import person as people
from app.queries.plan.partnership import agency_named

router = make_router("people")
Reader = Annotated[Read, reading(Scope.READ_PEOPLE)]
Manager = Annotated[Write, writing(Scope.MANAGE_PEOPLE)]


@router.get("/users", response_model=collection.page_of(PersonOut), responses=openapi.LIST)
def list_users(call: Reader, page: Paged) -> Response:
    """People of the partnership."""
    after = collection.rows_after(call, page, Person)
    rows = people.list_people(call.session, call.partnership().id, after, page.limit)
    return collection.respond_page(call, page, rows, people.person_out)


@router.get("/users/{user_id}", response_model=PersonOut, responses=openapi.ONE)
def get_user(call: Reader, user_id: str) -> Response:
    """One person, with their role in the partnership."""
    row = people.get_person(call.session, call.partnership().id, user_id)
    return call.answer(people.person_out(row), version=row.seq)


@router.post("/users", status_code=201, response_model=InvitedOut, responses=openapi.WRITE)
def create_user(call: Manager, body: PersonIn) -> Response:
    """Invite somebody. The link with which they set a password is shown once, to be passed on by hand;
    a person who already signs in to another partnership gets none."""
    partnership = call.partnership()
    agency = agency_named(call.session, partnership, body.agency)
    _require_authority(call, partnership, body.role, agency)
    invited = person.invite(call.change, body.email, body.name, PartnershipRole(body.role, agency))
    link = None
    if invited.password_hash is None and people.answers_for(call.session, call.actor, invited.id):
        link = _make_link(call, invited)
    row = people.get_person(call.session, partnership.id, str(invited.id))
    answer = InvitedOut(user=people.person_out(row), link=link)
    return call.answer(answer, 201, location=Link("users", invited.id), remember=False)


@router.patch("/users/{user_id}", response_model=PersonOut, responses=openapi.EDIT)
def edit_user(call: Manager, user_id: str, body: PersonPatch) -> Response:
    """Change somebody's name, role or agency, or stop them signing in."""
    partnership = call.partnership()
    row = people.get_person(call.session, partnership.id, user_id)
    require_if_match(call.request, row.seq)
    for field in ("name", "role", "disabled"):
        if field in body.model_fields_set and getattr(body, field) is None:
            raise RuleBroken(field, "required", "Leave it out to keep it as it is.")
    person_row = call.session.get_one(Person, row.id)
    _edit_role(call, person_row, row, body)
    _edit_self(call, person_row, row.name, body)
    call.session.flush()
    row = people.get_person(call.session, partnership.id, user_id)
    return call.answer(people.person_out(row), version=row.seq)


@router.post("/users/{user_id}/link", status_code=201, response_model=OneTimeLinkOut, responses=openapi.WRITE)
def create_user_link(call: Manager, user_id: str) -> Response:
    """Make a one-time link: an invitation (72 hours), or a reset (one hour) for a person who has a password."""
    row = people.get_person(call.session, call.partnership().id, user_id)
    _require_authority_over(call, row.id)
    return call.answer(_make_link(call, call.session.get_one(Person, row.id)), 201, remember=False)


def _edit_role(call: Write, person_row: Person, member: Row[Any], body: PersonPatch) -> None:
    """Changes role and agency in this partnership; `member` has the present ones."""
    partnership = call.partnership()
    new_role = body.role if body.role is not None else Role(member.role)
    new_agency_code = body.agency if "agency" in body.model_fields_set else member.agency_code
    if (new_role, new_agency_code) == (member.role, member.agency_code):
        return
    if not people.answers_for(call.session, call.actor, person_row.id, partnership.id):
        raise _beyond_authority(Role(member.role))
    new_agency = agency_named(call.session, partnership, new_agency_code)
    _require_authority(call, partnership, new_role, new_agency)
    person.give_role(call.change, person_row, PartnershipRole(new_role, new_agency))


def _edit_self(call: Write, person_row: Person, name: str, body: PersonPatch) -> None:
    """Changes name and sign-in, which are the same in every partnership; `name` is the present one in this."""
    renames = body.name is not None and body.name != name
    switches = body.disabled is not None and body.disabled != (person_row.disabled_at is not None)
    if renames or switches:
        _require_authority_over(call, person_row.id)
    if renames and body.name is not None:
        person.rename(call.change, person_row, body.name)
    if switches and body.disabled:
        person.disable(call.change, person_row, datetime.now(UTC))
    elif switches:
        person.enable(call.change, person_row)


def _require_authority(call: Call, partnership: Partnership, role: Role, agency: Agency | None) -> None:
    theirs = (agency.id, agency.code, agency.kind) if agency is not None else (None, None, None)
    if not people.covers(call.actor.access_in(partnership.id), role, theirs):
        raise _beyond_authority(role)


def _beyond_authority(role: Role) -> RuleBroken:
    message = f"Your own authority does not cover that of “{role.label}”, or not for this agency."
    return RuleBroken("role", "beyond_your_authority", message)


def _require_authority_over(call: Call, person_id: int) -> None:
    """Raises Conflict if a role of the person, in any partnership, is beyond the actor's authority."""
    if not people.answers_for(call.session, call.actor, person_id):
        raise Conflict(
            "belongs_elsewhere",
            "They have a role that your authority does not cover, here or in another partnership. "
            "Ask an administrator there.",
        )


def _make_link(call: Write, person_row: Person) -> OneTimeLinkOut:
    link = one_time_link.make(call.change, person_row, datetime.now(UTC))
    return OneTimeLinkOut(token=link.token, purpose=link.purpose, expires_at=instant_text(link.expires_at))
