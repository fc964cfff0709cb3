"""Real plans' figures are loaded without being asked about as slips; a slip in a document is asked about."""

import pytest

from tests.county import document as county_document
from tests.document.build import DOCUMENTS, SMALL, database, put

SLIPS = {
    "percentage_as_fraction",
    "year_to_date",
    "ten_times",
    "number_for_note",
    "small_sample",
    "parts_rounded_down",
}


@pytest.mark.parametrize("text", [*(path.read_text("utf-8") for path in DOCUMENTS), county_document()])
def test_ordinary_figures_are_not_asked_about(database_url: str, text: str) -> None:
    with database(database_url) as opened:
        warnings = put(opened, text).warnings
    assert [(each.line, each.code, each.message) for each in warnings if each.code in SLIPS] == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("2017-18-Q1: 25, 2017-18-Q2: 250", "ten_times"),
        ("2017-18-Q1: 250", "ten_times"),
        ("2017-18-Q1: 100, 2017-18-Q2: 205", "year_to_date"),
        ("2017-18-Q1: 100, 2017-18-Q2: 105", None),
    ],
)
def test_a_documents_slip_is_told_with_its_line(database_url: str, values: str, code: str | None) -> None:
    """The baseline, 100 in 2016/17, is the yardstick of the first figure."""
    figures = "".join(f"        {each}\n" for each in values.split(", "))
    text = SMALL.replace("        2017-18-Q1: 25\n", figures)
    with database(database_url) as opened:
        slips = [each for each in put(opened, text).warnings if each.code in SLIPS]
    lines = text.splitlines()
    assert [(each.code, lines[each.line - 1].strip()) for each in slips] == (
        [(code, values.split(", ")[-1])] if code else []
    )
