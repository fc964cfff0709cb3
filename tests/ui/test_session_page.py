import httpx

from app.ui import csrf
from tests.bradford import ADMINISTRATOR, OFFICER, READER
from tests.build import PASSWORD, Service
from tests.ui.visitor import Visitor


async def test_signing_in_leads_to_the_page_asked_for(visitor: Visitor) -> None:
    page = await visitor.get("/priorities/safeguarding?as_known_at=2017-12-01")
    assert page.heading == "Sign in"
    page = await visitor.submit(page, "/sign-in", {"email": READER, "password": PASSWORD})
    assert page.heading == "Safeguarding the most vulnerable people"
    assert page.response.url.query == b"as_known_at=2017-12-01"


async def test_a_wrong_password_is_told_apart_from_nothing(visitor: Visitor) -> None:
    wrong = await visitor.sign_in(READER, "not my password at all", status=401)
    unknown = await visitor.sign_in("nobody@saferplan.example", "not my password at all", status=401)
    said = "do not match an account"
    assert said in wrong.text
    assert said in unknown.text
    assert PASSWORD not in wrong.response.text


async def test_empty_fields_say_what_to_enter(visitor: Visitor) -> None:
    page = await visitor.sign_in("", "", status=422)
    assert "Enter your email address" in page.text
    assert "Enter your password" in page.text
    assert page.one("title").text == "Error: Sign in – Saferplan"


async def test_too_many_tries_say_how_long_to_wait(visitor: Visitor) -> None:
    for _ in range(20):
        page = await visitor.get("/sign-in")
        answer = await visitor.browser.post(
            "/sign-in",
            data={"csrf_token": _token(page.response), "email": READER, "password": "wrong wrong wrong"},
        )
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert "too many tries. Wait " in answer.text


def _token(response: httpx.Response) -> str:
    return response.text.split('name="csrf_token" value="')[1].split('"')[0]


async def test_signing_out_ends_the_session_itself(reader: Visitor, service: Service) -> None:
    token = reader.browser.cookies["saferplan"]
    page = await reader.submit(await reader.get("/"), "/sign-out")
    assert page.heading == "Sign in"
    assert (await service.get("/me", token)).status_code == 401
    assert "saferplan" not in reader.browser.cookies


async def test_the_cookie_is_out_of_a_script_s_reach(visitor: Visitor) -> None:
    page = await visitor.get("/sign-in")
    visitor.browser.follow_redirects = False
    answer = await visitor.browser.post(
        "/sign-in",
        data={"csrf_token": _token(page.response), "email": ADMINISTRATOR, "password": PASSWORD},
    )
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("saferplan="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


async def test_no_redirect_leaves_the_site(visitor: Visitor) -> None:
    page = await visitor.get("/sign-in?next=//evil.example/")
    page = await visitor.submit(page, "/sign-in", {"email": READER, "password": PASSWORD})
    assert str(page.response.url) == "http://127.0.0.1:8000/"


async def test_a_session_that_ended_asks_to_sign_in_again(reader: Visitor, service: Service) -> None:
    await service.ask("DELETE", "/sessions/current", reader.browser.cookies["saferplan"])
    assert (await reader.get("/checks")).heading == "Sign in"


async def test_what_was_sent_after_the_session_ended_is_said_to_be_lost(
    officer: Visitor, service: Service
) -> None:
    form = "/indicators/asb-incidents/figures/new"
    page = await officer.get(form)
    await service.ask("DELETE", "/sessions/current", officer.browser.cookies["saferplan"])
    page = await officer.submit(page, form, {"period": "2017-10", "value": "1"})
    assert page.heading == "Sign in"
    assert "was not stored" in page.text
    page = await officer.submit(page, "/sign-in", {"email": OFFICER, "password": PASSWORD})
    assert page.heading == "Send a figure"


async def test_signing_in_anew_ends_the_session_held_before(reader: Visitor, service: Service) -> None:
    before = reader.browser.cookies["saferplan"]
    answer = await reader.browser.post(
        "/sign-in",
        data={"csrf_token": csrf.token(before), "email": READER, "password": PASSWORD},
    )
    assert answer.status_code == 200
    assert reader.browser.cookies["saferplan"] != before
    assert (await service.get("/me", before)).status_code == 401


async def test_somebody_changes_their_own_password(reader: Visitor) -> None:
    page = await reader.get("/")
    assert "/account/password" in page.links()
    chosen = "thistle ferry lantern moss"
    page = await reader.get("/account/password")
    address = "/account/password"
    for fields, said in (
        ({"current_password": "", "password": chosen, "again": chosen}, "Enter the password you have now"),
        ({"current_password": PASSWORD, "password": chosen, "again": "other"}, "are not the same"),
        ({"current_password": "wrong", "password": chosen, "again": chosen}, "This is not your password"),
        ({"current_password": PASSWORD, "password": "short", "again": "short"}, "at least 15 characters"),
    ):
        page = await reader.submit(page, address, fields, status=422)
        assert said in page.text
        assert not any(fields[name] in page.response.text for name in fields if len(fields[name]) > 6)
    page = await reader.submit(
        page, address, {"current_password": PASSWORD, "password": chosen, "again": chosen}
    )
    assert "Your password is changed" in page.text
    assert (await reader.get("/")).heading != "Sign in"
