import re

from tests.bradford import ANALYST, READER
from tests.build import PASSWORD, Service
from tests.ui.page import Page, text_of
from tests.ui.visitor import Visitor

NEW_PASSWORD = "umbrella granite fourteen wren"


def secret_of(page: Page) -> str:
    return text_of(page.one("code"))


async def test_somebody_is_invited_sets_a_password_and_signs_in(administrator: Visitor) -> None:
    page = await administrator.get("/people/new")
    fields = {"name": "Fire analyst", "email": "fire@saferplan.example", "role": "contributor"}
    page = await administrator.submit(page, "/people/new", {**fields, "agency": "west-yorkshire-fire"})
    assert page.heading == "Pass this link on"
    assert page.response.headers["referrer-policy"] == "no-referrer"
    assert "content-encoding" not in page.response.headers
    address = secret_of(page)

    async with Visitor(administrator.ui) as invited:
        page = await invited.get(address)
        assert page.response.url.path == "/password"
        short = await invited.submit(page, "/password", {"password": "short", "again": "short"}, status=422)
        assert "short" not in [f.get("value") for f in short.all("input")]
        unlike = {"password": NEW_PASSWORD, "again": PASSWORD}
        page = await invited.submit(short, "/password", unlike, status=422)
        assert "not the same" in page.text
        page = await invited.submit(page, "/password", {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
        assert page.heading == "Your password is set"
        page = await invited.sign_in("fire@saferplan.example", NEW_PASSWORD)
        assert page.heading == "What you owe"

    async with Visitor(administrator.ui) as late:
        page = await late.get(address)
        fields = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
        page = await late.submit(page, "/password", fields, status=404)
        assert page.heading == "This link does not work"


async def test_the_link_is_shown_once(administrator: Visitor) -> None:
    page = await administrator.get("/people")
    person = next(link for link in page.links() if re.fullmatch(r"/people/\d+", link))
    page = await administrator.submit(await administrator.get(person), f"{person}/link")
    token = secret_of(page).rsplit("/", 1)[-1]
    for address in ("/people", person, "/record"):
        assert token not in (await administrator.get(address)).response.text


async def test_a_link_begins_with_the_public_address_whatever_host_was_asked(administrator: Visitor) -> None:
    administrator.browser.headers["Host"] = "evil.example"
    page = await administrator.get("/people")
    person = next(link for link in page.links() if re.fullmatch(r"/people/\d+", link))
    page = await administrator.submit(await administrator.get(person), f"{person}/link")
    assert secret_of(page).startswith("http://127.0.0.1:8000/password/")
    assert "evil.example" not in page.response.text


async def test_what_is_wrong_with_an_invitation_is_said(administrator: Visitor) -> None:
    page = await administrator.submit(
        await administrator.get("/people/new"), "/people/new", {"name": "", "email": "x"}, status=422
    )
    assert "Enter their name" in page.text
    again = {"name": "Somebody", "email": READER}
    page = await administrator.submit(page, "/people/new", again, status=409)
    assert "There is a problem" in page.text


async def test_a_role_is_changed_and_sign_in_stopped(administrator: Visitor) -> None:
    person = await _find(administrator, ANALYST)
    page = await administrator.submit(await administrator.get(person), person, {"name": "Police lead"})
    assert page.heading == "Police lead"
    stale = page
    page = await administrator.submit(page, f"{person}/disable")
    assert "Stopped" in page.text
    async with Visitor(administrator.ui) as stopped:
        await stopped.sign_in(ANALYST, PASSWORD, status=401)
    page = await administrator.submit(stale, person, {"name": "Overtaken"}, status=412)
    assert "Somebody else saved a change" in page.text
    page = await administrator.submit(page, f"{person}/enable")
    assert "Set up" in page.text


async def _find(visitor: Visitor, email: str) -> str:
    page = await visitor.get("/people")
    row = next(row for row in page.all("tr") if email in text_of(row))
    return next(a.get("href") or "" for a in row.iter("a"))


async def test_a_key_is_made_copied_replaced_and_revoked(administrator: Visitor) -> None:
    page = await administrator.get("/keys/new")
    fields = {"name": "Quarterly extract", "agency": "west-yorkshire-police"}
    page = await administrator.submit(page, "/keys/new", fields)
    secret = secret_of(page)
    assert secret.startswith("sp_")
    page = await administrator.get("/keys")
    assert secret not in page.response.text
    key = next(link for link in page.links() if re.fullmatch(r"/keys/\d+", link))
    page = await administrator.submit(await administrator.get(key), f"{key}/rotate", {"overlap_days": "3"})
    assert secret_of(page) != secret
    assert "3 days" in page.text
    page = await administrator.submit(
        await administrator.get(key), f"{key}/rotate", {"overlap_days": "many"}, status=422
    )
    page = await administrator.submit(await administrator.get(key), f"{key}/revoke")
    assert "The key is revoked" in page.text
    assert any("Revoked" in row for row in page.rows())


async def test_a_page_with_a_new_key_that_is_loaded_again_makes_no_other(
    administrator: Visitor, service: Service
) -> None:
    fields = {"name": "Quarterly extract", "agency": "west-yorkshire-police"}
    page = await administrator.get("/keys/new")
    made = await administrator.submit(page, "/keys/new", fields)
    again = await administrator.submit(page, "/keys/new", fields, status=409)
    assert again.heading == "The key was made already"
    assert secret_of(made) not in again.response.text
    key = next(link for link in again.links() if re.fullmatch(r"/keys/\d+", link))
    page = await administrator.get(key)
    assert page.heading == "Quarterly extract"
    await administrator.submit(page, f"{key}/rotate", {"overlap_days": "3"})
    again = await administrator.submit(page, f"{key}/rotate", {"overlap_days": "3"}, status=409)
    assert again.heading == "The key was made already"
    newest = next(link for link in again.links() if re.fullmatch(r"/keys/\d+", link))
    assert newest != key
    assert len(await service.items("/keys", administrator.browser.cookies["saferplan"])) == 2
    page = await administrator.submit(await administrator.get(newest), f"{newest}/rotate")
    assert page.heading == "Copy the key now", "another page of the form makes another"


async def test_a_page_with_a_new_link_that_is_loaded_again_leaves_the_link_good(
    administrator: Visitor,
) -> None:
    page = await administrator.get("/people/new")
    fields = {"name": "Fire analyst", "email": "fire@saferplan.example", "role": "reader"}
    await administrator.submit(page, "/people/new", fields)
    again = await administrator.submit(page, "/people/new", fields, status=409)
    assert again.heading == "The link was made already"
    person = next(link for link in again.links() if re.fullmatch(r"/people/\d+", link))
    page = await administrator.get(person)
    address = secret_of(await administrator.submit(page, f"{person}/link"))
    again = await administrator.submit(page, f"{person}/link", status=409)
    assert again.heading == "The link was made already"
    async with Visitor(administrator.ui) as invited:
        page = await invited.get(address)
        fields = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
        page = await invited.submit(page, "/password", fields)
        assert page.heading == "Your password is set"


async def test_a_key_needs_a_name_an_agency_and_something_to_do(administrator: Visitor) -> None:
    page = await administrator.get("/keys/new")
    page = await administrator.submit(page, "/keys/new", {"name": "", "scopes": []}, status=422)
    for said in ("Enter what the key is for", "Choose whose key it is", "Choose what the key may do"):
        assert said in page.text


async def test_the_record_shows_who_did_what(administrator: Visitor) -> None:
    page = await administrator.get("/record")
    assert any("Partnership manager" in row and "Signed in" in row for row in page.rows())
    page = await administrator.get("/record?subject_kind=person&subject=1")
    assert "Only what happened to" in page.text


async def test_public_pages_need_nobody(visitor: Visitor) -> None:
    assert (await visitor.get("/accessibility")).heading == "Accessibility statement"
    assert (await visitor.get("/privacy")).heading == "Privacy and retention"


async def test_a_password_page_without_a_link_says_where_to_get_one(visitor: Visitor) -> None:
    assert (await visitor.get("/password", status=404)).heading == "This link does not work"
