"""Every number that a cell can show goes in as it is, rounded to six decimals and saying so, or is refused by address.

By three programs that write workbooks: XlsxWriter, openpyxl and LibreOffice.
"""

import math
import struct
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from io import BytesIO
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]

from app.domain.plan.indicator import Measure
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx
from app.models.figures.sent_row import SentRow
from tests.files.build import HEADINGS, made
from tests.files.conftest import Convert

Shown = tuple[str, float, str]
"""Indicator, number as it is stored, and its format."""
VOCABULARY = Vocabulary({"index": Measure.INDEX, "percentage": Measure.PERCENTAGE, "cost": Measure.MONEY})
FORMATS = ("General", "0", "0.0", "#,##0.00", "0%", "0.00%", '"£"#,##0.00', "0.00E+00", "0.0####")
SIX = Decimal("0.000001")
DIGITS = 15


def by_xlsxwriter(cells: Sequence[Shown]) -> bytes:
    def work(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for row, (indicator, number, number_format) in enumerate(cells, 1):
            sheet.write_row(row, 0, (indicator, "2017-18-Q2"))
            sheet.write_number(row, 2, number, book.add_format({"num_format": number_format}))

    return made(work)


def by_openpyxl(cells: Sequence[Shown]) -> bytes:
    book, out = Workbook(), BytesIO()
    sheet = book.active
    sheet.append(HEADINGS)
    for indicator, number, number_format in cells:
        sheet.append((indicator, "2017-18-Q2", number))
        sheet.cell(sheet.max_row, 3).number_format = number_format
    book.save(out)
    return out.getvalue()


def significant(number: float) -> Decimal:
    """The fifteen digits that a spreadsheet shows at most, by exact arithmetic."""
    exact = Decimal(number)
    if not exact:
        return Decimal(0)
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - DIGITS + 1), rounding=ROUND_HALF_EVEN)


def require_same_or_refused(row: SentRow, cell: Shown) -> None:
    indicator, number, number_format = cell
    exact = significant(number) * (100 if "%" in number_format else 1)
    if row.figure is None:
        assert row.errors
        assert all(error["message"].startswith(f"Cell C{row.line}: ") for error in row.errors), row.errors
        is_unit = ("%" in number_format) <= (indicator == "percentage") and ("£" in number_format) <= (
            indicator == "cost"
        )
        is_storable = abs(exact) < 10**9 and (not exact or abs(exact) >= SIX)
        assert not (is_unit and is_storable), "what can be kept is kept"
        return
    six = exact.quantize(SIX, rounding=ROUND_HALF_EVEN) if exact.as_tuple().exponent < -6 else exact  # type: ignore[operator]
    assert row.figure.value == six, cell
    assert bool(row.notes) == (six != exact), cell


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-1e6, 1e6),
    st.floats(-1, 1),
    st.integers(-(10**9), 10**9).map(float),
    st.decimals(-(10**7), 10**7, places=2, allow_nan=False).map(float),
)
CELLS = st.tuples(st.sampled_from(["index", "percentage", "cost"]), NUMBERS, st.sampled_from(FORMATS))


@pytest.mark.parametrize("write", [by_xlsxwriter, by_openpyxl])
@given(cells=st.lists(CELLS, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_same_number_goes_in_or_the_row_is_refused(write: Any, cells: list[Shown]) -> None:
    rows = from_xlsx(write(cells), VOCABULARY).rows
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        require_same_or_refused(row, cell)


def test_so_does_what_libreoffice_makes_of_it(office: Convert) -> None:
    random = Random(20171220)
    numbers = [random.choice(_numbers(random)) for _ in range(600)]
    cells = [
        (random.choice(["index", "percentage", "cost"]), number, random.choice(FORMATS)) for number in numbers
    ]
    rows = from_xlsx(office(by_xlsxwriter(cells)), VOCABULARY).rows
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        require_same_or_refused(row, cell)


def _numbers(random: Random) -> list[float]:
    (any_float,) = struct.unpack("<d", random.randbytes(8))
    return [
        any_float if math.isfinite(any_float) else 1.0,
        float(random.randrange(10**6)),
        random.uniform(-1, 1),
        round(random.uniform(0, 100), 1),
        random.randrange(1000) / random.randrange(1, 1000),
    ]
