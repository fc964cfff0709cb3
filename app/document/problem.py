"""Converts the errors of the typed model to problems with lines and messages."""

import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from app.document.kit.tree import Tree, line_of
from app.document.refusal import Problem, nearest
from app.document.shape import PlanDocument

_QUOTED = re.compile(r"'([^']*)'")
_KEY = "[key]"


def problems(error: ValidationError, tree: Tree) -> Iterator[Problem]:
    """Yields a problem for each error of a validation."""
    for details in error.errors(include_url=False):
        path = tuple(step for step in details["loc"] if step != _KEY)
        code, message = _code_and_message(details, path)
        yield Problem(line_of(tree, path), code, message)


def _code_and_message(details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    message_of = _MESSAGES.get(details["type"])
    if message_of is not None:
        return message_of(details, path)
    code = details["type"]
    message = details["msg"]
    return code, f"{_place(path)}: {message}{'' if message.endswith(('.', '?')) else '.'}"


def _place(path: tuple[str | int, ...]) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return names[-1][:80] if names else "The document"


def _unknown_key(details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    keys = _keys_of(_entry_at(path[:-1]))
    return "unknown_key", f"{_place(path)} is not a key that belongs here.{nearest(str(path[-1]), keys)}"


def _missing(_details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    return "missing_key", f"{_place(path)} is missing here."


def _choice(details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    choices = _QUOTED.findall(details["ctx"]["expected"])
    text = details["input"]
    if not isinstance(text, str):
        return "not_a_choice", f"{_place(path)}: expected one of {', '.join(choices)}."
    return (
        "not_a_choice",
        f"{_place(path)}: {text[:80]} is not one of {', '.join(choices)}.{_close(text, choices)}",
    )


def _close(text: str, choices: list[str]) -> str:
    hint = nearest(text.replace(" ", "_").replace("-", "_"), choices)
    return hint if hint.startswith(" Did") else ""


def _kind(expected: str) -> Callable[[Any, tuple[str | int, ...]], tuple[str, str]]:
    def say(details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
        node = details["input"]
        name = "nothing" if node is None else "a list" if isinstance(node, list) else "a single value"
        name = "keys and values" if isinstance(node, dict) else name
        return "wrong_shape", f"{_place(path)}: expected {expected}, found {name}."

    return say


def _too_long(details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    return "too_long", f"{_place(path)}: expected at most {details['ctx']['max_length']} characters."


def _empty(_details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    return "empty", f"{_place(path)}: expected something here."


def _bad_code(details: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    if details["ctx"]["pattern"].startswith("^("):
        choices = details["ctx"]["pattern"].strip("^$()").split("|")
        return "not_a_choice", f"{_place(path)}: expected one of {', '.join(choices)}."
    return "bad_code", (
        f"{_place(path)}: expected a code of letters, digits, dots, dashes and underscores, at most 80, "
        "beginning with a letter or digit."
    )


_MESSAGES: dict[str, Callable[[Any, tuple[str | int, ...]], tuple[str, str]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "literal_error": _choice,
    "enum": _choice,
    "string_type": _kind("a single value"),
    "expected_text": _kind("a single value"),
    "list_type": _kind("a list, each item on a line that begins with a dash"),
    "dict_type": _kind("keys and values"),
    "model_type": _kind("keys and values"),
    "model_attributes_type": _kind("keys and values"),
    "string_too_long": _too_long,
    "too_long": _too_long,
    "string_too_short": _empty,
    "too_short": _empty,
    "string_pattern_mismatch": _bad_code,
}


def _entry_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    entry: type[BaseModel] = PlanDocument
    for step in path:
        for name, field in entry.model_fields.items():
            if step in (name, field.alias):
                entry = _entry_in(field.annotation) or entry
                break
    return entry


def _entry_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((entry for part in get_args(annotation) if (entry := _entry_in(part))), None)


def _keys_of(entry: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in entry.model_fields.items()]
