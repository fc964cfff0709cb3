"""Changing one's own password, with the current one."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit
from app.ui.pages.access.password import LEAST, require_repeat


async def show_own_password_form(request: Request) -> Response:
    await require_visit(request)
    return _form_page(request, make_form())


async def post_own_password(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request)
    if not form["current_password"]:
        form.add_error("current_password", "Enter the password you have now")
    require_repeat(form)
    status = 422
    if not form.is_wrong:
        body = {"current_password": str(form["current_password"]), "password": str(form["password"])}
        try:
            await visit.api.post("/me/password", body)
            return redirect("/account/password?changed=yes")
        except Problem as problem:
            if problem.status not in (422, 429):
                raise
            status = form.add_problem(problem)
    form.values = {}
    return _form_page(request, form, status)


def _form_page(request: Request, form: Form, status: int = 200) -> Response:
    changed = request.method == "GET" and request.query_params.get("changed") == "yes"
    context = {"form": form, "least": LEAST, "changed": changed}
    return page(request, "access/own-password.html", context, status=status, shows_secret=True)


routes = [
    Route("/account/password", show_own_password_form),
    Route("/account/password", post_own_password, methods=["POST"]),
]
