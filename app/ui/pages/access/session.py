"""Signing in and out."""

import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit import cookies, unsent
from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form, make_form, read_form
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import (
    SignedOut,
    api,
    chosen_partnership,
    require_visit,
    safe_next,
    sends_for_agency,
    use_session,
)

NO_MATCH = "The email address and password do not match an account. Check both and try again."

WARN_FROM = 10
"""Wrong passwords in a day: fewer count as typing errors, and give no warning."""
IN_A_HURRY = (
    "If you cannot wait, use a browser that you have signed in with before, or ask your partnership's "
    "administrator for a new link."
)


async def show_sign_in_form(request: Request) -> Response:
    back = safe_next(request.query_params.get("next"))
    with contextlib.suppress(SignedOut):
        await require_visit(request)
        return redirect(back)
    lost = request.query_params.get("lost") == "yes"
    return page(request, "access/sign-in.html", {"form": make_form(next=back), "lost": lost})


async def post_sign_in(request: Request) -> Response:
    form = await read_form(request)
    email, password = form.text("email"), str(form["password"])
    if email is None:
        form.add_error("email", "Enter your email address")
    if not password:
        form.add_error("password", "Enter your password")
    if form.is_wrong:
        return _form_page(request, form, 422)
    try:
        old_token = cookies.read(request, cookies.SESSION)
        device = cookies.read(request, cookies.DEVICE)
        credentials = {"email": email, "password": password, **({"device": device} if device else {})}
        session = await api(request, old_token).post("/sessions", credentials)
    except Problem as problem:
        return _form_page(request, form, _add_refusal(form, problem))
    # A new token at each sign-in, and the one this browser held before is ended.
    response = await _after_sign_in(request, form, session)
    cookies.keep(request, response, cookies.SESSION, session["token"])
    cookies.keep(request, response, cookies.DEVICE, session["device"], cookies.DEVICE_SECONDS)
    cookies.drop(request, response, cookies.VISITOR)
    return response


async def _after_sign_in(request: Request, form: Form, session: Json) -> Response:
    """The response after a sign-in: a redirect to the page asked for, or one of two pages before it.

    One page offers to send the form that was posted after the last sign-in had ended. The other warns of wrong guesses
    at the password.
    """
    token = session["token"]
    unsent_form = unsent.parse_unsent(form.text(unsent.FIELD))
    if unsent_form is None:
        landing = await _landing_address(request, form, token)
        if session["wrong_guesses"] < WARN_FROM:
            return redirect(landing)
        use_session(request, token)
        return page(
            request, "access/wrong-passwords.html", {"count": session["wrong_guesses"], "next": landing}
        )
    use_session(request, token)
    return page(request, "access/send-on.html", {"unsent": unsent_form, "next": safe_next(form.text("next"))})


async def _landing_address(request: Request, form: Form, token: str) -> str:
    """Address of the page asked for, else of the plan, or of Returns for people who send an agency's figures."""
    back = safe_next(form.text("next"))
    if back != "/":
        return back
    me = await api(request, token).get("/me")
    return "/returns" if sends_for_agency(chosen_partnership(request, me)) else back


def _add_refusal(form: Form, problem: Problem) -> int:
    if problem.status == 429:
        minutes = -(-(problem.retry_after or 60) // 60)
        wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
        form.overall.append(f"There have been too many tries. Wait {wait}, then try again. {IN_A_HURRY}")
        return 429
    if problem.status in (401, 422):
        form.overall.append(NO_MATCH)
        return 401
    raise problem


def _form_page(request: Request, form: Form, status: int) -> Response:
    form.values["password"] = ""
    form.values["next"] = safe_next(form.text("next"))
    return page(request, "access/sign-in.html", {"form": form}, status=status)


async def post_sign_out(request: Request) -> Response:
    await read_form(request)
    token = cookies.read(request, cookies.SESSION)
    if token:
        try:
            await api(request, token).delete("/sessions/current")
        except Problem as problem:
            if problem.status != 401:
                raise
    response = redirect("/sign-in")
    cookies.drop(request, response, cookies.SESSION)
    return response


routes = [
    Route("/sign-in", show_sign_in_form),
    Route("/sign-in", post_sign_in, methods=["POST"]),
    Route("/sign-out", post_sign_out, methods=["POST"]),
]
