"""Setting a password with a one-time link.

The link's token moves into a cookie at once, so that it stays out of the address bar, the history and Referer
headers. Opening the link does not use it up: mail scanners open it too.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit import cookies
from app.ui.kit.client import Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import api

HOUR = 3600
LEAST = 15


async def open_link(request: Request) -> Response:
    response = redirect("/password")
    response.headers["Referrer-Policy"] = "no-referrer"
    cookies.keep(request, response, cookies.LINK, request.path_params["token"], HOUR)
    return response


async def show_password_form(request: Request) -> Response:
    if cookies.read(request, cookies.LINK) is None:
        return page(request, "access/password-link.html", status=404)
    return page(request, "access/password.html", {"form": make_form(), "least": LEAST}, shows_secret=True)


async def post_password(request: Request) -> Response:
    form = await read_form(request)
    token = cookies.read(request, cookies.LINK)
    if token is None:
        return page(request, "access/password-link.html", status=404)
    require_repeat(form)
    status = 422
    if not form.is_wrong:
        try:
            await api(request).post("/passwords", {"token": token, "password": str(form["password"])})
        except Problem as problem:
            if problem.status in (404, 410) or any(e.get("field") == "token" for e in problem.errors):
                return _link_used_page(request)
            if problem.status >= 500:
                raise
            status = form.add_problem(problem)
        else:
            return _password_set_page(request, token)
    form.values = {}
    return page(
        request, "access/password.html", {"form": form, "least": LEAST}, status=status, shows_secret=True
    )


def require_repeat(form: Form) -> None:
    """Adds an error unless a password was typed twice, and the same both times."""
    if not form["password"]:
        form.add_error("password", f"Enter a password of at least {LEAST} characters")
    elif form["password"] != form["again"]:
        form.add_error("again", "The two passwords are not the same")


def _password_set_page(request: Request, token: str) -> Response:
    response = page(request, "access/password-done.html")
    # So that wrong guesses at this account from elsewhere do not delay the next sign-in.
    cookies.keep(request, response, cookies.DEVICE, token, HOUR)
    cookies.drop(request, response, cookies.LINK)
    cookies.drop(request, response, cookies.SESSION)
    return response


def _link_used_page(request: Request) -> Response:
    response = page(request, "access/password-link.html", status=404)
    cookies.drop(request, response, cookies.LINK)
    return response


routes = [
    Route("/password", show_password_form),
    Route("/password", post_password, methods=["POST"]),
    Route("/password/{token}", open_link),
]
