"""What a browser with an empty cache fetches to show the plan on a page."""

import gzip
from html.parser import HTMLParser

from sqlmodel import select

from app.db import Database
from app.domain.access.authority import Role
from app.models.plan.partnership import Partnership
from tests.benchmarks.load import Answer, ask_once
from tests.build import make_person, make_token

FETCHED = {("link", "icon"), ("link", "stylesheet"), ("script", None), ("img", None)}


class Parts(HTMLParser):
    """Addresses of what a page is shown with."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        address = said.get("href") if tag == "link" else said.get("src")
        if address and (tag, said.get("rel") if tag == "link" else None) in FETCHED:
            self.addresses.append(address)


def sign_in(database_url: str) -> str:
    """The cookie of an officer who has just signed in."""
    database = Database(database_url)
    try:
        with database.write() as session:
            partnership = session.exec(select(Partnership)).one()
            token = make_token(session, make_person(session, partnership, Role.OFFICER))
    finally:
        database.close()
    return f"saferplan={token}"


def first_visit(url: str, cookie: str) -> int:
    """Bytes over the wire, headers included: the page, and each part it names."""
    page = _fetch(f"{url}/", cookie)
    parts = Parts()
    parts.feed(_text(page))
    if not parts.addresses:
        raise RuntimeError("the plan's page names no stylesheet: it is not the page meant")
    return page.wire + sum(_fetch(url + address, cookie).wire for address in dict.fromkeys(parts.addresses))


def _fetch(address: str, cookie: str) -> Answer:
    answer = ask_once(address, {"Cookie": cookie, "Accept-Encoding": "gzip, deflate, br"})
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return answer


def _text(page: Answer) -> str:
    body = gzip.decompress(page.body) if page.headers.get("content-encoding") == "gzip" else page.body
    return body.decode()
