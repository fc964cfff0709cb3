"""Setting a password with a one-time link.

The link's address is exchanged for a cookie at once, so that the token stays out of the address bar, the
history and whatever is linked from the page. Looking does not use it up: mail scanners look too.
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


async def follow(request: Request) -> Response:
    response = redirect("/password")
    response.headers["Referrer-Policy"] = "no-referrer"
    cookies.keep(request, response, cookies.LINK, request.path_params["token"], HOUR)
    return response


async def ask(request: Request) -> Response:
    if cookies.read(request, cookies.LINK) is None:
        return page(request, "access/password-link.html", status=404)
    return page(request, "access/password.html", {"form": make_form(), "least": LEAST}, shows_secret=True)


async def choose(request: Request) -> Response:
    form = await read_form(request)
    token = cookies.read(request, cookies.LINK)
    if token is None:
        return page(request, "access/password-link.html", status=404)
    choose_twice(form)
    status = 422
    if not form.is_wrong:
        try:
            await api(request).post("/passwords", {"token": token, "password": str(form["password"])})
        except Problem as problem:
            if problem.status in (404, 410) or any(e.get("field") == "token" for e in problem.errors):
                return _used_up(request)
            if problem.status >= 500:
                raise
            status = form.add_problem(problem)
        else:
            return _done(request, token)
    form.values = {}
    return page(
        request, "access/password.html", {"form": form, "least": LEAST}, status=status, shows_secret=True
    )


def choose_twice(form: Form) -> None:
    """A new password is typed twice, since nobody sees what they type."""
    if not form["password"]:
        form.add_error("password", f"Enter a password of at least {LEAST} characters")
    elif form["password"] != form["again"]:
        form.add_error("again", "The two passwords are not the same")


def _done(request: Request, token: str) -> Response:
    response = page(request, "access/password-done.html")
    # Nobody who guesses at this account meanwhile can delay the sign-in that follows.
    cookies.keep(request, response, cookies.DEVICE, token, HOUR)
    cookies.drop(request, response, cookies.LINK)
    cookies.drop(request, response, cookies.SESSION)
    return response


def _used_up(request: Request) -> Response:
    response = page(request, "access/password-link.html", status=404)
    cookies.drop(request, response, cookies.LINK)
    return response


routes = [
    Route("/password", ask),
    Route("/password", choose, methods=["POST"]),
    Route("/password/{token}", follow),
]
