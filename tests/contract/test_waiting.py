"""Browser tests wait for what they expect: a look at the page just after a press finds the page before it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "browser"
LOOKS_AT_ONCE = {
    *("is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked", "is_editable"),
    *("inner_text", "all_inner_texts", "text_content", "get_attribute", "wait_for_timeout"),
}
"""Of a page or a part of it: `expect(...)` asks the same, and again until it is so."""


def names(tree: ast.AST) -> Iterator[str]:
    """What is called, asserted as the page's address, or slept for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr
        if isinstance(node, ast.Assert):
            yield from (each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("test_*.py")), ids=lambda path: path.name)
def test_it_waits(path: Path) -> None:
    found = set(names(ast.parse(path.read_text(encoding="utf-8"))))
    assert not found & {*LOOKS_AT_ONCE, "sleep", "url"}, "use expect(...)"
