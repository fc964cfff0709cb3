"""Keys of partners' programs. A key's secret is shown once, when it is made."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit import shown_once
from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.access.scopes import SCOPE_LABELS, SCOPES, USUAL_SCOPES

OVERLAP_DAYS = 7


async def show_keys(request: Request) -> Response:
    visit = await require_visit(request)
    keys = await visit.api.get_all("/keys")
    context = {"keys": keys, "words": SCOPE_LABELS, "revoked": request.query_params.get("revoked") == "yes"}
    return page(request, "access/keys.html", context)


async def show_new_key_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("keys:write")
    return await _new_key_page(request, visit, make_form(scopes=USUAL_SCOPES))


async def _new_key_page(request: Request, visit: Visit, form: Form, status: int = 200) -> Response:
    scopes = [scope for scope in SCOPES if visit.may(scope[0])]
    context = {
        "form": form,
        "scopes": scopes,
        "agencies": await visit.api.get_all("/agencies", recipients="true"),
    }
    return page(request, "access/key-new.html", context, status=status)


async def post_key(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, lists=("scopes",))
    if earlier_id := shown_once.earlier_id(request, form):
        return shown_once.show_repeat(request, "key", f"/keys/{earlier_id}")
    for name, message in (("name", "Enter what the key is for"), ("agency", "Choose whose key it is")):
        if not form.text(name):
            form.add_error(name, message)
    if not form.several("scopes"):
        form.add_error("scopes", "Choose what the key may do")
    status = 422
    if not form.is_wrong:
        body: Json = {"name": form.text("name"), "agency": form["agency"], "scopes": form.several("scopes")}
        if form.text("expires_on"):
            body["expires_on"] = form.text("expires_on")
        try:
            new_key = await visit.api.post("/keys", body, once=form.once)
            return shown_once.show_secret(
                request, form, new_key["key"]["id"], "access/key-secret.html", {"made": new_key}
            )
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            status = form.add_problem(problem)
    return await _new_key_page(request, visit, form, status)


async def _get_key(visit: Visit, key_id: str) -> Json:
    key = next((each for each in await visit.api.get_all("/keys") if each["id"] == key_id), None)
    if key is None:
        raise Problem(404, "not_found", "")
    return key


async def show_key(request: Request) -> Response:
    visit = await require_visit(request)
    key = await _get_key(visit, request.path_params["id"])
    form = make_form(overlap_days=str(OVERLAP_DAYS), version=str(key.get("version", "")))
    return page(request, "access/key.html", {"key": key, "words": SCOPE_LABELS, "form": form})


async def revoke_key(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    key_id = request.path_params["id"]
    try:
        await visit.api.delete(f"/keys/{key_id}", str(form["version"]))
        return redirect("/keys?revoked=yes")
    except Problem as problem:
        if problem.status != 412:
            raise
    return await _conflict_page(request, visit, key_id)


async def _conflict_page(request: Request, visit: Visit, key_id: str) -> Response:
    key = await _get_key(visit, key_id)
    form = make_form(overlap_days=str(OVERLAP_DAYS), version=str(key.get("version", "")))
    context = {"key": key, "words": SCOPE_LABELS, "form": form, "overtaken": True}
    return page(request, "access/key.html", context, status=412)


async def rotate_key(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    if earlier_id := shown_once.earlier_id(request, form):
        return shown_once.show_repeat(request, "key", f"/keys/{earlier_id}")
    key_id = request.path_params["id"]
    days = form.text("overlap_days") or "0"
    if not days.isdecimal():
        form.add_error("overlap_days", "Enter a whole number of days, such as 7")
    status = 422
    if not form.is_wrong:
        try:
            params: dict[str, str | None] = {"overlap_days": days.lstrip("0") or "0"}
            new_key = await visit.api.post(f"/keys/{key_id}/rotate", {}, once=form.once, params=params)
            context = {"made": new_key, "overlap": days}
            return shown_once.show_secret(
                request, form, new_key["key"]["id"], "access/key-secret.html", context
            )
        except Problem as problem:
            if problem.status not in (400, 409, 422):
                raise
            status = form.add_problem(problem)
    key = await _get_key(visit, key_id)
    return page(request, "access/key.html", {"key": key, "words": SCOPE_LABELS, "form": form}, status=status)


routes = [
    Route("/keys", show_keys),
    Route("/keys/new", show_new_key_form),
    Route("/keys/new", post_key, methods=["POST"]),
    Route("/keys/{id}", show_key),
    Route("/keys/{id}/revoke", revoke_key, methods=["POST"]),
    Route("/keys/{id}/rotate", rotate_key, methods=["POST"]),
]
