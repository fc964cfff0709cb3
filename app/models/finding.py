"""Errors of validation in our own words, and the shape that each error has in an answer."""

from typing import Any

from typing_extensions import TypedDict


class ProblemError(TypedDict):
    field: str | None
    row: int | None
    code: str
    message: str


MOST_ERRORS = 200


def some_of(errors: list[ProblemError], most: int = MOST_ERRORS) -> list[ProblemError]:
    """Cuts a list of errors to `most`, and adds an entry with the number of the others."""
    if len(errors) <= most:
        return errors
    message = f"There are {len(errors) - most:,} more. Put these right first, then send it again."
    return [*errors[:most], {"field": None, "row": None, "code": "more_errors", "message": message}]


def field_error(finding: dict[str, Any]) -> ProblemError:
    """Converts an error of the validator to our shape. The value sent is not repeated: it may be a password."""
    place, *names = finding["loc"] or ("",)
    where = names if names and place in ("body", "query", "path", "header") else [place, *names]
    return {
        "field": printable_name(".".join(str(part) for part in where)) or None,
        "row": None,
        "code": plain_code(finding["type"]),
        "message": plain_message(finding),
    }


def printable_name(name: str) -> str:
    """Cuts a caller's name for a field to 80 characters, and replaces those that cannot be printed."""
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


def plain_message(finding: dict[str, Any]) -> str:
    """Message for the sender: the value expected."""
    context = finding.get("ctx", {})
    match finding["type"]:
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
            return f"Expected at most {_counted(finding, context['max_length'])}."
        case "too_short" | "string_too_short" if "min_length" in context:
            return f"Expected at least {_counted(finding, context['min_length'])}."
    message = str(finding["msg"])
    return message if message.endswith((".", "?")) else message + "."


def _counted(finding: dict[str, Any], count: int) -> str:
    one, several = (
        ("character", "characters") if finding["type"].startswith("string") else ("entry", "entries")
    )
    return f"{count:,} {one if count == 1 else several}"
