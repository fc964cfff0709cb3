"""Writing text values as YAML whose every byte depends on its content alone.

The reader takes each scalar as text, so nothing is quoted for looking like a number or a truth; what YAML
itself would read otherwise is.
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
    """A small mapping that reads best on one line."""


class FlowList(list[Any]):
    """A short list that reads best on one line."""


def document(sections: dict[str, Any]) -> str:
    """A block mapping, its sections parted by empty lines. None and empty values are left out."""
    parts = ["\n".join(_entry(key, value, 0)) for key, value in sections.items() if not _empty(value)]
    return "\n\n".join(parts) + "\n"


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, list | dict) and not value)


def _entry(key: str, value: Any, depth: int) -> Iterator[str]:
    start = f"{'  ' * depth}{scalar(key)}:"
    if isinstance(value, Flow | FlowList):
        yield f"{start} {_flow(value)}"
    elif isinstance(value, dict):
        yield start
        yield from _mapping(value, depth + 1)
    elif isinstance(value, list):
        yield start
        for item in value:
            yield from _item(item, depth + 1)
    else:
        yield from _text(start, value, depth + 1)


def _mapping(value: dict[str, Any], depth: int) -> Iterator[str]:
    for key, entry in value.items():
        if not _empty(entry):
            yield from _entry(key, entry, depth)


def _item(item: Any, depth: int) -> Iterator[str]:
    start = f"{'  ' * depth}-"
    if isinstance(item, Flow):
        yield f"{start} {_flow(item)}"
    elif isinstance(item, dict):
        lines = _mapping(item, depth + 1)
        yield f"{start} {next(lines).lstrip(' ')}"
        yield from lines
    else:
        yield from _text(start, item, depth + 1)


def _text(start: str, value: str, depth: int) -> Iterator[str]:
    """One line; or a block, where a block gives back exactly the same text."""
    indent = "  " * depth
    if _stands_as_lines(value):
        yield f"{start} |-"
        yield from (f"{indent}{line}" if line else "" for line in value.split("\n"))
        return
    if len(value) <= WIDTH or not _folds(value):
        yield f"{start} {scalar(value)}"
        return
    yield f"{start} >-"
    yield from TextWrapper(
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ).wrap(value)


def _folds(value: str) -> bool:
    """Single spaces alone between its words, and no character that breaks a line."""
    return value.isprintable() and " ".join(value.split()) == value and not any(c in value for c in _BREAKS)


def _stands_as_lines(value: str) -> bool:
    """Several lines, none of which begins or ends with a space or holds a character that breaks it."""
    lines = value.split("\n")
    return len(lines) > 1 and all(lines[i] for i in (0, -1)) and all(map(_is_tidy, lines))


def _is_tidy(line: str) -> bool:
    return line.isprintable() and line == line.strip() and not any(c in line for c in _BREAKS)


def _flow(value: Flow | FlowList) -> str:
    if isinstance(value, FlowList):
        return f"[{', '.join(_flow_scalar(item) for item in value)}]"
    pairs = (f"{_flow_scalar(key)}: {_flow_scalar(item)}" for key, item in value.items() if not _empty(item))
    return f"{{{', '.join(pairs)}}}"


def _flow_scalar(value: str) -> str:
    return value if _FLOW.fullmatch(value) else scalar(value, quote=True)


def scalar(value: str, *, quote: bool = False) -> str:
    if not quote and _PLAIN.fullmatch(value) and not value.endswith(" "):
        return value
    if value.isprintable() and not any(c in value for c in _BREAKS):
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and character not in _BREAKS:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
