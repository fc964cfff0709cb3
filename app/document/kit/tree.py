"""Text values in mappings and lists that remember the lines they were written on."""

from collections.abc import Sequence
from typing import Any, Protocol


class Mapping(dict[str, Any]):
    """A mapping whose `lines` gives the line of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Listing(list[Any]):
    """A list whose `lines` gives the line of each item."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


Tree = Mapping | Listing | str | None
Path = tuple[str | int, ...]
"""Keys and positions that lead from the document's top to a value."""


class LineOf(Protocol):
    """Returns the line of the value at a path, or of the nearest enclosing one."""

    def __call__(self, *path: str | int) -> int: ...


def line_of(tree: Tree, path: Sequence[str | int]) -> int:
    """Line of the value at `path`, or of the nearest enclosing one that exists."""
    line = tree.line if isinstance(tree, Mapping | Listing) else 1
    for step in path:
        if isinstance(tree, Mapping) and step == 0:
            continue  # a single version, where a list of versions is allowed too
        child = _within(tree, step)
        if child is None:
            break
        line, tree = child
    return line


def _within(tree: Tree, step: str | int) -> tuple[int, Tree] | None:
    if isinstance(tree, Mapping) and isinstance(step, str) and step in tree.lines:
        return tree.lines[step], tree[step]
    if isinstance(tree, Listing) and isinstance(step, int) and step < len(tree):
        return tree.lines[step], tree[step]
    return None
