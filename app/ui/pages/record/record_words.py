"""An entry of the record for people: its subject and each change, as text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.ui.kit.client import Json
from app.ui.kit.filters import day, moment, pounds
from app.ui.pages.access.scopes import SCOPE_LABELS

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
IN_PENCE = {"amount", "capital", "revenue", "asked", "approved", "cap", "amount_asked", "amount_asked_later"}
"""Names of whole numbers that are pence."""
KINDS = {
    "submission": "receipt",
    "route": "address",
    "account": "unknown address",
    "reporting_period": "quarter",
}


@dataclass(frozen=True)
class Fact:
    label: str
    words: str
    was: str | None = None
    """The old text, where the entry is of a change."""


@dataclass(frozen=True)
class Subject:
    kind: str
    name: str
    address: str | None


def facts_of(entry: Json, agencies: Mapping[str, str]) -> list[Fact]:
    """The changes of an entry, then its reason and other notes; `agencies` are names by code."""
    noted = dict(entry["data"])
    before, after = noted.pop("before", {}), noted.pop("after", {})
    if isinstance(after, dict):
        facts = [fact for name in after for fact in _change(name, before.get(name), after[name], agencies)]
    else:
        facts = [_step_change(before, after, agencies)]
    return facts + [Fact(_label(name), _words(name, content, agencies)) for name, content in noted.items()]


def _change(name: str, was: Any, now: Any, agencies: Mapping[str, str]) -> list[Fact]:
    """The change of one field; for a field with parts, of each part that differs."""
    if not isinstance(now, dict) or not isinstance(was, dict):
        return [Fact(_label(name), _words(name, now, agencies), _words(name, was, agencies))]
    return [
        Fact(
            _label(f"{name}_{part}"),
            _words(part, now.get(part), agencies),
            _words(part, was.get(part), agencies),
        )
        for part in {**was, **now}
        if was.get(part) != now.get(part)
    ]


def _step_change(was: Any, now: Any, agencies: Mapping[str, str]) -> Fact:
    """The change of a step: of a state, of an amount in pence, or of what a decision is about."""
    if isinstance(now, int):
        return Fact("Amount", pounds(now / 100), pounds(was / 100))
    if isinstance(now, str):
        return Fact("State", now.replace("_", " "), str(was).replace("_", " "))
    words, was_words = (entry_words([part for part in pair if part], agencies) for pair in (now, was))
    return Fact("About", words, was_words)


def _words(name: str, content: Any, agencies: Mapping[str, str]) -> str:
    """Text for what a name in an entry holds: of pence, pounds."""
    if name in IN_PENCE and isinstance(content, int) and not isinstance(content, bool):
        return pounds(content / 100)
    return entry_words(content, agencies)


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def entry_words(content: Any, agencies: Mapping[str, str]) -> str:
    """Text for any JSON in an entry's data: of codes their labels, of days and instants in words."""
    if content is None or content == "" or content == [] or content == {}:
        return NOTHING
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, list):
        return "; ".join(entry_words(each, agencies) for each in content)
    if isinstance(content, dict):
        parts = {name: each for name, each in content.items() if each not in (None, "", [], 0)}
        return ", ".join(
            f"{name.replace('_', ' ')} {entry_words(each, agencies)}" for name, each in parts.items()
        )
    return _text(str(content), agencies)


def _text(text: str, agencies: Mapping[str, str]) -> str:
    label = SCOPE_LABELS.get(text) or agencies.get(text)
    if label:
        return label
    if not DATED.fullmatch(text):
        return text
    try:
        return moment(text) if "T" in text else day(text)
    except ValueError:
        return text


def subject_of(entry: Json, people: Mapping[str, str], pages: Mapping[str, str]) -> Subject:
    """The subject of an entry, with its page; `people` are the names by id that the reader may know.

    `pages` are the beginnings of pages' addresses, by kind of subject.
    """
    kind, code = entry["subject_kind"], entry["subject"]
    name = people.get(code, code) if kind == "person" else code
    linked = kind in pages and (kind != "person" or code in people)
    return Subject(
        KINDS.get(kind, kind.replace("_", " ")), name, pages[kind] + quote(code, safe="") if linked else None
    )
