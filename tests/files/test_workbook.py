"""Workbooks as they come: footnote marks, struck text, what is hidden, several sheets, merged cells, periods across."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell.rich_text import CellRichText, TextBlock  # type: ignore[import-untyped]
from openpyxl.cell.text import InlineFont  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from app.domain.errors import FileRefused, RuleBroken
from app.domain.plan.indicator import Measure
from app.files.row import Table
from app.files.vocabulary import Vocabulary, names_of
from app.files.xlsx_file import from_xlsx
from tests.files.build import HEADINGS, fill, made, repacked, swapped, workbook
from tests.files.conftest import Convert

VOCABULARY = Vocabulary(
    {"asb": Measure.COUNT, "satisfaction": Measure.PERCENTAGE},
    titles=names_of([("asb", "Anti-social behaviour"), ("satisfaction", "Satisfaction")]),
)
ASB = ("asb", "2017-18-Q2", 1407)
Make = Callable[[Any, Any], object]
"""Changes a sheet of a workbook: takes the workbook and the sheet."""


def read(body: bytes) -> Table:
    return from_xlsx(body, VOCABULARY)


def sheet_with(change: Make, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    def work(book: Any) -> None:
        change(book, fill(book, [headings, *rows]))

    return made(work)


def messages(table: Table) -> list[str]:
    return [error["message"] for row in table.rows for error in row.errors]


def values(table: Table) -> list[Decimal | None]:
    return [row.figure.value if row.figure else None for row in table.rows]


@pytest.mark.parametrize(
    ("indicator", "effect", "plain", "mark", "says"),
    [
        ("asb", "superscript", "1407", "2", "Write 1407 alone, and put the mark 2 in “note”."),
        ("asb", "superscript", "1,407", "2", "Write 1407 alone"),
        ("asb", "subscript", "1407", "a", "has the raised or lowered mark “a” beside it"),
        ("satisfaction", "superscript", "43.3", "1", "Write 43.3 alone, and put the mark 1 in “note”."),
    ],
)
def test_a_raised_mark_is_never_joined_to_its_number(
    indicator: str, effect: str, plain: str, mark: str, says: str
) -> None:
    def change(book: Any, sheet: Any) -> None:
        raised = book.add_format({"font_script": 1 if effect == "superscript" else 2})
        sheet.write_rich_string(1, 2, plain, raised, mark)

    table = read(sheet_with(change, (indicator, "2017-18-Q2", "")))
    (error,) = table.rows[0].errors
    assert (table.rows[0].figure, error["code"]) == (None, "footnote_mark")
    assert error["message"].startswith("Cell C2: ")
    assert says in error["message"]


def test_a_raised_mark_in_an_inline_text_is_seen_as_well() -> None:
    """As some programs write it, without shared texts."""
    inline = (
        b'<c r="C2" t="inlineStr"><is><r><t>1407</t></r><r><rPr><vertAlign val="superscript"/></rPr>'
        b"<t>2</t></r></is></c>"
    )
    old = b'<c r="C2"><v>1407</v></c>'
    table = read(repacked(workbook(ASB), {"xl/worksheets/sheet1.xml": swapped(old, inline)}))
    assert [error["code"] for error in table.rows[0].errors] == ["footnote_mark"]


def test_a_raised_mark_is_a_part_of_a_note() -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_rich_string(1, 3, "counted in m", book.add_format({"font_script": 1}), "2")

    table = read(sheet_with(change, (*ASB, ""), headings=(*HEADINGS, "note")))
    assert [row.figure.note for row in table.rows if row.figure] == ["counted in m2"]


def test_a_cell_struck_through_is_warned_of() -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 2, 1400, book.add_format({"font_strikeout": True}))

    (row,) = read(sheet_with(change, ASB)).rows
    assert row.figure is not None
    assert [(each["field"], each["code"]) for each in row.warnings] == [("value", "struck_out")]
    assert row.warnings[0]["message"].startswith("Cell C2: the cell is struck through")


def test_a_struck_part_is_never_joined_to_the_rest() -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_rich_string(1, 2, book.add_format({"font_strikeout": True}), "1400", " 1407")

    (row,) = read(sheet_with(change, ASB)).rows
    assert row.figure is None
    assert "Cell C2: “1400” is struck through beside “1407”" in row.errors[0]["message"]


@pytest.mark.parametrize("how", [{"hidden": True}, {}])
def test_a_hidden_or_filtered_row_is_left_out_and_told(how: dict[str, bool]) -> None:
    def change(book: Any, sheet: Any) -> None:
        if how:
            sheet.set_row(2, None, None, how)
        else:
            sheet.autofilter(0, 0, 3, 2)
            sheet.filter_column(2, "x != 5")
            sheet.set_row(2, options={"hidden": True})

    table = read(sheet_with(change, ASB, ("asb", "2017-18-Q1", 5), ("asb", "2016-17-Q4", 6)))
    assert values(table) == [1407, None, 6]
    hidden = table.rows[1]
    assert (hidden.is_left_out, hidden.errors) == (True, [])
    assert [each["code"] for each in hidden.warnings] == ["hidden_row"]
    (sheet_read,) = table.sheets
    assert (sheet_read["rows"], sheet_read["left_out"]) == (2, 1)
    assert sheet_read["messages"] == ["Row 3 is hidden or filtered out: not read."]


def test_many_hidden_rows_are_counted_in_one_line() -> None:
    """A real table of the Home Office has 159."""

    def change(_book: Any, sheet: Any) -> None:
        for row in range(2, 161):
            sheet.set_row(row, None, None, {"hidden": True})

    table = read(sheet_with(change, ASB, *(("asb", "2017-18-Q1", n) for n in range(159))))
    assert values(table) == [1407] + [None] * 159
    (sheet_read,) = table.sheets
    assert (sheet_read["rows"], sheet_read["left_out"]) == (1, 159)
    (message,) = sheet_read["messages"]
    assert message.startswith("159 rows (3, 4, 5, ")
    assert message.endswith(" and others) are hidden or filtered out: not read.")


def test_with_every_row_hidden_there_is_nothing_to_send() -> None:
    with pytest.raises(RuleBroken) as refused:
        read(sheet_with(lambda _book, sheet: sheet.set_row(1, options={"hidden": True}), ASB))
    assert "Row 2 is hidden" in refused.value.message


def test_a_cell_in_a_hidden_column_is_refused_and_an_empty_one_is_not() -> None:
    headings = (*HEADINGS, "status", "unit")

    def change(_book: Any, sheet: Any) -> None:
        sheet.set_column(3, 4, None, None, {"hidden": True})

    table = read(
        sheet_with(change, (*ASB, "final", "incidents"), ("asb", "2017-18-Q1", 5), headings=headings)
    )
    assert [row.figure is not None for row in table.rows] == [False, True]
    (message,) = messages(table)
    assert message.startswith("Cell D2: there is something in it, and its column is hidden.")


def test_all_sheets_with_headings_are_read_and_the_others_named() -> None:
    def work(book: Any) -> None:
        fill(book, [("About these figures",)], "Notes")
        fill(book, [HEADINGS, ASB], "Police")
        fill(book, [HEADINGS, ("asb", "2017-18-Q1", "n/a")], "Fire")

    table = read(made(work))
    assert [(row.row, row.line, row.sheet) for row in table.rows] == [(1, 2, "Police"), (2, 2, "Fire")]
    assert messages(table)[0].startswith("Cell C2 on “Fire”: expected a whole number")
    assert [(each["sheet"], each["rows"], each["messages"]) for each in table.sheets] == [
        (
            "Notes",
            0,
            [
                "Not read: it has no row with the headings “indicator” and “period” among its first 20.",
            ],
        ),
        ("Police", 1, []),
        ("Fire", 1, []),
    ]


def test_wrong_headings_on_one_of_several_sheets_name_it() -> None:
    def work(book: Any) -> None:
        fill(book, [HEADINGS, ASB], "Police")
        fill(book, [("indicator", "period", "vlaue"), ASB], "Fire")

    with pytest.raises(FileRefused) as refused:
        read(made(work))
    assert refused.value.message.startswith("Sheet “Fire”: there is no column “vlaue”. Did you mean “value”?")


def busy(book: Any) -> None:
    sheet = book.add_worksheet("Chart data")
    for row in range(202):
        sheet.merge_range(row, 0, row, 1, "x")


def stray(book: Any) -> None:
    book.add_worksheet("Old notes").write("AMJ1", "x")


@pytest.mark.parametrize(("make", "name"), [(busy, "Chart data"), (stray, "Old notes")])
def test_a_sheet_in_trouble_before_the_figures_is_passed_over_by_name(
    make: Callable[[Any], None], name: str
) -> None:
    def work(book: Any) -> None:
        make(book)
        fill(book, [HEADINGS, ASB], "Figures")

    table = read(made(work))
    assert values(table) == [1407]
    sheet_read = table.sheets[0]
    assert (sheet_read["sheet"], sheet_read["rows"]) == (name, 0)
    assert sheet_read["messages"][0].startswith("Not read: ")


def test_a_sheet_of_figures_in_trouble_is_refused_by_name() -> None:
    def work(book: Any) -> None:
        fill(book, [HEADINGS, ASB], "Police")
        fill(book, [HEADINGS, ASB], "Fire").write("AMJ1", "x")

    with pytest.raises(FileRefused) as refused:
        read(made(work))
    assert refused.value.message.startswith("Sheet “Fire”: the sheet reaches as far as cell AMJ1.")


def test_merged_cells_are_told_with_their_address() -> None:
    def change(_book: Any, sheet: Any) -> None:
        sheet.merge_range("A2:A3", "asb")

    table = read(sheet_with(change, ASB, ("", "2017-18-Q1", 5)))
    assert values(table) == [1407, None]
    assert messages(table)[0].startswith("Cell A3: this is one of the merged cells A2:A3")


def test_what_is_left_under_merged_cells_is_not_read() -> None:
    """Some programs keep it there, where nobody sees it."""
    table = read(
        sheet_with(lambda _book, sheet: sheet.merge_range("C2:C3", 5), ASB, ("asb", "2017-18-Q1", 6))
    )
    assert messages(table)[0].startswith("Cell C3: this is one of the merged cells C2:C3")


def test_a_merged_value_of_a_template_is_not_taken_for_one_not_filled_in() -> None:
    headings = (*HEADINGS, "last_period")
    table = read(
        sheet_with(
            lambda _book, sheet: sheet.merge_range("C2:C3", 5),
            ("asb", "2017-18-Q2", 5, ""),
            ("asb", "2017-18-Q1", "", "4"),
            headings=headings,
        )
    )
    assert table.left_empty == 0
    assert messages(table)[0].startswith("Cell C3: this is one of the merged cells C2:C3")


def test_periods_across_are_read_one_figure_a_cell() -> None:
    headings = ("Indicator", "Q1 2017/18", "Q2 2017/18", "note")
    table = read(workbook(("asb", 5, 1407, "n"), ("satisfaction", "", "43.3", ""), headings=headings))
    assert [
        (row.figure.indicator, row.figure.period, row.figure.value) for row in table.rows if row.figure
    ] == [
        ("asb", "2017-18-Q1", 5),
        ("asb", "2017-18-Q2", 1407),
        ("satisfaction", "2017-18-Q2", Decimal("43.3")),
    ]
    assert [row.line for row in table.rows] == [2, 2, 3]
    assert "“Q1 2017/18” is read as Q1 2017/18 (April to June 2017)." in table.rows[0].notes[0]["message"]


def test_a_wrong_cell_under_a_period_has_its_address() -> None:
    table = read(workbook(("asb", 5, "<5"), headings=("indicator", "2017-18-Q1", "2017-18-Q2")))
    assert messages(table)[0].startswith("Cell C2: expected a whole number, got “<5”")


def test_a_column_for_one_figure_does_not_go_with_periods_across() -> None:
    with pytest.raises(FileRefused) as refused:
        read(workbook(("asb", 5, 3), headings=("indicator", "2017-18-Q1", "numerator")))
    assert refused.value.code == "column_beside_periods"


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (
            ("indicator", "period", "value", 2017),
            "There is no column “2017”. If it is a period: 2017 alone is a",
        ),
        (("INDICATOR ", "Period", "Value"), None),
        (("indicator", "period", "value", "Expected on"), None),
        (
            ("indicator", "period", "value", "2017-18-Q2"),
            "It is a period (Q2 2017/18 (July to September 2017)).",
        ),
        ((1.0, 1.0, 2.0), "No sheet has a row with the headings"),
        (("Sheet", "Rows"), "No sheet has a row with the headings"),
    ],
)
def test_headings_in_any_case_and_told_as_they_look(headings: tuple[Any, ...], said: str | None) -> None:
    body = workbook(ASB[: len(headings)], headings=headings)
    if said is None:
        assert values(read(body)) == [1407]
        return
    with pytest.raises(FileRefused) as refused:
        read(body)
    assert said in refused.value.message


def test_a_title_that_names_one_indicator_is_taken_and_said() -> None:
    (row,) = read(workbook(("Anti-social behaviour", "Sep-17", "1407"))).rows
    assert row.figure is not None
    assert (row.figure.indicator, row.figure.period) == ("asb", "2017-09")
    assert [each["code"] for each in row.notes] == ["name_for_code", "period_understood"]


def test_a_date_that_shows_a_month_is_that_month_and_one_that_shows_a_day_is_asked_about() -> None:
    def change(book: Any, sheet: Any) -> None:
        for row, number_format in ((1, "mmm-yy"), (2, "mmmm yyyy"), (3, "d-mmm")):
            sheet.write_datetime(row, 1, date(2017, 9, row), book.add_format({"num_format": number_format}))

    table = read(sheet_with(change, ASB, ASB, ASB))
    assert [row.figure.period if row.figure else None for row in table.rows] == ["2017-09", "2017-09", None]
    assert "made the date 3 September 2017 of it" in messages(table)[0]


def test_a_rounded_number_says_so_with_its_address() -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 2, 2 / 3, book.add_format({"num_format": "0.0%"}))

    (row,) = read(sheet_with(change, ("satisfaction", "2017-18-Q2", ""))).rows
    assert row.figure is not None
    assert row.figure.value == Decimal("66.666667")
    assert row.notes[0]["message"] == "Cell C2: rounded to 6 decimals: 66.666667, from 66.6666666666667."


@pytest.mark.parametrize("number_format", ["£#,##0", '"£"#,##0.00', "[$£-809]#,##0.00"])
def test_pounds_for_what_is_no_money_are_refused(number_format: str) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 2, 75, book.add_format({"num_format": number_format}))

    table = read(sheet_with(change, ("satisfaction", "2017-18-Q2", "")))
    assert messages(table) == ["Cell C2: this is not in pounds. Write 75 without £."]


@pytest.mark.parametrize("stored", ["NaN", "INF", "1e999"])
def test_what_is_beyond_all_numbers_is_refused(stored: str) -> None:
    body = workbook(("satisfaction", "2017-18-Q2", 1407))
    changed = swapped(b"<v>1407</v>", f"<v>{stored}</v>".encode())
    try:
        table = read(repacked(body, {"xl/worksheets/sheet1.xml": changed}))
    except FileRefused as error:
        codes = [error.code]
    else:
        codes = [each["code"] for each in table.rows[0].errors]
    assert codes in (["not_a_number"], ["damaged_file"])


def test_a_number_that_cannot_be_kept_is_refused_with_its_address() -> None:
    (message,) = messages(read(workbook(("asb", "2017-18-Q2", 10**16))))
    assert message == "Cell C2: numbers here are below 1,000,000,000,000,000."


def test_a_title_above_the_headings_is_named() -> None:
    (sheet_read,) = read(workbook(ASB, above=[("Our figures",), (), ("for the Board",)])).sheets
    assert sheet_read["messages"] == ["Rows 1 and 3 above the headings: not read."]


def everything(book: Any) -> None:
    """A sheet with one of each thing that is told, and a hidden sheet."""
    rows = (ASB, ASB, ASB, ("asb", "2017-18-Q1", 5), ASB, ASB, ("satisfaction", "2017-18-Q2", ""))
    sheet = fill(book, [("Our figures",), HEADINGS, *rows, ("asb", "2017-18-Q4", 8)], "Police")
    sheet.write_rich_string(3, 2, "1407", book.add_format({"font_script": 1}), "2")
    sheet.write_rich_string(4, 2, book.add_format({"font_strikeout": True}), "14", "07")
    sheet.write_number(5, 2, 5, book.add_format({"font_strikeout": True}))
    sheet.set_row(6, options={"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})
    sheet.write_formula(7, 2, "=1+1", None, 2)
    sheet.write_number(8, 2, 2 / 3, book.add_format({"num_format": "0.0%"}))
    sheet.merge_range("A10:A11", "asb")
    sheet.write_row(9, 1, ("2017-18-Q4", 8))
    sheet.write_row(10, 1, ("2016-17-Q4", 8))
    sheet.write_datetime(11, 1, date(2017, 9, 1), book.add_format({"num_format": "mmm-yy"}))
    sheet.write_string(11, 0, "asb")
    sheet.write_row(12, 0, ("asb", "2015-16-Q1"))
    sheet.write_number(12, 2, 1407, book.add_format({"num_format": '0"†"'}))
    sheet.write_number(11, 2, 75, book.add_format({"num_format": '"£"#,##0'}))
    fill(book, [HEADINGS, ASB], "Old").hide()
    fill(book, [("About",)], "Notes")


def outcome(table: Table) -> list[Any]:
    rows = [
        (row.line, row.figure, row.errors, row.warnings, row.notes, row.is_left_out) for row in table.rows
    ]
    return [rows, table.sheets]


def test_an_opendocument_spreadsheet_is_read_as_the_workbook_it_was_made_from(office: Convert) -> None:
    """LibreOffice turns one into the other; every remark and every refusal stays the same."""
    body = made(everything)
    from_excel, from_ods = read(body), read(office(body, to="ods"))
    assert outcome(from_ods) == outcome(from_excel)
    assert [row.figure is not None for row in from_excel.rows] == [
        *(True, False, False, True, False, False, True, True, False, False, True),
    ]


def test_libreoffice_s_own_workbook_says_the_same(office: Convert) -> None:
    body = made(everything)
    assert outcome(read(office(body))) == outcome(read(body))


def test_openpyxl_s_workbook_says_the_same_of_marks_and_hidden_rows() -> None:
    book, out = Workbook(), BytesIO()
    sheet = book.active
    sheet.append(HEADINGS)
    for value in ("", 1400, 5, 6):
        sheet.append(("asb", "2017-18-Q2", value))
    sheet["C2"] = CellRichText("1407", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    sheet["C3"].font = Font(strike=True)
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("Other").append(("nothing",))
    book.save(out)
    table = read(out.getvalue())
    assert values(table) == [None, 1400, None, 6]
    assert messages(table)[0].startswith("Cell C2: “1407” has the raised or lowered mark “2”")
    assert [[each["code"] for each in row.warnings] for row in table.rows] == [
        [],
        ["struck_out"],
        ["hidden_row"],
        [],
    ]
    assert [(each["sheet"], each["rows"]) for each in table.sheets] == [("Sheet", 3), ("Other", 0)]


@pytest.mark.parametrize(
    ("number_format", "says"),
    [
        ("#,##0,", "shows it in thousands or millions"),
        ('0.0,,"m"', "shows it in thousands or millions"),
        (";;;", "hides it"),
        ('0"p"', "shows “p” beside it, which was not read"),
        ('"<"0', "shows “<” beside it"),
        ("#,##0", None),
        ('0" days"', None),
        ('"£"#,##0;-"£"#,##0', None),
        ("0.0", None),
    ],
)
def test_a_number_that_its_format_shows_otherwise_is_warned_of(number_format: str, says: str | None) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.write_number(1, 2, 1407000, book.add_format({"num_format": number_format}))

    vocabulary = Vocabulary({"cost": Measure.MONEY})
    (row,) = from_xlsx(sheet_with(change, ("cost", "2017-18-Q2", "")), vocabulary).rows
    assert row.figure is not None
    assert row.figure.value == 1407000
    warnings = [each["message"] for each in row.warnings]
    if says is None:
        assert warnings == []
    else:
        assert warnings[0].startswith("Cell C2: ")
        assert says in warnings[0]
