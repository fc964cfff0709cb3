"""Parses YAML into a tree of texts. Refuses aliases, anchors, tags and second documents.

It reads the parser's events, so that nothing is constructed: no alias is followed, no tag names a type, and no
scalar becomes a number, a date or a boolean.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from app.document.kit.tree import Listing, Mapping, Tree
from app.document.refusal import DocumentRefused, Problem

LARGEST = 5 * 1024 * 1024
DEEPEST = 16
MOST_VALUES = 400_000

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(source: str | bytes) -> Tree:
    """Parses a document; DocumentRefused lists every line with more than plain values."""
    text = _decoded(source)
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"This is not YAML: {error.problem}. Check the indentation, colons and quotation marks."
        raise DocumentRefused([*builder.problems, (line, "bad_yaml", message)]) from error
    except yaml.YAMLError as error:
        line = _line_of_bad_character(text)
        message = "There is a character here that YAML text may not hold, such as a control character."
        raise DocumentRefused([(line, "bad_character", message)]) from error
    if builder.problems:
        raise DocumentRefused(builder.problems)
    if builder.root is None:
        raise DocumentRefused([(1, "empty", "The document is empty: it begins with saferplan: 1.")])
    return builder.root


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=LOADER))


def _decoded(source: str | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        raise DocumentRefused([(1, "too_large", "A plan document is at most 5 MiB.")])
    if isinstance(source, str):
        if any("\ud800" <= character <= "\udfff" for character in source):
            raise DocumentRefused([(1, "bad_encoding", "The text holds half a character; save it as UTF-8.")])
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = "This is not UTF-8; save the file as UTF-8."
        raise DocumentRefused([(line, "bad_encoding", message)]) from error


def _line_of_bad_character(text: str) -> int:
    for number, line in enumerate(text.split("\n"), start=1):
        if any(character < " " and character not in "\t\r" for character in line) or "\x7f" in line:
            return number
    return 1


class _Builder:
    """Builds the tree from events. Refused values are kept in it, so that all errors are listed at once."""

    def __init__(self) -> None:
        self.root: Tree = None
        self.problems: list[Problem] = []
        self._open: list[Mapping | Listing] = []
        self._keys: list[tuple[str, int] | None] = []
        self._documents = 0
        self._values = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._check(event, line)
            self._scalar(event, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._check(event, line)
            self._begin(Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Listing(line), line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, "alias", "An alias (*) is not read here: write the value out.")
            self._place("", line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._begin_document(event, line)

    def _refuse(self, line: int, code: str, message: str) -> None:
        self.problems.append(Problem(line, code, message))

    def _begin_document(self, event: Any, line: int) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "One file holds one document: take out this --- and what follows it."
            raise DocumentRefused([*self.problems, (line, "second_document", message)])
        if event.tags:
            self._refuse(line, "tag", "Tags are not read here: take out the %TAG line.")

    def _check(self, event: Any, line: int) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            message = f"A plan document holds at most {MOST_VALUES:,} values."
            raise DocumentRefused([*self.problems, (line, "too_many_values", message)])
        if event.anchor is not None:
            self._refuse(line, "anchor", "An anchor (&) is not read here: take it out.")
        if event.tag is not None:
            self._refuse(line, "tag", "A tag (!) is not read here: take it out; every value is text.")

    def _begin(self, node: Mapping | Listing, line: int) -> None:
        if len(self._open) >= DEEPEST:
            message = f"Values are nested more than {DEEPEST} deep here."
            raise DocumentRefused([*self.problems, (line, "too_deep", message)])
        self._place(node, line)
        self._open.append(node)
        self._keys.append(None)

    def _scalar(self, event: Any, line: int) -> None:
        blank = event.value == "" and not event.style
        self._place(None if blank else event.value, line)

    def _place(self, node: Tree, line: int) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Listing):
            parent.append(node)
            parent.lines.append(line)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = (self._key(parent, node, line), line)
        else:
            self._keys[-1] = None
            if key[0] not in parent:
                parent[key[0]], parent.lines[key[0]] = node, key[1]

    def _key(self, parent: Mapping, node: Tree, line: int) -> str:
        if not isinstance(node, str):
            self._refuse(line, "bad_key", "Expected a name before the colon.")
            return ""
        if node in parent:
            first = parent.lines[node]
            message = f"{node[:80]} is already given on line {first}: keep one of them."
            self._refuse(line, "duplicate_key", message)
        return node
