"""Writes text values as canonical YAML: the same content always gives the same bytes.

The reader takes each scalar as text, so numbers and booleans need no quotes; text that YAML would read otherwise
is quoted.
"""

import re
from collections.abc import Iterator
from textwrap import TextWrapper
from typing import Any

WIDTH = 100
_PLAIN = re.compile(r"[^\W_](?:[\w %£€'’‘“”/.()+=;–—-]|,(?= )|(?<=\d),(?=\d))*", re.UNICODE)
_FLOW = re.compile(r"[^\W_](?:[\w .()/%'’£+-]*[\w.)%])?", re.UNICODE)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BREAKS = "\x85\u2028\u2029\ufeff"


class Flow(dict[str, Any]):
    """A small mapping, printed on one line."""


class FlowList(list[Any]):
    """A short list, printed on one line."""


def document(sections: dict[str, Any]) -> str:
    """YAML of a document, with an empty line between sections. None and empty values are left out."""
    parts = ["\n".join(_entry(key, node, 0)) for key, node in sections.items() if not _empty(node)]
    return "\n\n".join(parts) + "\n"


def _empty(node: Any) -> bool:
    return node is None or node == "" or (isinstance(node, list | dict) and not node)


def _entry(key: str, node: Any, depth: int) -> Iterator[str]:
    start = f"{'  ' * depth}{scalar(key)}:"
    if isinstance(node, Flow | FlowList):
        yield f"{start} {_flow(node)}"
    elif isinstance(node, dict):
        yield start
        yield from _mapping(node, depth + 1)
    elif isinstance(node, list):
        yield start
        for element in node:
            yield from _element(element, depth + 1)
    else:
        yield from _text_lines(start, node, depth + 1)


def _mapping(mapping: dict[str, Any], depth: int) -> Iterator[str]:
    for key, entry in mapping.items():
        if not _empty(entry):
            yield from _entry(key, entry, depth)


def _element(element: Any, depth: int) -> Iterator[str]:
    start = f"{'  ' * depth}-"
    if isinstance(element, Flow):
        yield f"{start} {_flow(element)}"
    elif isinstance(element, dict):
        lines = _mapping(element, depth + 1)
        yield f"{start} {next(lines).lstrip(' ')}"
        yield from lines
    else:
        yield from _text_lines(start, element, depth + 1)


def _text_lines(start: str, text: str, depth: int) -> Iterator[str]:
    """Yields the text on one line, or as a block if a block reads back as exactly the same text."""
    indent = "  " * depth
    if _is_block(text):
        yield f"{start} |-"
        yield from (f"{indent}{line}" if line else "" for line in text.split("\n"))
        return
    if len(text) <= WIDTH or not _folds(text):
        yield f"{start} {scalar(text)}"
        return
    yield f"{start} >-"
    yield from TextWrapper(
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ).wrap(text)


def _folds(text: str) -> bool:
    """Whether a folded block keeps the text: single spaces between words, and no line-breaking character."""
    return text.isprintable() and " ".join(text.split()) == text and not any(c in text for c in _BREAKS)


def _is_block(text: str) -> bool:
    """Whether a literal block keeps the text: several lines without outer spaces or line-breaking characters."""
    lines = text.split("\n")
    return len(lines) > 1 and all(lines[i] for i in (0, -1)) and all(map(_is_tidy, lines))


def _is_tidy(line: str) -> bool:
    return line.isprintable() and line == line.strip() and not any(c in line for c in _BREAKS)


def _flow(node: Flow | FlowList) -> str:
    if isinstance(node, FlowList):
        return f"[{', '.join(_flow_scalar(element) for element in node)}]"
    pairs = (
        f"{_flow_scalar(key)}: {_flow_scalar(element)}"
        for key, element in node.items()
        if not _empty(element)
    )
    return f"{{{', '.join(pairs)}}}"


def _flow_scalar(text: str) -> str:
    return text if _FLOW.fullmatch(text) else scalar(text, quote=True)


def scalar(text: str, *, quote: bool = False) -> str:
    """Prints a text plain where YAML allows it, else quoted."""
    if not quote and _PLAIN.fullmatch(text) and not text.endswith(" "):
        return text
    if text.isprintable() and not any(c in text for c in _BREAKS):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and character not in _BREAKS:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
