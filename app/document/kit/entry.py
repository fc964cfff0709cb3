"""Types of scalars in the plan document. Each is read as text, and the type of its field converts it.

So `2017-18-Q2`, `no` or `0o17` is never read as a number, a boolean or a date that its writer did not mean.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from app.domain.errors import RuleBroken
from app.domain.number import exact
from app.domain.period import reads_two_ways, year_named, year_text
from app.domain.period_text import parse_period
from app.models.wire import DATE, MOST_DAYS
from app.models.wire import Code as WireCode
from app.models.wire import Line as WireLine
from app.models.wire import Prose as WireProse

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
YEAR = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
WORDS_FOR = {"yes": True, "true": True, "no": False, "false": False}
ANY_SCALAR = ["string", "number", "boolean"]
"""JSON types that an editor may give a plain scalar. Here it is always text."""


class Entry(BaseModel):
    """A mapping with these keys and no others. A key with nothing after its colon counts as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, mapping: Any) -> Any:
        if isinstance(mapping, dict) and None in mapping.values():
            keys = {field.alias or name for name, field in cls.model_fields.items()}
            return {key: entry for key, entry in mapping.items() if entry is not None or key not in keys}
        return mapping


class FlowEntry(Entry):
    """An entry of a few scalars, printed on one line in YAML's flow style."""


@dataclass(frozen=True, slots=True)
class FlowStyle:
    """Marks a list that is printed on one line."""


def _text(scalar: Any) -> str:
    if not isinstance(scalar, str):
        raise PydanticCustomError("expected_text", "Expected a single value here")
    return scalar


def _without_last_break(scalar: Any) -> Any:
    """Strips the line break that ends a YAML block: it is no part of the text."""
    return scalar.rstrip("\n") if isinstance(scalar, str) else scalar


def number_from(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise PydanticCustomError(
            "not_a_number", "Expected a number in plain digits such as 1407 or 43.3, without commas or a unit"
        )
    try:
        return exact(Decimal(text))
    except RuleBroken as error:
        raise PydanticCustomError(error.code, "{reason}", {"reason": error.message}) from error


def day_from(text: str) -> date:
    if DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise PydanticCustomError("not_a_date", "Expected a date written YYYY-MM-DD")


def period_from(text: str) -> str:
    try:
        return str(parse_period(text))
    except RuleBroken as error:
        raise PydanticCustomError("bad_period", "{reason}", {"reason": error.message}) from error


def _number(scalar: Any) -> Decimal:
    return scalar if isinstance(scalar, Decimal) else number_from(_text(scalar))


def _whole_number(scalar: Any) -> int:
    if isinstance(scalar, int) and not isinstance(scalar, bool):
        return scalar
    number = _number(scalar)
    if number != number.to_integral_value() or not 0 <= number <= 2_000_000_000:
        raise PydanticCustomError("not_whole", "Expected a whole number from 0 to 2,000,000,000")
    return int(number)


def _at_most(most: int) -> Callable[[int], int]:
    def check(number: int) -> int:
        if number > most:
            raise PydanticCustomError("too_large", "Expected at most {most}", {"most": most})
        return number

    return check


def _yes_or_no(scalar: Any) -> bool:
    if isinstance(scalar, bool):
        return scalar
    answer = WORDS_FOR.get(_text(scalar))
    if answer is None:
        raise PydanticCustomError("not_yes_or_no", "Expected yes or no")
    return answer


def _day(scalar: Any) -> date:
    return scalar if isinstance(scalar, date) else day_from(_text(scalar))


def _period(scalar: Any) -> str:
    return period_from(_text(scalar))


def _period_as_written(scalar: Any) -> str:
    text = _text(scalar)
    period_from(text)
    return text


def _financial_year(scalar: Any) -> str:
    text = _text(scalar)
    # This field holds only years, so 2011-12 is one, though elsewhere it might be a December.
    pair = YEAR.fullmatch(text)
    two_ways = pair is not None and reads_two_ways(int(pair[1]), int(pair[2]))
    period = year_named(text) if two_ways else parse_period(period_from(text))
    if not period.is_financial_year:
        raise PydanticCustomError("not_a_financial_year", "Expected a financial year such as 2017-18")
    return year_text(period)


def _month(scalar: Any) -> str:
    text = period_from(_text(scalar))
    if parse_period(text).months != 1:
        raise PydanticCustomError("not_a_month", "Expected a month such as 2017-04")
    return text


def _schema(*examples: str, types: list[str] | None = None) -> WithJsonSchema:
    return WithJsonSchema({"type": types or ANY_SCALAR, "examples": list(examples)})


Number = Annotated[Decimal, BeforeValidator(_number), _schema("43.3", types=["string", "number"])]
WholeNumber = Annotated[int, BeforeValidator(_whole_number), _schema("3", types=["string", "integer"])]
Decimals = Annotated[WholeNumber, AfterValidator(_at_most(6))]
Days = Annotated[WholeNumber, AfterValidator(_at_most(MOST_DAYS))]
YesNo = Annotated[
    bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": ["yes", "no", "true", "false", True, False]})
]
Day = Annotated[date, BeforeValidator(_day), _schema("2017-12-20", types=["string"])]
_PERIOD_SCHEMA = _schema("2017-18", "2017-18-Q2", "2017-09", "2016-10/2017-09", types=["string"])
PeriodText = Annotated[str, BeforeValidator(_period), _PERIOD_SCHEMA]
PeriodAsWritten = Annotated[str, BeforeValidator(_period_as_written), _PERIOD_SCHEMA]
"""Checked and left as written: else two keys for the same months would silently become one."""
FinancialYear = Annotated[str, BeforeValidator(_financial_year), _schema("2017-18", types=["string"])]
Month = Annotated[str, BeforeValidator(_month), _schema("2017-04", types=["string"])]
Code = Annotated[WireCode, WithJsonSchema({"type": ANY_SCALAR})]
FlowCodes = Annotated[list[Code], FlowStyle()]
Line = Annotated[WireLine, BeforeValidator(_without_last_break), WithJsonSchema({"type": ANY_SCALAR})]
Prose = Annotated[WireProse, WithJsonSchema({"type": ANY_SCALAR})]
