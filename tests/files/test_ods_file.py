"""OpenDocument spreadsheets in shapes that LibreOffice and others write: repeats, comments, filters, styles."""

import zipfile
from contextlib import suppress
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import FileRefused, RuleBroken
from app.domain.plan.indicator import Measure
from app.files.row import Table
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx

HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">'
)
STYLES = (
    "<office:automatic-styles>"
    '<style:style style:name="cut"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="heir" style:parent-style-name="cut"/>'
    '<style:style style:name="up"><style:text-properties style:text-position="33% 58%"/></style:style>'
    '<style:style style:name="flat"><style:text-properties style:text-position="0% 100%"/></style:style>'
    "</office:automatic-styles>"
)


def text(words: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{words}</text:p></table:table-cell>'


def number(value: str, attributes: str = "", displayed: str | None = None) -> str:
    cell = f'<table:table-cell office:value-type="float" office:value="{value}" {attributes}>'
    return f"{cell}<text:p>{value if displayed is None else displayed}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


ASB = (text("asb"), text("2017-18-Q2"))
HEADINGS = row(text("indicator"), text("period"), text("value"), text("note"))
BLANKS = '<table:table-cell table:number-columns-repeated="16000"/>'


def content(*rows: str, columns: str = "") -> bytes:
    sheet = f'<table:table table:name="Figures">{columns}{HEADINGS}{"".join(rows)}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    return f"{HEAD}{STYLES}{body}</office:document-content>".encode()


def read(*rows: str, columns: str = "") -> Table:
    return read_content(content(*rows, columns=columns))


def read_content(xml: bytes) -> Table:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
    return from_xlsx(out.getvalue(), Vocabulary({"asb": Measure.INDEX, "satisfaction": Measure.PERCENTAGE}))


def values(table: Table) -> list[Decimal | None]:
    return [each.figure.value if each.figure else None for each in table.rows]


def messages(table: Table) -> list[str]:
    return [message["message"] for each in table.rows for message in (*each.errors, *each.warnings)]


def test_rows_and_cells_that_are_repeated_stand_where_they_are() -> None:
    table = read(
        row(BLANKS, attributes='table:number-rows-repeated="3"'),
        row(*ASB, number("5"), BLANKS),
        row(*ASB, number("6"), BLANKS, attributes='table:number-rows-repeated="2"'),
        row(BLANKS, attributes='table:number-rows-repeated="1048000"'),
    )
    assert [(each.line, value) for each, value in zip(table.rows, values(table), strict=True)] == [
        (5, Decimal(5)),
        (6, Decimal(6)),
        (7, Decimal(6)),
    ]


def test_comments_drawings_and_deletions_are_no_part_of_a_cell() -> None:
    comment = "<office:annotation><text:p>asked</text:p></office:annotation>"
    frame = "<draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame>"
    deleted = (
        f"<table:tracked-changes><table:deletion>{text('gone')}</table:deletion></table:tracked-changes>"
    )
    noted = (
        f'<table:table-cell office:value-type="string">{comment}{frame}<text:p>two<text:s/>words</text:p>'
        "<text:p>a line</text:p></table:table-cell>"
    )
    nested = f"<table:table-cell><table:table>{row(text('inner'))}</table:table></table:table-cell>"
    (only,) = read(deleted, row(*ASB, number("5"), noted, nested)).rows
    assert only.figure is not None
    assert only.figure.note == "two words\na line"


@pytest.mark.parametrize("visibility", ["collapse", "filter"])
def test_hidden_and_filtered_rows_are_left_out(visibility: str) -> None:
    table = read(
        row(*ASB, number("5")), row(*ASB, number("6"), attributes=f'table:visibility="{visibility}"')
    )
    assert [each.is_left_out for each in table.rows] == [False, True]
    assert table.sheets[0]["messages"] == ["Row 3 is hidden or filtered out: not read."]


def test_a_cell_in_a_hidden_column_is_refused() -> None:
    columns = '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
    (message,) = messages(read(row(*ASB, number("5"), text("see")), columns=columns))
    assert message.startswith("Cell D2: there is something in it, and its column is hidden")


@pytest.mark.parametrize(
    ("cell", "columns", "says"),
    [
        (number("5", 'table:style-name="heir"'), "", "Cell C2: the cell is struck through"),
        (
            number("5"),
            '<table:table-column table:number-columns-repeated="2"/>'
            '<table:table-column table:default-cell-style-name="cut"/>',
            "Cell C2: the cell is struck through",
        ),
        (text('<text:span text:style-name="cut">5</text:span>'), "", "Cell C2: the cell is struck through"),
        (
            text('<text:span text:style-name="cut">4</text:span>5'),
            "",
            "Cell C2: “4” is struck through beside “5”",
        ),
        (
            text('1407<text:span text:style-name="up">2</text:span>'),
            "",
            "Cell C2: “1407” has the raised or lowered mark “2” beside it. Write 1407 alone",
        ),
        (number("5", displayed="5†"), "", "Cell C2: the cell's number format shows “†” beside it"),
        (number("5", displayed=""), "", "Cell C2: the cell's number format hides it."),
        (
            text("5", 'table:number-columns-spanned="2" table:number-rows-spanned="1"')
            + "<table:covered-table-cell/>",
            "",
            "Cell D2: this is one of the merged cells C2:D2",
        ),
        (number("5", 'table:formula="of:=1+4"'), "", "Cell C2: this is a formula"),
        (text("#REF!", 'table:formula="of:=x"'), "", "Cell C2: this shows the error #REF!"),
    ],
)
def test_how_a_cell_looks_is_told(cell: str, columns: str, says: str) -> None:
    (message,) = messages(read(row(*ASB, cell), columns=columns))
    assert message.startswith(says)


def test_an_ordinary_position_is_not_raised() -> None:
    assert values(read(row(*ASB, text('<text:span text:style-name="flat">5</text:span>')))) == [Decimal(5)]


def test_a_month_is_read_from_what_is_displayed() -> None:
    date_cell = '<table:table-cell office:value-type="date" office:date-value="2017-09-01">'
    cell = date_cell + "<text:p>{}</text:p></table:table-cell>"
    table = read(
        row(text("asb"), cell.format("Sep 17"), number("5")),
        row(text("asb"), cell.format("01/09/17"), number("5")),
    )
    assert [each.figure.period if each.figure else None for each in table.rows] == ["2017-09", None]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize("indicator", ["asb", "satisfaction"])
def test_what_is_beyond_all_numbers_is_refused(indicator: str, value: str) -> None:
    table = read(row(text(indicator), text("2017-18-Q2"), number(value)))
    assert [message.partition(":")[0] for message in messages(table)] == ["Cell C2"]


@pytest.mark.parametrize("value", ["x", "", "1,5"])
def test_a_number_that_is_none_is_damage(value: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(row(*ASB, number(value)))
    assert refused.value.code == "damaged_file"


SOUND = content(
    row(*ASB, number("5", 'table:number-columns-spanned="2" table:number-rows-repeated="2"')),
    row(
        *ASB,
        text('1407<text:span text:style-name="up">2</text:span>'),
        attributes='table:visibility="filter"',
    ),
    columns='<table:table-column table:number-columns-repeated="3" table:default-cell-style-name="heir"/>',
)
PIECES = st.binary(max_size=6) | st.sampled_from([b"9" * 8, b"<table:table>", b"</table:table-cell>", b"-1"])


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_changed_byte_does_more_than_be_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SOUND) - 1))
    cut = data.draw(st.integers(0, 12))
    with suppress(FileRefused, RuleBroken):
        read_content(SOUND[:at] + data.draw(PIECES) + SOUND[at + cut :])
