"""What the typed model found wrong, in words and with lines."""

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
    for found in error.errors(include_url=False):
        path = tuple(step for step in found["loc"] if step != _KEY)
        code, message = _words(found, path)
        yield Problem(line_of(tree, path), code, message)


def _words(found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    say = _SAYINGS.get(found["type"])
    if say is not None:
        return say(found, path)
    code = found["type"]
    message = found["msg"]
    return code, f"{_place(path)}: {message}{'' if message.endswith(('.', '?')) else '.'}"


def _place(path: tuple[str | int, ...]) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return names[-1][:80] if names else "The document"


def _unknown_key(found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    known = _keys_of(_entry_at(path[:-1]))
    return "unknown_key", f"{_place(path)} is not a key that belongs here.{nearest(str(path[-1]), known)}"


def _missing(_found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    return "missing_key", f"{_place(path)} is missing here."


def _choice(found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    choices = _QUOTED.findall(found["ctx"]["expected"])
    given = found["input"]
    if not isinstance(given, str):
        return "not_a_choice", f"{_place(path)}: expected one of {', '.join(choices)}."
    return (
        "not_a_choice",
        f"{_place(path)}: {given[:80]} is not one of {', '.join(choices)}.{_close(given, choices)}",
    )


def _close(given: str, choices: list[str]) -> str:
    hint = nearest(given.replace(" ", "_").replace("-", "_"), choices)
    return hint if hint.startswith(" Did") else ""


def _kind(expected: str) -> Callable[[Any, tuple[str | int, ...]], tuple[str, str]]:
    def say(found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
        given = found["input"]
        name = "nothing" if given is None else "a list" if isinstance(given, list) else "a single value"
        name = "keys and values" if isinstance(given, dict) else name
        return "wrong_shape", f"{_place(path)}: expected {expected}, found {name}."

    return say


def _too_long(found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    return "too_long", f"{_place(path)}: expected at most {found['ctx']['max_length']} characters."


def _empty(_found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    return "empty", f"{_place(path)}: expected something here."


def _bad_code(found: Any, path: tuple[str | int, ...]) -> tuple[str, str]:
    if found["ctx"]["pattern"].startswith("^("):
        choices = found["ctx"]["pattern"].strip("^$()").split("|")
        return "not_a_choice", f"{_place(path)}: expected one of {', '.join(choices)}."
    return "bad_code", (
        f"{_place(path)}: expected a code of letters, digits, dots, dashes and underscores, at most 80, "
        "beginning with a letter or digit."
    )


_SAYINGS: dict[str, Callable[[Any, tuple[str | int, ...]], tuple[str, str]]] = {
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
    return next((found for part in get_args(annotation) if (found := _entry_in(part))), None)


def _keys_of(entry: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in entry.model_fields.items()]
