"""Posts: who chairs, owns and answers, by office and never by name."""

from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading, require_if_match, writing
from app.api.server.base import make_router
from app.api.server.call import Read, Write
from app.api.server.collection import Paged
from app.commands.groups.post import create_post, edit_post
from app.domain.access.authority import Scope
from app.models.groups.post import Post, PostIn, PostOut, PostPatch
from app.models.link import Link
from app.queries.groups import post as posts
from app.queries.groups.directory import Directory

router = make_router("groups")
Reader = Annotated[Read, reading(Scope.READ)]
Writer = Annotated[Write, writing(Scope.WRITE_PLAN)]


@router.get("/posts", response_model=collection.page_of(PostOut), responses=openapi.LIST)
def list_posts(call: Reader, page: Paged) -> Response:
    """Posts of the caller's partnerships, filled and vacant."""
    query = posts.posts(call.actor).where(*collection.rows_after(call, page, Post))
    rows = call.session.exec(query.order_by(col(Post.id)).limit(page.limit + 1)).all()
    directory = Directory(call.session, call.actor.within(Scope.READ))
    return collection.respond_page(call, page, rows, lambda row: posts.post_out(row, directory, call.today))


@router.post("/posts", status_code=201, response_model=PostOut, responses=openapi.WRITE)
def create_a_post(call: Writer, body: PostIn) -> Response:
    """Add a post of an agency of this partnership."""
    row = create_post(call.change, body)
    return call.answer(_out(call, row), 201, location=Link("posts", row.code), version=row.seq)


@router.get("/posts/{code}", response_model=PostOut, responses=openapi.ONE)
def get_post(call: Reader, code: str) -> Response:
    """One post. Its ETag is what an edit needs."""
    row = posts.get_post(call.session, call.actor, call.partnership().id, code)
    return call.answer(_out(call, row), version=row.seq)


@router.patch("/posts/{code}", response_model=PostOut, responses=openapi.EDIT)
def edit_a_post(call: Writer, code: str, patch: PostPatch) -> Response:
    """Edit the fields named: its title, when it was filled, its deputy, its address."""
    row = posts.get_post(call.session, call.actor, call.partnership().id, code)
    require_if_match(call.request, row.seq)
    edit_post(call.change, row, patch)
    call.session.flush()
    return call.answer(_out(call, row), version=row.seq)


def _out(call: Read | Write, row: Post) -> PostOut:
    return posts.post_out(row, Directory(call.session, [row.partnership_id]), call.today)
