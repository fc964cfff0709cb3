"""The document's rules between indicators."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.db import Database
from app.document.read import parse_document
from app.document.refusal import DocumentRefused
from app.models.figures.rule import Rule
from tests.document.build import ADOPTED, SMALL, database, put, taken

RULES = """\
rules:
  - code: no-rise
    title: Crime is crime
    left: [crime]
    comparison: at_most
    right: [crime, crime]
"""


def with_rules(text: str = SMALL, rules: str = RULES) -> str:
    return text.replace("figures:\n", f"{rules}figures:\n")


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[Database]:
    with database(sqlite_url) as each:
        yield each


def test_rules_go_in_once_and_come_out_as_they_went_in(opened: Database) -> None:
    assert "rule no-rise" in put(opened, with_rules()).changes
    assert put(opened, with_rules()).changes == []
    first = taken(opened)
    assert RULES.rstrip() in first, "what is usual is left out"
    assert put(opened, first).changes == []
    assert taken(opened) == first


def test_what_is_not_usual_is_kept(opened: Database) -> None:
    strict = RULES.rstrip() + "\n    when_missing: fail\n    severity: error\n"
    put(opened, with_rules(rules=strict))
    assert strict.rstrip() in taken(opened)


def test_a_rule_changes_under_an_adopted_plan_and_is_never_removed(opened: Database) -> None:
    put(opened, with_rules(ADOPTED))
    changed = with_rules(ADOPTED, RULES.replace("at_most", "below"))
    assert put(opened, changed).changes == ["rule no-rise: comparison was at_most, now below"]
    assert put(opened, ADOPTED).left_alone == ["rule no-rise is not in the document"]
    with opened.read() as session:
        assert session.exec(select(Rule.comparison)).all() == ["below"]


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("left: [crime]", "left: [crimes]", "unknown_indicator", "Did you mean crime?"),
        ("[crime, crime]", "[crime, crme]", "unknown_indicator", "Did you mean crime?"),
        ("left: [crime]", "left: []", "empty", ""),
        ("comparison: at_most", "comparison: less_than", "not_a_choice", "at_most"),
        ("comparison: at_most", "severity: warning", "missing_key", "comparison"),
        ("comparison: at_most", "comparison: at_most\n    when_missing: ask", "not_a_choice", "skip"),
    ],
)
def test_a_mistake_is_named_by_its_line(old: str, new: str, code: str, says: str) -> None:
    text = with_rules(rules=RULES.replace(old, new))
    assert text != with_rules()
    with pytest.raises(DocumentRefused) as caught:
        parse_document(text)
    (found,) = caught.value.errors
    assert found.code == code
    assert says in found.message
    first = text[: text.index("  - code: no-rise")].count("\n") + 1
    assert first <= found.line <= first + 6


def test_one_code_is_one_rule() -> None:
    twice = RULES + RULES.removeprefix("rules:\n")
    with pytest.raises(DocumentRefused) as caught:
        parse_document(with_rules(rules=twice))
    assert [error.code for error in caught.value.errors] == ["repeated_code"]
