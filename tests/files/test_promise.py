"""A number typed beside a promise, as our templates hold it: the number takes the promise away, in every way in."""

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from app.domain.figures.validity import findings
from app.domain.plan.indicator import Indicator, Measure
from app.files.csv_file import from_csv
from app.files.typed_row import read_typed_row
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx
from app.models.figures.sent_row import SentRow
from tests.files.build import workbook
from tests.files.test_ods_file import HEAD, STYLES, number, row, text

WORDS = Vocabulary({"asb": Measure.COUNT})
Read = Callable[[str, str, str], SentRow]
NAMES = ("indicator", "period", "value", "missing", "expected_on")


def of_csv(value: str, missing: str, day: str) -> SentRow:
    body = f"{','.join(NAMES)}\nasb,2017-18-Q2,{value},{missing},{day}\n"
    return from_csv(body.encode(), WORDS).rows[0]


def of_xlsx(value: str, missing: str, day: str) -> SentRow:
    cell = int(value) if value.isdigit() else value
    promised = date.fromisoformat(day) if day else ""
    return from_xlsx(workbook(("asb", "2017-18-Q2", cell, missing, promised), headings=NAMES), WORDS).rows[0]


def of_ods(value: str, missing: str, day: str) -> SentRow:
    cell = number(value) if value.isdigit() else text(value)
    rows = row(*map(text, NAMES)) + row(text("asb"), text("2017-18-Q2"), cell, text(missing), text(day))
    table = f'<table:table table:name="Figures">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"{HEAD}{STYLES}{body}</office:document-content>".encode()
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return from_xlsx(out.getvalue(), WORDS).rows[0]


def of_form(value: str, missing: str, day: str) -> SentRow:
    texts = dict(zip(NAMES, ("asb", "2017-18-Q2", value, missing, day), strict=True))
    return read_typed_row(1, {name: cell for name, cell in texts.items() if cell}, WORDS)


WAYS = pytest.mark.parametrize("read", [of_csv, of_xlsx, of_ods, of_form])


@WAYS
def test_a_number_takes_the_promise_away(read: Read) -> None:
    sent = read("4200", "awaited", "2017-11-30")
    assert sent.errors == []
    assert sent.figure is not None
    assert (sent.figure.value, sent.figure.missing, sent.figure.expected_on) == (Decimal(4200), None, None)
    assert [note["code"] for note in sent.notes] == ["promise_kept"]


@WAYS
def test_without_a_number_the_promise_stays(read: Read) -> None:
    sent = read("", "awaited", "2017-11-30")
    assert sent.figure is not None
    assert (sent.figure.missing, sent.figure.expected_on) == ("awaited", date(2017, 11, 30))


@WAYS
@pytest.mark.parametrize("missing", ["not_available", "not_collected", "confidential"])
def test_another_reason_beside_a_number_stays_to_be_refused(read: Read, missing: str) -> None:
    sent = read("4200", missing, "")
    assert sent.figure is not None
    assert (sent.figure.value, sent.figure.missing, sent.notes) == (Decimal(4200), missing, [])
    measured = Indicator()
    assert [finding.code for finding in findings(sent.figure, measured)] == ["value_and_missing"]


@WAYS
def test_a_number_that_cannot_be_read_is_an_error(read: Read) -> None:
    sent = read("42oo", "awaited", "2017-11-30")
    assert sent.figure is None
    assert [error["field"] for error in sent.errors] == ["value"]
