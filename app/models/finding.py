"""What a validator found wrong with what was sent, in our words: the shape of each error, wherever one is told."""

from typing import Any

from typing_extensions import TypedDict


class ProblemError(TypedDict):
    field: str | None
    row: int | None
    code: str
    message: str


MOST_ERRORS = 200


def some_of(errors: list[ProblemError], most: int = MOST_ERRORS) -> list[ProblemError]:
    """As many as somebody could put right before trying again, and how many more there are."""
    if len(errors) <= most:
        return errors
    message = f"There are {len(errors) - most:,} more. Put these right first, then send it again."
    return [*errors[:most], {"field": None, "row": None, "code": "more_errors", "message": message}]


def field_error(item: dict[str, Any]) -> ProblemError:
    """One finding of the validator, in our shape. What was sent is not repeated: it may be a password."""
    place, *names = item["loc"] or ("",)
    where = names if names and place in ("body", "query", "path", "header") else [place, *names]
    return {
        "field": shown(".".join(str(part) for part in where)) or None,
        "row": None,
        "code": plain_code(item["type"]),
        "message": plain_message(item),
    }


def shown(name: str) -> str:
    """A caller's own name for a field, which may be anything, as much of it as an answer can repeat."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name[:80])


_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "string_pattern_mismatch": "bad_code",
    "string_unicode": "bad_character",
}


def plain_code(kind: str) -> str:
    return _CODES.get(kind, kind)


def plain_message(item: dict[str, Any]) -> str:
    """What was expected, in words for whoever sent it."""
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return "This is required."
        case "extra_forbidden":
            return "There is no such field. Check its spelling, or leave it out."
        case "literal_error" | "enum":
            return f"Expected one of {context.get('expected', 'the listed values')}."
        case "string_pattern_mismatch":
            return "Expected a code: letters, digits, dots, dashes and underscores, beginning with a letter or digit."
        case "string_unicode":
            return "Contains a character that cannot be stored."
        case "greater_than_equal" if "ge" in context:
            return f"Expected {context['ge']} or more."
        case "less_than_equal" if "le" in context:
            return f"Expected {context['le']} or less."
        case "too_long" | "string_too_long" if "max_length" in context:
            return f"Expected at most {_counted(item, context['max_length'])}."
        case "too_short" | "string_too_short" if "min_length" in context:
            return f"Expected at least {_counted(item, context['min_length'])}."
    message = str(item["msg"])
    return message if message.endswith((".", "?")) else message + "."


def _counted(item: dict[str, Any], count: int) -> str:
    one, several = ("character", "characters") if item["type"].startswith("string") else ("entry", "entries")
    return f"{count:,} {one if count == 1 else several}"
