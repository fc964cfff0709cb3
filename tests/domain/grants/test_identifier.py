"""Registered numbers of organisations: one form for each, whatever was typed."""

import pytest

from app.domain.errors import RuleBroken
from app.domain.grants.identifier import Identifier, Register, parse_identifier


@pytest.mark.parametrize(
    ("register", "typed", "value"),
    [
        ("GB-CHC", "1234567", "1234567"),
        ("GB-CHC", " 1 234 567 ", "1234567"),
        ("GB-CHC", "234567", "234567"),
        ("GB-CHC", "0234567", "234567"),
        ("GB-CHC", "1234567-0", "1234567"),
        ("GB-CHC", "234567-10", "234567-10"),
        ("GB-CHC", "234567-12", "234567-12"),
        ("GB-COH", "1234567", "01234567"),
        ("GB-COH", "01234567", "01234567"),
        ("GB-COH", "12", "00000012"),
        ("GB-COH", "sc123456", "SC123456"),
        ("GB-COH", "OC 301540", "OC301540"),
        ("GB-SC", "sc 012345", "SC012345"),
        ("GB-NIC", "NIC100012", "100012"),
        ("GB-NIC", "100012", "100012"),
        ("GB-LAE", "brd", "BRD"),
        ("GB-LAE", "WAKE", "WAKE"),
    ],
)
def test_two_spellings_are_one_number(register: str, typed: str, value: str) -> None:
    assert parse_identifier(Register(register), typed, "value") == Identifier(Register(register), value)


@pytest.mark.parametrize(
    ("register", "typed", "form"),
    [
        ("GB-CHC", "12345", "six or seven digits"),
        ("GB-CHC", "12345678", "six or seven digits"),
        ("GB-CHC", "0000000", "six or seven digits"),
        ("GB-CHC", "SC012345", "six or seven digits"),
        ("GB-CHC", "", "six or seven digits"),
        ("GB-CHC", "١٢٣٤٥٦٧", "six or seven digits"),
        ("GB-COH", "123456789", "eight characters"),
        ("GB-COH", "1SC23456", "eight characters"),
        ("GB-SC", "012345", "SC and six digits"),
        ("GB-NIC", "1000", "six digits"),
        ("GB-LAE", "B1", "three or four letters"),
    ],
)
def test_what_is_none_is_told_how_it_looks(register: str, typed: str, form: str) -> None:
    with pytest.raises(RuleBroken, match=form) as refused:
        parse_identifier(Register(register), typed, "identifiers.0.value")
    assert (refused.value.field, refused.value.code) == ("identifiers.0.value", "bad_identifier")
