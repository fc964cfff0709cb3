"""What protects every page: tokens, headers, limits, and plain words when something is down."""

import httpx
import pytest
from starlette.routing import Route

from app.config import Settings
from app.ui import create_ui
from tests.bradford import READER
from tests.build import PASSWORD
from tests.ui.page import read
from tests.ui.visitor import Visitor


async def test_every_form_is_refused_without_its_token(administrator: Visitor) -> None:
    posts = [
        route.path
        for route in administrator.ui.routes
        if isinstance(route, Route) and route.methods and "POST" in route.methods
    ]
    assert len(posts) > 12
    for path in posts:
        address = path.replace("{code}", "asb-incidents").replace("{part}", "target").replace("{id}", "1")
        address = address.replace("{which}", "disable").replace("{step}", "late")
        answer = await administrator.browser.post(address, data={"csrf_token": "A" * 88})
        assert answer.status_code == 403, address
        assert read(answer).heading == "The form is out of date", address


async def test_a_form_from_another_site_is_refused(reader: Visitor) -> None:
    page = await reader.get("/")
    token = page.response.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = await reader.browser.post(
        "/sign-out", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert (await reader.get("/checks")).heading == "Plan checks"


async def test_nothing_private_is_shown_to_who_has_not_signed_in(visitor: Visitor) -> None:
    public = {"/sign-in", "/password", "/accessibility", "/privacy", "/favicon.ico", "/static/{name}"}
    visitor.browser.follow_redirects = False
    for route in visitor.ui.routes:
        if not isinstance(route, Route) or route.path in public or "GET" not in (route.methods or ()):
            continue
        address = route.path.replace("{code}", "asb-incidents").replace("{part}", "target")
        address = address.replace("{id}", "1").replace("{figure}", "1").replace("{token}", "x" * 43)
        address = address.replace("{step}", "cut-off" if address.startswith("/quarters/") else "late")
        answer = await visitor.browser.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith(("/sign-in", "/password")), address


async def test_a_page_not_there_says_so(officer: Visitor) -> None:
    for address in ("/nowhere", "/indicators/none", "/priorities/none", "/receipts/999", "/people/1/x/y"):
        assert (await officer.get(address, status=404)).heading == "Page not found"


@pytest.mark.parametrize(
    "code",
    ["%00", "x%3Fplan=y", "%2e%2e", "..%2F..%2Fusers", "a%0d%0ab", "%23", "%F0%9F%94%A5", "a b", "x" * 5000],
)
async def test_an_address_steers_no_call_anywhere_else(officer: Visitor, code: str) -> None:
    for address in (f"/indicators/{code}", f"/priorities/{code}", f"/receipts/{code}", f"/people/{code}"):
        assert (await officer.get(address, status=404)).heading == "Page not found"


async def test_a_page_not_there_keeps_the_menu(officer: Visitor) -> None:
    page = await officer.get("/nowhere", status=404)
    assert "Sign out" in page.text
    assert "/figures" in page.links()


async def test_a_page_one_may_not_see_says_so(reader: Visitor) -> None:
    for address in ("/people", "/keys", "/record", "/receipts", "/people/new", "/keys/new"):
        assert (await reader.get(address, status=403)).heading == "You may not do that here"


async def test_too_large_a_form_is_refused(reader: Visitor) -> None:
    answer = await reader.browser.post("/partnership", data={"partnership": "x" * 3_000_000})
    assert answer.status_code in (400, 413)
    assert read(answer).status == answer.status_code


async def test_a_text_of_markup_is_shown_as_text(reader: Visitor) -> None:
    page = await reader.get("/?period=%3Cscript%3Ealert(1)%3C%2Fscript%3E", status=422)
    assert "<script>alert" not in page.response.text


async def test_a_lying_api_is_said_to_be_our_fault() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500, json={"code": "internal", "request_id": "r-17"})

    page = await _over(httpx.MockTransport(answer), "/")
    assert page.status_code == 500
    assert "there is a problem with the service" in page.text
    assert "r-17" in page.text


async def test_an_api_that_cannot_be_reached_gives_a_plain_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    page = await _over(httpx.MockTransport(answer), "/")
    assert page.status_code == 503
    assert read(page).heading == "The service is not available"


async def test_a_fault_of_the_pages_own_is_still_a_protected_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"nothing": "expected"})

    page = await _over(httpx.MockTransport(answer), "/")
    assert page.status_code == 500
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "Traceback" not in page.text


async def _over(transport: httpx.AsyncBaseTransport, address: str) -> httpx.Response:
    ui = create_ui(Settings(secure_cookies=False), transport)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=ui, raise_app_exceptions=False), base_url="http://127.0.0.1"
    )
    async with client:
        return await client.get(address, headers={"Cookie": "saferplan=" + "t" * 40})


async def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        mark, until = "d" * 43, "2017-12-20T12:00:00Z"
        session = {"token": "t" * 43, "expires_at": until, "device": mark, "wrong_guesses": 0}
        return httpx.Response(201, json={**session, "partnerships": []})

    ui = create_ui(Settings(secure_cookies=True), httpx.MockTransport(answer))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=ui), base_url="https://plan.example")
    async with client:
        page = await client.get("/sign-in")
        assert page.headers["strict-transport-security"].startswith("max-age=")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        form = {"csrf_token": token, "email": READER, "password": PASSWORD}
        signed_in = await client.post("/sign-in", data=form)
    cookies = signed_in.headers.get_list("set-cookie")
    for name in ("__Host-saferplan=", "__Host-saferplan-device="):
        kept = next(c for c in cookies if c.startswith(name))
        assert "Secure" in kept
        assert "HttpOnly" in kept
        assert "Path=/" in kept
        assert "Domain" not in kept


async def test_no_token_is_written_twice_the_same_in_a_page(officer: Visitor) -> None:
    page = await officer.get("/indicators/asb-incidents/target")
    tokens = [f.get("value") for f in page.all("input") if f.get("name") == "csrf_token"]
    assert len(tokens) == len(set(tokens)) == 2


@pytest.mark.parametrize("name", ["govuk-frontend.css", "saferplan.css", "htmx.js", "saferplan.svg"])
async def test_static_files_are_packed_and_kept(visitor: Visitor, name: str) -> None:
    from app.ui.assets import address

    answer = await visitor.browser.get(address(name))
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_first_visit_is_light(reader: Visitor) -> None:
    """The plan page and all it needs, as sent over the wire."""
    page = await reader.get("/")
    wanted = [e.get("href") for e in page.all("link")] + [e.get("src") for e in page.all("script")]
    total = int(page.response.headers["content-length"])
    for address in filter(None, wanted):
        answer = await reader.browser.get(address)
        total += int(answer.headers["content-length"])
    assert total < 100_000


async def test_nothing_is_fetched_from_elsewhere_and_no_crown_is_shown(reader: Visitor) -> None:
    page = await reader.get("/")
    for element in page.root.iter():
        for name in ("src", "href", "action"):
            assert not (element.get(name) or "/").startswith(("http:", "https:", "//"))
    from app.ui.assets import assets

    stylesheet = assets()["govuk-frontend.css"].content
    for gone in (b"@font-face", b"GDS Transport", b"url(", b"crest"):
        assert gone not in stylesheet
