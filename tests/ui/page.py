"""A page as a browser has it, and what every page of ours must be."""

import itertools
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]
import httpx
from starlette.routing import BaseRoute, Match

FIELDS = ("input", "select", "textarea")
UNLABELLED = {"hidden", "submit", "button"}


@dataclass
class Page:
    """An answer and its parsed document."""

    response: httpx.Response
    root: Element

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def heading(self) -> str:
        return text_of(self.one("h1"))

    @property
    def text(self) -> str:
        return text_of(self.root)

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(tag))

    def one(self, tag: str) -> Element:
        found = self.all(tag)
        assert len(found) == 1, f"{len(found)} of <{tag}> at {self.response.url}"
        return found[0]

    def form(self, action: str) -> Element:
        found = [form for form in self.all("form") if form.get("action") == action]
        assert found, f"no form to {action} among {[form.get('action') for form in self.all('form')]}"
        return found[0]

    def button(self, words: str) -> tuple[Element, Element]:
        """The form of the button with these words, and the button."""
        buttons = [
            (form, each)
            for form in self.all("form")
            for each in form.iter("button")
            if text_of(each) == words
        ]
        assert len(buttons) == 1, f"{len(buttons)} buttons “{words}” at {self.response.url}"
        return buttons[0]

    def links(self) -> list[str]:
        return [link.get("href") or "" for link in self.all("a")]

    def rows(self) -> list[str]:
        return [text_of(row) for row in self.all("tr")]


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def read(response: httpx.Response) -> Page:
    """Raises html5lib's ParseError for HTML that a validator would refuse."""
    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
    )
    root = parser.parse(response.text)
    for element in root.iter():
        # A picture has a namespace of its own, and a title that is not the page's.
        if isinstance(element.tag, str) and "}" in element.tag:
            name = element.tag.rpartition("}")[2]
            element.tag = "svg-title" if name == "title" else name
    return Page(response, root)


def values_of(form: Element) -> dict[str, Any]:
    """What a browser would send if its button were pressed at once."""
    sent: dict[str, Any] = {}
    for field in form.iter():
        name = field.get("name")
        if name is None or field.tag not in FIELDS or field.get("type") == "file":
            continue
        if field.get("type") in ("radio", "checkbox"):
            if field.get("checked") is not None:
                sent.setdefault(name, []).append(field.get("value"))
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = next(
                (o for o in options if o.get("selected") is not None), options[0] if options else None
            )
            sent[name] = "" if chosen is None else chosen.get("value", text_of(chosen))
        elif field.tag == "textarea":
            sent[name] = "".join(field.itertext())
        else:
            sent[name] = field.get("value", "")
    return sent


def faults(page: Page, routes: list[BaseRoute]) -> list[str]:
    """Everything wrong with a page, whatever it is about."""
    return [
        *_heading_faults(page),
        *_script_faults(page),
        *_reference_faults(page),
        *_field_faults(page),
        *_address_faults(page, routes),
        *_header_faults(page),
        *_text_faults(page),
    ]


def _heading_faults(page: Page) -> list[str]:
    title = text_of(page.one("title")).removeprefix("Error: ")
    found = []
    if not title.startswith(page.heading) or not title.endswith("– Saferplan"):
        found.append(f"title “{title}” is not that of “{page.heading}”")
    if page.one("html").get("lang") != "en" or len(page.all("main")) != 1:
        found.append("language or main landmark missing")
    levels = [int(e.tag[1]) for e in page.one("main").iter() if e.tag in ("h1", "h2", "h3", "h4")]
    if any(after > before + 1 for before, after in itertools.pairwise(levels)):
        found.append(f"heading levels skip: {levels}")
    return found


def _text_faults(page: Page) -> list[str]:
    """Finds objects of the program where words should be."""
    return ["an object of the program is printed"] if " object at 0x" in page.text else []


def _script_faults(page: Page) -> list[str]:
    found = [f"<{e.tag}> inline" for e in page.all("style")]
    found += ["script without a source" for e in page.all("script") if not e.get("src")]
    for element in page.root.iter():
        for name, value in element.attrib.items():
            if name == "style" or name.startswith(("on", "hx-on")) or "javascript:" in value.lower():
                found.append(f"{name} on <{element.tag}>")
            if name.startswith("hx-") and (value.startswith("js:") or "[" in value):
                found.append(f"{name}={value} would need eval")
    return found


def _reference_faults(page: Page) -> list[str]:
    ids = [e.get("id") for e in page.root.iter() if e.get("id")]
    found = [f"id {name} twice" for name in {i for i in ids if ids.count(i) > 1}]
    for element in page.root.iter():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
            for wanted in (element.get(name) or "").split():
                if wanted not in ids:
                    found.append(f"{name} points at no {wanted}")
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            found.append(f"link to no {href}")
        if element.tag == "svg" and element.get("role") == "img":
            labelled = element.get("aria-label") or element.get("aria-labelledby")
            found += [] if labelled else ["a picture without words"]
    return found


def _field_faults(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label")}
    found = []
    for field in (e for tag in FIELDS for e in page.all(tag)):
        if field.get("type") in UNLABELLED:
            continue
        if field.get("id") not in labelled and not field.get("aria-label"):
            found.append(f"no label for {field.get('name')}")
    for table in page.all("table"):
        if not list(table.iter("caption")) or any(not th.get("scope") for th in table.iter("th")):
            found.append("a table without a caption, or a heading without a scope")
    return found


def _address_faults(page: Page, routes: list[BaseRoute]) -> list[str]:
    found = []
    for form in page.all("form"):
        method = (form.get("method") or "get").upper()
        if not _exists(form.get("action") or "", method, routes):
            found.append(f"form to {method} {form.get('action')}")
        if method == "POST" and "csrf_token" not in values_of(form):
            found.append(f"form to {form.get('action')} without a token")
    for link in page.links():
        if link.startswith("/") and not _exists(link, "GET", routes):
            found.append(f"link to {link}")
        if urlsplit(link).netloc:
            found.append(f"link to another site: {link}")
    return found


def _exists(address: str, method: str, routes: list[BaseRoute]) -> bool:
    scope = {"type": "http", "path": urlsplit(address).path, "method": method, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] == Match.FULL for route in routes)


def _header_faults(page: Page) -> list[str]:
    headers = page.response.headers
    policy = headers.get("content-security-policy", "")
    found = [] if "default-src 'self'" in policy and "unsafe" not in policy else ["content security policy"]
    found += [] if headers.get("cache-control") == "no-store" else ["may be stored"]
    found += [] if headers.get("x-content-type-options") == "nosniff" else ["may be sniffed"]
    return found
