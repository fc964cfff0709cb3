import httpx
import pytest
from starlette.applications import Starlette

from app.ui.kit import csrf
from tests.bradford import ADMINISTRATOR, OFFICER, READER
from tests.build import PASSWORD, Service
from tests.ui.page import Page
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


FORM = "/indicators/asb-incidents/figures/new"


async def sent_after_the_end(officer: Visitor, service: Service) -> Page:
    page = await officer.get(FORM)
    await service.ask("DELETE", "/sessions/current", officer.browser.cookies["saferplan"])
    typed = {"period": "2017-10", "value": "3702", "note": 'Said “<so>”,\r\n"twice" & again'}
    page = await officer.submit(page, FORM, typed, status=401)
    assert page.heading == "Sign in"
    assert "was not stored. It is kept" in page.text
    return page


async def test_what_was_sent_after_the_session_ended_is_kept_and_sent_on(
    officer: Visitor, service: Service
) -> None:
    page = await sent_after_the_end(officer, service)
    page = await officer.submit(page, "/sign-in", {"email": OFFICER, "password": "wrong"}, status=401)
    page = await officer.submit(page, "/sign-in", {"email": OFFICER, "password": PASSWORD})
    assert page.heading == "Something is waiting to be sent"
    assert FORM in page.links(), "or to be left"
    assert "3702" in page.text, "so that they can tell what it is"
    assert "Period" in page.text
    assert (await officer.submit(page, FORM)).heading == "Receipt"
    figures = await service.items(
        "/figures", officer.browser.cookies["saferplan"], indicator="asb-incidents", period="2017-10"
    )
    assert [figure["value"] for figure in figures] == [3702]
    assert figures[0]["note"] == 'Said “<so>”,\n"twice" & again'


async def test_sending_it_on_shows_what_is_wrong_in_the_form_itself(
    officer: Visitor, service: Service
) -> None:
    page = await officer.get(FORM)
    await service.ask("DELETE", "/sessions/current", officer.browser.cookies["saferplan"])
    page = await officer.submit(page, FORM, {"period": "2018", "value": "12"}, status=401)
    page = await officer.submit(page, "/sign-in", {"email": OFFICER, "password": PASSWORD})
    page = await officer.submit(page, FORM, status=422)
    assert page.heading == "Send a figure"
    assert 'value="2018"' in page.response.text


async def test_a_form_of_another_site_is_not_kept(officer: Visitor, service: Service) -> None:
    await service.ask("DELETE", "/sessions/current", officer.browser.cookies["saferplan"])
    answer = await officer.browser.post(FORM, data={"period": "2017-10", "value": "1"})
    assert "3702" not in answer.text
    assert "It is kept" not in answer.text
    assert "was not stored" in answer.text


async def test_neither_a_password_nor_a_file_is_kept(officer: Visitor, service: Service) -> None:
    password = await officer.get("/account/password")
    upload = await officer.get("/figures/upload")
    await service.ask("DELETE", "/sessions/current", officer.browser.cookies["saferplan"])
    held = dict(officer.browser.cookies)
    typed = {"current_password": PASSWORD, "password": "thistle ferry moss", "again": "thistle ferry moss"}
    page = await officer.submit(password, "/account/password", typed)
    assert "was not stored. Sign in and send it again" in page.text
    assert "thistle" not in page.response.text
    officer.browser.cookies.update(held)
    page = await officer.submit(upload, "/figures/upload", file=("figures.csv", b"indicator,period\n"))
    assert "was not stored. Sign in and send it again" in page.text


async def test_another_tab_does_not_lose_it(officer: Visitor, service: Service) -> None:
    page = await officer.get(FORM)
    await service.ask("DELETE", "/sessions/current", officer.browser.cookies["saferplan"])
    assert (await officer.get("/checks")).heading == "Sign in"
    page = await officer.submit(page, FORM, {"period": "2017-10", "value": "3702"}, status=401)
    assert "It is kept" in page.text


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[]",
        '{"to": "/", "fields": 1}',
        '{"to": 1, "fields": []}',
        '{"to": "/", "fields": [["a", "\\ud800"]]}',
        '{"to": "//evil.example", "fields": [["a", "b"]]}',
    ],
)
async def test_what_the_sign_in_page_did_not_put_there_leads_nowhere(visitor: Visitor, kept: str) -> None:
    page = await visitor.get("/sign-in")
    answer = await visitor.browser.post(
        "/sign-in",
        data={
            "csrf_token": _token(page.response),
            "email": READER,
            "password": PASSWORD,
            "unsent": kept,
        },
    )
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


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


async def guess_until_held_back(ui: Starlette, email: str, address: str) -> None:
    """By the form, from a browser on another network."""
    async with Visitor(ui, address) as guesser:
        answers = []
        for _ in range(11):
            page = await guesser.get("/sign-in")
            form = {"csrf_token": _token(page.response), "email": email, "password": "wrong wrong wrong"}
            answers.append((await guesser.browser.post("/sign-in", data=form)).status_code)
    assert answers == [401] * 10 + [429]


async def test_who_guesses_from_elsewhere_locks_nobody_out(visitor: Visitor) -> None:
    await guess_until_held_back(visitor.ui, READER, "203.0.113.1")
    page = await visitor.get("/priorities/safeguarding")
    page = await visitor.submit(page, "/sign-in", {"email": READER, "password": PASSWORD})
    assert page.heading == "Wrong passwords were tried for your sign-in"
    assert "10 wrong passwords" in page.text
    assert "/priorities/safeguarding" in page.links(), "where they were going"
    assert (await visitor.get("/account/password")).heading != "Sign in"


async def test_a_browser_signed_in_with_before_is_let_in_where_others_guess(visitor: Visitor) -> None:
    page = await visitor.sign_in(READER, PASSWORD)
    await visitor.submit(page, "/sign-out")
    await guess_until_held_back(visitor.ui, READER, "127.0.0.1")
    async with Visitor(visitor.ui) as stranger:
        page = await stranger.sign_in(READER, PASSWORD, status=429)
        assert "use a browser that you have signed in with before" in page.text
    await visitor.sign_in(READER, PASSWORD)


async def test_a_visitor_does_not_say_where_they_come_from(visitor: Visitor) -> None:
    visitor.browser.headers["X-Forwarded-For"] = "203.0.113.99"
    await guess_until_held_back(visitor.ui, READER, "127.0.0.1")
    await visitor.sign_in(READER, PASSWORD, status=429)


async def test_whoever_sets_a_password_by_link_is_let_in_where_others_guess(
    administrator: Visitor, service: Service
) -> None:
    token = administrator.browser.cookies["saferplan"]
    (reader,) = [each for each in await service.items("/users", token) if each["email"] == READER]
    link = (await service.post(f"/users/{reader['id']}/link", token)).json()["token"]
    chosen = "thistle ferry lantern moss"
    async with Visitor(administrator.ui) as owner:
        page = await owner.get(f"/password/{link}")
        await owner.submit(page, "/password", {"password": chosen, "again": chosen})
        await guess_until_held_back(administrator.ui, READER, "127.0.0.1")
        await owner.sign_in(READER, chosen)
