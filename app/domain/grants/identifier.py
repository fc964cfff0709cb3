"""Registered numbers of organisations, by the register they are in, written as each register writes them.

Codes of registers are those of org-id.guide.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import RuleBroken


class Register(StrEnum):
    CHARITY_ENGLAND = "GB-CHC"
    COMPANY = "GB-COH"
    CHARITY_SCOTLAND = "GB-SC"
    CHARITY_NORTHERN_IRELAND = "GB-NIC"
    COUNCIL = "GB-LAE"

    @property
    def label(self) -> str:
        return _RULES[self].label


@dataclass(frozen=True, slots=True)
class _Rule:
    label: str
    prefix: str
    """Letters that people put before the number and the register's own list does not have."""
    pattern: re.Pattern[str]
    form: str
    """How a number looks, to end a sentence with."""


_RULES = {
    Register.CHARITY_ENGLAND: _Rule(
        "charity number", "", re.compile(r"\d{6,7}(-\d{1,3})?"), "six or seven digits, such as 1234567"
    ),
    Register.COMPANY: _Rule(
        "company number",
        "",
        re.compile(r"(\d{2}|[A-Z]{2})\d{6}"),
        "eight characters, such as 01234567 or SC123456",
    ),
    Register.CHARITY_SCOTLAND: _Rule(
        "Scottish charity number", "", re.compile(r"SC\d{6}"), "SC and six digits, such as SC012345"
    ),
    Register.CHARITY_NORTHERN_IRELAND: _Rule(
        "Northern Ireland charity number", "NIC", re.compile(r"\d{6}"), "six digits, such as 100012"
    ),
    Register.COUNCIL: _Rule(
        "council code", "", re.compile(r"[A-Z]{3,4}"), "three or four letters, such as BRD"
    ),
}
COMPANY_DIGITS = 8


def require_checked(checked_on: date | None, today: date, field: str) -> None:
    """RuleBroken for a check on a day that has not come."""
    if checked_on is not None and checked_on > today:
        text = f"{checked_on} has not come yet. Give the day on which it was compared with the register."
        raise RuleBroken(field, "in_future", text)


@dataclass(frozen=True, slots=True)
class Identifier:
    """`value` is in the one form that its register uses, so that two spellings of one number are equal."""

    register: Register
    value: str


def parse_identifier(register: Register, typed: str, field: str) -> Identifier:
    """The number as its register writes it: without spaces, in capitals, a company's with its leading nought and
    a charity's without; a linked charity 0 is the charity itself.

    Raises RuleBroken `bad_identifier` on `field`, with how such a number looks.
    """
    rule = _RULES[register]
    value = re.sub(r"[\s.]", "", typed).upper().removeprefix(rule.prefix)
    if register is Register.COMPANY and value.isascii() and value.isdigit():
        value = value.zfill(COMPANY_DIGITS)
    if register is Register.CHARITY_ENGLAND:
        value = value.lstrip("0").removesuffix("-0")
    if rule.pattern.fullmatch(value) is None or not value.isascii():
        text = f"“{typed[:40]}” is no {rule.label}. It is {rule.form}."
        raise RuleBroken(field, "bad_identifier", text)
    return Identifier(register, value)
