"""Numbers typed into a form: as cells are read, and as our own pages print them."""

import pytest

from app.domain.plan.indicator import Measure
from app.files.typed_row import read_typed_row
from app.files.vocabulary import Vocabulary

WORDS = Vocabulary(
    measures={"asb": Measure.COUNT, "share": Measure.PERCENTAGE, "cost": Measure.MONEY},
    area_codes=frozenset(),
)


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("asb", "1407", "1407"),
        ("asb", "1,407", "1407"),
        ("asb", "1,234,567", "1234567"),
        ("asb", " 1,407 ", "1407"),
        ("cost", "£1,407.50", "1407.5"),
        ("share", "43.3%", "43.3"),
        ("asb", "1,2345", None),
        ("asb", "15 48", None),
        ("asb", "1,40", None),
        ("asb", "43%", None),
        ("share", "£75", None),
        ("asb", "about 42", None),
        ("asb", "12o", None),
    ],
)
def test_a_number_is_read_once_for_every_way_in(code: str, text: str, number: str | None) -> None:
    row = read_typed_row(1, {"indicator": code, "period": "2017-18-Q2", "value": text}, WORDS)
    if number is None:
        assert row.figure is None
        assert [error["field"] for error in row.errors] == ["value"]
    else:
        assert row.figure is not None
        assert (str(row.figure.value), row.errors) == (number, [])
