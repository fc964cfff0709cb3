"""Bank details are masked; other numbers are left as they are."""

import pytest

from app.domain.grants.bank_details import MASK, mask_bank_details


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Pay 20-30-40 account 12345678 please", f"Pay {MASK} please"),
        ("sort code 203040, a/c no. 12345678.", f"sort code {MASK}."),
        ("20 30 40 1234 5678", MASK),
        ("Account 12345678, sort code: 20-30-40", f"Account {MASK}"),
        ("Sort code: 20-30-40\nAccount: 12345678", f"Sort code: {MASK}"),
        ("20-30-40 12345678 and 11-22-33 87654321", f"{MASK} and {MASK}"),
    ],
)
def test_a_sort_code_with_an_account_number_is_masked(text: str, masked: str) -> None:
    assert mask_bank_details(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "20-30-40",
        "12345678",
        "Charity 1234567, 20 homes",
        "256,343.00 and 231,200.00",
        "2017-04-01/2018-03-31",
        "01274 432111",
        "invoice 203040 of 20170401",
        "Call 07700 900123",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_bank_details(text) == text
