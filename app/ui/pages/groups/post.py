"""Posts: all of them, a new one, and one to change."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import post_choices
from app.ui.pages.groups.writer import WRITE

DAYS = ("filled_from", "filled_until")
DAY_FIELDS = {name: f"{name}-day" for name in DAYS}


async def show_posts(request: Request) -> Response:
    visit = await require_visit(request)
    context = {
        "posts": await visit.api.get_all("/posts"),
        "may_edit": visit.may(WRITE),
        "saved": request.query_params.get("saved") == "yes",
    }
    return page(request, "groups/posts.html", context)


async def show_new_post(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    return await _form_page(request, visit, make_form(), None)


async def post_new_post(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    body = {"code": form.text("code"), "agency": form.text("agency"), **_body(form)}
    for name, message in (("code", "Enter a short name"), ("title", "Enter the post's title")):
        if not body[name]:
            form.add_error(name, message)
    status = 422
    if not form.is_wrong:
        saved, status = await save(form, visit.api.post("/posts", body, once=form.once), DAY_FIELDS)
        if saved is not None:
            return redirect("/posts?saved=yes")
    return await _form_page(request, visit, Form(form.values, form.messages, form.overall), None, status)


async def show_post_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    post = await visit.api.get(f"/posts/{request.path_params['code']}")
    values = {name: post[name] or "" for name in ("title", "email", "note")}
    days = day_values("filled_from", post["filled_from"]) | day_values("filled_until", post["filled_until"])
    deputy = (post["deputy"] or {}).get("code", "")
    return await _form_page(
        request, visit, make_form(**values, **days, deputy=deputy, version=post["version"]), post
    )


async def post_post(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    code = request.path_params["code"]
    body = _body(form)
    status = 422
    if not form.is_wrong:
        call = visit.api.patch(f"/posts/{code}", body, str(form["version"]))
        saved, status = await save(form, call, DAY_FIELDS)
        if saved is not None:
            return redirect("/posts?saved=yes")
    post = await visit.api.get(f"/posts/{code}")
    again = form.on_version(post["version"])
    return await _form_page(request, visit, again, post, status)


def _body(form: Form) -> Json:
    body: Json = {name: form.text(name) for name in ("title", "deputy", "email")}
    return body | {"note": form.text("note") or ""} | {name: form.day(name, needed=False) for name in DAYS}


async def _form_page(
    request: Request, visit: Visit, form: Form, post: Json | None, status: int = 200
) -> Response:
    agencies = await visit.api.get_all("/agencies")
    context = {
        "form": form,
        "post": post,
        "posts": await post_choices(visit),
        "agencies": [(each["code"], each["name"]) for each in agencies],
    }
    return page(request, "groups/post.html", context, status=status)


routes = [
    Route("/posts", show_posts),
    Route("/new/post", show_new_post),
    Route("/new/post", post_new_post, methods=["POST"]),
    Route("/posts/{code}", show_post_form),
    Route("/posts/{code}", post_post, methods=["POST"]),
]
