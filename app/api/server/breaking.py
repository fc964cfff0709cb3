"""Finds changes of the API description that would break a client of an older one.

A client may rely on each operation; on parameters and media types being accepted, and optional ones staying optional;
on each field of an answer and its type; and on the words that an enumerated field accepts.
"""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def breaking(old: Document, new: Document) -> list[str]:
    """One line for each change that would break an older client; additions do not."""
    return [*_operations(old, new), *_schemas(old, new)]


def _operations(old: Document, new: Document) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            after = new["paths"].get(path, {}).get(method)
            name = f"{method.upper()} {path}"
            if after is None:
                yield f"{name} is gone"
                continue
            yield from _parameters(name, before, after)
            for status in before["responses"].keys() - after["responses"].keys():
                if status.startswith("2"):
                    yield f"{name} no longer answers {status}"
            kinds = _content(before.get("requestBody")), _content(after.get("requestBody"))
            yield from (f"{name} no longer takes {kind}" for kind in kinds[0].keys() - kinds[1].keys())


def _parameters(name: str, before: Document, after: Document) -> Iterator[str]:
    was = {(each["in"], each["name"]): each for each in before.get("parameters", [])}
    now = {(each["in"], each["name"]): each for each in after.get("parameters", [])}
    for key in was.keys() - now.keys():
        yield f"{name} no longer takes the {key[0]} parameter {key[1]}"
    for key, each in now.items():
        if each.get("required") and not was.get(key, {}).get("required"):
            yield f"{name} now requires the {key[0]} parameter {key[1]}"


def _schemas(old: Document, new: Document) -> Iterator[str]:
    for name, before in old["components"]["schemas"].items():
        after = new["components"]["schemas"].get(name)
        if after is None:
            continue
        was, now = before.get("properties", {}), after.get("properties", {})
        for field in was.keys() - now.keys():
            yield f"{name}.{field} is gone"
        for field in was.keys() & now.keys():
            if _types(was[field]) != _types(now[field]):
                yield f"{name}.{field} was {_type_words(was[field])} and is {_type_words(now[field])}"
            removed = _enum_words(was[field]) - _enum_words(now[field])
            if removed and _enum_words(now[field]):
                yield f"{name}.{field} no longer knows {', '.join(sorted(removed))}"
        if _is_request(after):
            needed = set(after.get("required", [])) - set(before.get("required", []))
            yield from (f"{name}.{field} is now required" for field in sorted(needed))


def _is_request(schema: Document) -> bool:
    """Whether a schema is a request's: those forbid other fields."""
    return schema.get("additionalProperties") is False


def _content(body: Document | None) -> Document:
    content: Document = (body or {}).get("content", {})
    return content


def _types(schema: Document) -> frozenset[str]:
    """The JSON types a field may have, and the shapes it refers to."""
    return frozenset(str(kind) for each in _alternatives(schema) for kind in _kinds(each))


def _kinds(schema: Document) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"]]
    kind = schema.get("type", "any")
    return [*kind] if isinstance(kind, list) else [kind]


def _enum_words(schema: Document) -> set[str]:
    return {str(word) for each in _alternatives(schema) for word in each.get("enum", [])}


def _alternatives(schema: Document) -> list[Document]:
    return schema.get("anyOf") or schema.get("oneOf") or [schema]


def _type_words(schema: Document) -> str:
    return " or ".join(sorted(kind.rpartition("/")[2] for kind in _types(schema)))
