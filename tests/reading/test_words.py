"""Which names are bound and which of them count; their share does not grow."""

import ast
from pathlib import Path

import pytest

from tests.reading.source import Module
from tests.reading.words import (
    MOST_SHAPELESS,
    MOST_UNCLEAR,
    Binding,
    count_folder,
    count_words,
    list_bindings,
    list_places,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a = b", ["a"]),
        ("a, (b, *c) = d", ["a", "b", "c"]),
        ("a += 1; b: int = 2", ["a", "b"]),
        ("if (a := b): pass", ["a"]),
        ("a.b = c; a[d] = e", ["b"]),
        ("print(a.b, c=d)", []),
        ("del a", []),
        ("def a(b, /, c=d, *e, f, **g) -> h: ...", ["a", "b", "c", "e", "f", "g"]),
        ("async def a(self, b: c): ...", ["a", "b"]),
        ("lambda a, b=c: a", ["a", "b"]),
        ("class A(B, c=D):\n    e: F", ["A", "e"]),
        ("for a, b in c: d", ["a", "b"]),
        ("[a for a in b if c]; {d: e for d, e in f}", ["a", "d", "e"]),
        ("with a() as b, c() as (d, e): f", ["b", "d", "e"]),
        ("try: a\nexcept B as c: d", ["c"]),
        ("import a; from b import c", []),
        ("import a.b as c; from d import e as f", ["c", "f"]),
        ("match a:\n    case [b, *c]: d\n    case {'e': f, **g}: h\n    case I(j=k) as l: m", list("bcfgkl")),
        ("def __init__(self, a): _ = a\nclass B:\n    __slots__ = ()", ["B", "a"]),
    ],
)
def test_bound_names(text: str, names: list[str]) -> None:
    assert sorted(binding.name for binding in list_bindings(ast.parse(text))) == sorted(names)


@pytest.mark.parametrize(
    ("text", "unclear", "shapeless", "longer"),
    [
        ("found = 1; _found = 2; Known = 3; SENT = 4", ["found", "found", "known", "sent"], [], []),
        ("figures = 1; foundation = 2", [], [], []),
        ("found_rows = 1; is_known = 2", [], [], ["found_rows", "is_known"]),
        ("class RowStanding: pass", [], [], ["RowStanding"]),
        ("words = 1; one = 2; bring_rows = 3", [], [], []),
        ("def words(): ...\ndef _one(): ...\ndef bring_rows(): ...", ["words", "one", "bring_"], [], []),
        ("value = 1; values = 2; old_value = 3; Data = 4", [], ["value", "data"], []),
        ("each = 1", [], [], []),
    ],
)
def test_names_that_count(text: str, unclear: list[str], shapeless: list[str], longer: list[str]) -> None:
    tally = count_words(list_bindings(ast.parse(text)))
    assert sorted(tally.unclear.elements()) == sorted(unclear)
    assert sorted(tally.shapeless.elements()) == sorted(shapeless)
    assert sorted(tally.longer.elements()) == sorted(longer)


def test_shares_are_of_all_that_is_bound() -> None:
    names = ["found", "value", "each", "row", "sent", "plan", "figures", "target"]
    tally = count_words([Binding(name, 1) for name in names])
    assert (tally.total, tally.unclear_percent, tally.shapeless_percent, tally.each) == (8, 25, 12.5, 1)


def test_places_are_in_the_order_of_lines() -> None:
    module = Module(Path("app/plan.py"), "def keep():\n    found = 1\nvalue = 2\nrow = 3\n")
    assert list(list_places([module])) == ["app/plan.py:2 found", "app/plan.py:3 value"]


def test_the_share_in_the_code_does_not_grow() -> None:
    """`make words ARGS=--places` says where they are."""
    tally = count_folder("app")
    assert tally.unclear_percent <= MOST_UNCLEAR
    assert tally.shapeless_percent <= MOST_SHAPELESS
