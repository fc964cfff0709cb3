"""Types of JSON fields: numbers, dates, codes and texts, with the checks of those in requests."""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from app.domain.errors import RuleBroken
from app.domain.number import exact, is_whole
from app.domain.period_text import parse_period

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
FORBIDDEN = {"Cc", "Cs", "Co", "Cn"}
"""Unicode categories that no text may contain: control characters, lone surrogates, private and unassigned."""
UNSEEN = {"Cf", "Zl", "Zp"}
"""Unicode categories that no single line may contain: they reverse text beside them, or make two names look alike."""
FILLERS = "\u115f\u1160\u3164\uffa0"
"""Invisible characters whose category is that of letters."""


def _query_integer(raw: Any) -> Any:
    """Checks an integer in an address, where all is text. Numbers pass: they are defaults, or parsed already."""
    if isinstance(raw, str) and not is_whole(raw):
        raise PydanticCustomError("not_whole", "Expected a whole number in plain digits, such as 100")
    return raw


def _query_yes_no(raw: Any) -> Any:
    if isinstance(raw, str) and raw not in ("true", "false"):
        raise PydanticCustomError("not_true_or_false", "Expected true or false")
    return raw


class In(BaseModel):
    """Base class of requests: the fields named and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    EXAMPLE: ClassVar[dict[str, Any] | None] = None
    """Example in the API description."""

    @model_validator(mode="before")
    @classmethod
    def _require_object(cls, raw: Any) -> Any:
        """Refuses anything but a JSON object.

        FastAPI validates with `from_attributes`, which also accepts any value with attributes: a number, as
        `strict_json` parses it, would be an object with no field set.
        """
        if isinstance(raw, dict | cls):
            return raw
        raise PydanticCustomError("not_an_object", "Expected an object, in braces, with fields by name")


def _number(raw: Any) -> Decimal:
    """The exact Decimal of a JSON number; refuses a quoted number, true and false, and one out of range."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise PydanticCustomError("not_a_number", "Expected a JSON number, without quotation marks")
    try:
        return exact(raw if isinstance(raw, Decimal) else Decimal(str(raw)))
    except RuleBroken as error:
        raise PydanticCustomError("number_out_of_range", "{reason}", {"reason": error.message}) from error


def _integer(raw: Any) -> int:
    number = _number(raw)
    if number != number.to_integral_value():
        raise PydanticCustomError("not_whole", "Expected a whole number")
    return int(number)


def _date(raw: Any) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str) and DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise PydanticCustomError("not_a_date", "Expected a date written YYYY-MM-DD")


def _day_or_moment(raw: Any) -> date | datetime:
    """Parses a day, or an instant in the form of answers; a plus sign that was not encoded arrives as a space."""
    if not isinstance(raw, str) or INSTANT.fullmatch(raw.replace(" ", "+")) is None:
        return _date(raw)
    try:
        return datetime.fromisoformat(raw.replace(" ", "+")).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("not_a_date", "Expected a day or an instant that exists") from error


def _period(raw: Any) -> str:
    if not isinstance(raw, str):
        raise PydanticCustomError("bad_period", "Expected a period such as 2017-18, 2017-18-Q2 or 2017-09")
    try:
        return str(parse_period(raw))
    except RuleBroken as error:
        raise PydanticCustomError("bad_period", "{reason}", {"reason": error.message}) from error


def is_printable(text: str) -> bool:
    """Whether all characters can be shown, or are line ends or tabs."""
    return all(each in "\n\r\t" or unicodedata.category(each) not in FORBIDDEN for each in text)


def printable(text: str) -> str:
    """Validates that a text is printable. PostgreSQL cannot even search for a text that contains a NUL."""
    if not is_printable(text):
        raise PydanticCustomError("bad_character", "Contains a character that cannot be shown")
    return text


def _is_visible(character: str) -> bool:
    return (
        character not in "\n\r\t"
        and character not in FILLERS
        and unicodedata.category(character) not in UNSEEN
    )


def one_line(text: str) -> str:
    """Validates one line of text: no bidirectional controls, zero-width characters or their like."""
    printable(text)
    if not all(map(_is_visible, text)):
        raise PydanticCustomError(
            "bad_character", "Expected one line of ordinary text, without hidden characters"
        )
    return text


def file_name(text: str) -> str:
    """Validates a file's name: one line, without folders."""
    if "/" in text or "\\" in text:
        raise PydanticCustomError("bad_character", "Expected a file's name without folders")
    return one_line(text)


Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
WholeNumber = Annotated[
    int,
    BeforeValidator(_integer),
    Field(ge=0, le=2_000_000_000),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 2_000_000_000}),
]
MOST_DAYS = 3_660
"""Ten years: longer than any publication lag, and short of the calendar's end."""
Days = Annotated[
    int,
    BeforeValidator(_integer),
    Field(ge=0, le=MOST_DAYS),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_DAYS}),
]
PLAIN_DIGITS = BeforeValidator(_query_integer)
"""For an integer in an address. Put it after `Query(...)`, or the bounds there are not published."""
QueryYesNo = Annotated[bool, BeforeValidator(_query_yes_no)]
Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
DayOrMoment = Annotated[
    Any,
    BeforeValidator(_day_or_moment),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
            "examples": ["2017-12-19", "2017-12-08T16:30:00Z"],
        }
    ),
]
"""A `date`, or a `datetime` with its zone."""
PeriodText = Annotated[
    str,
    BeforeValidator(_period),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9]{4}-[0-9]{2}(-Q[1-4]|/[0-9]{4}-[0-9]{2})?$",
            "examples": ["2017-18", "2017-18-Q2", "2017-09", "2016-10/2017-09"],
        }
    ),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
"""A short name of the partnership's own: letters, digits, dot, dash, underscore. ASCII, so that two codes
that look alike are alike."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(one_line)]
OptionalLine = Annotated[str, StringConstraints(max_length=500), AfterValidator(one_line)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(file_name)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Prose = Annotated[str, StringConstraints(max_length=10_000, strip_whitespace=True), AfterValidator(printable)]
Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True), AfterValidator(printable)
]

InstantText = Annotated[
    str, WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2017-12-20T09:00:00Z"]})
]
DayText = Annotated[str, WithJsonSchema({"type": "string", "format": "date", "examples": ["2017-11-30"]})]
PeriodWritten = Annotated[
    str, WithJsonSchema({"type": "string", "examples": ["2017-18", "2017-18-Q2", "2016-10/2017-09"]})
]
"""In answers: documented, not checked."""


def json_number(number: Decimal | None) -> int | float | None:
    """Converts a decimal for JSON. Fifteen significant digits survive a double unchanged."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def instant_text(instant: datetime) -> str:
    """Formats an instant by RFC 3339 in UTC, with microseconds if not zero."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
