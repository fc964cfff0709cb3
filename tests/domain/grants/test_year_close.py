"""At a year's close every unspent pound is in exactly one place."""

import pytest

from app.domain.errors import RuleBroken
from app.domain.grants.year_close import YearClose, require_year_close, unspent


@pytest.mark.parametrize(
    ("paid", "repaid", "spent", "close"),
    [
        (7_250_00, 500_00, 6_440_00, YearClose(demanded=310_00)),
        (1_000_00, 0, 600_00, YearClose(100_00, 100_00, 50_00, 150_00)),
        (1_000_00, 0, 1_000_00, YearClose()),
    ],
)
def test_it_adds_up(paid: int, repaid: int, spent: int, close: YearClose) -> None:
    require_year_close(close, unspent(paid, repaid, spent))


@pytest.mark.parametrize(
    ("left", "close", "field", "code"),
    [
        (310_00, YearClose(carried=309_99), "carried", "does_not_add_up"),
        (310_00, YearClose(carried=310_00, waived=1), "carried", "does_not_add_up"),
        (0, YearClose(carried=100, waived=-100), "waived", "negative_amount"),
        (-150_00, YearClose(), "unspent", "owed_to_them"),
    ],
)
def test_what_does_not_is_refused(left: int, close: YearClose, field: str, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        require_year_close(close, left)
    assert (caught.value.field, caught.value.code) == (field, code)
