"""An entry of the record in words for people: what was done to what, and every change from one thing to another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.ui.kit.client import Json
from app.ui.kit.filters import day, moment
from app.ui.pages.access.scopes import WORDS

NOTHING = "nothing"
DATED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")
LABELS = {
    "expires_at": "Works until",
    "need": "Needed",
    "replaced_by": "Replaced by the key",
    "rows_sha256": "Fingerprint of the rows",
    "rows_version": "Version of the fingerprint",
    "unrecorded_before": "Tries before it without an entry",
    "via": "Through",
}
KINDS = {
    "submission": "receipt",
    "route": "address",
    "account": "unknown address",
    "reporting_period": "quarter",
}
PAGES = {
    "indicator": "/indicators/",
    "submission": "/receipts/",
    "person": "/people/",
    "return": "/returns/",
    "reporting_period": "/quarters/",
}
"""Where the pages of a subject's kind are."""


@dataclass(frozen=True)
class Fact:
    label: str
    words: str
    was: str | None = None
    """What it said before, where the entry is of a change."""


@dataclass(frozen=True)
class Subject:
    kind: str
    name: str
    address: str | None


def facts_of(entry: Json, agencies: Mapping[str, str]) -> list[Fact]:
    """Changes first, then the reason for them and whatever else was noted; `agencies` are names by code."""
    noted = dict(entry["data"])
    before, after = noted.pop("before", {}), noted.pop("after", {})
    facts = [fact for name in after for fact in _change(name, before.get(name), after[name], agencies)]
    return facts + [Fact(_label(name), words(value, agencies)) for name, value in noted.items()]


def _change(name: str, was: Any, now: Any, agencies: Mapping[str, str]) -> list[Fact]:
    """One field's; of a field with parts, those parts that differ."""
    if not isinstance(now, dict) or not isinstance(was, dict):
        return [Fact(_label(name), words(now, agencies), words(was, agencies))]
    return [
        Fact(_label(f"{name}_{part}"), words(now.get(part), agencies), words(was.get(part), agencies))
        for part in {**was, **now}
        if was.get(part) != now.get(part)
    ]


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def words(value: Any, agencies: Mapping[str, str]) -> str:
    """Any value that an entry may hold."""
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(words(each, agencies) for each in value)
    if isinstance(value, dict):
        parts = {name: each for name, each in value.items() if each not in (None, "", [], 0)}
        return ", ".join(f"{name.replace('_', ' ')} {words(each, agencies)}" for name, each in parts.items())
    return _text(str(value), agencies)


def _text(text: str, agencies: Mapping[str, str]) -> str:
    known = WORDS.get(text) or agencies.get(text)
    if known:
        return known
    if not DATED.fullmatch(text):
        return text
    try:
        return moment(text) if "T" in text else day(text)
    except ValueError:
        return text


def subject_of(entry: Json, people: Mapping[str, str]) -> Subject:
    """`people` are names by id, as far as the reader may know them."""
    kind, code = entry["subject_kind"], entry["subject"]
    name = people.get(code, code) if kind == "person" else code
    linked = kind in PAGES and (kind != "person" or code in people)
    return Subject(
        KINDS.get(kind, kind.replace("_", " ")), name, PAGES[kind] + quote(code, safe="") if linked else None
    )
