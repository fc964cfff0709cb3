"""Writes the template of a return as a workbook, with the API's field names as headings so that it can be uploaded.

Cells to fill in are unlocked and validated as they are typed; the other columns are explanations, which an upload
ignores.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from app.domain.figures.figure import FigureStatus, Missing
from app.domain.plan.indicator import Measure
from app.files.csv_injection import neutral
from app.models.column import plain
from app.queries.returns.return_template import TemplateRow

NUMBERS = ("value", "numerator", "denominator", "sample_size", "margin", "margin_level")
FILLED = ("value", "status", "missing", "expected_on", "note", "reason")
PARTS = ("numerator", "denominator")
SURVEY = ("sample_size", "margin", "margin_level", "margin_of")
WIDTHS = {
    "indicator": 28,
    "indicator_title": 48,
    "period": 18,
    "period_label": 38,
    "note": 40,
    "reason": 40,
    "status": 14,
    "missing": 16,
    "last_period": 26,
    "last_year": 26,
}
ORDINARY = 15
LINE_HEIGHT = 15
RATIOS = (Measure.PERCENTAGE, Measure.RATE, Measure.MEAN)
MISSING_WORDS = {
    Missing.NOT_AVAILABLE: "It exists, and you cannot get it.",
    Missing.CONFIDENTIAL: "It exists, and may not be told.",
    Missing.NOT_APPLICABLE: "There is nothing to measure here in this period.",
    Missing.NOT_COLLECTED: "Nobody counted it.",
    Missing.AWAITED: "It will come: put the date it is promised for in expected_on.",
}
NOTES = (
    (
        "indicator, period, area, breakdown",
        "Which figure the row is. They are locked: leave them as they are.",
    ),
    (
        "indicator_title, period_label, unit, last_year, last_period",
        "For you to read: what is measured, in what, and what was sent before. They are ignored when you upload.",
    ),
    ("value", "The number alone. A percentage as 43.3, not 0.433. Leave it empty where there is none."),
    (
        "numerator and denominator",
        "Where a figure is a ratio: its two parts. The value may then be left empty.",
    ),
    ("status", "provisional, final, estimated or forecast. Left empty, it is provisional."),
    ("missing", "Why there is no number. Choose from the list; the reasons are explained below."),
    ("expected_on", "Where a figure is awaited, the date it is promised for."),
    (
        "note",
        "What a reader should know. A mark beside a number, such as *, belongs here. Left empty, a note stays.",
    ),
    ("reason", "Why a figure that is there already is changing. Needed only then."),
    ("Rows you leave empty", "Nothing is sent for them, and they are still owed."),
    ("Formulas", "Type numbers, or paste values: formulas are not taken."),
    (
        "More rows",
        "The sheet is protected without a password. To add a row, unprotect it, and give the indicator and period.",
    ),
)


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """The partnership, agency and quarter of a template, and the day it is made."""

    partnership: str
    agency: str
    quarter: str
    made_on: date


def template(rows: Sequence[TemplateRow], about: TemplateFacts) -> bytes:
    """Makes the workbook; its bytes are the same for the same rows and day."""
    import xlsxwriter  # type: ignore[import-untyped]  # here, as every start would wait for it

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": f"{about.agency}: figures for {about.quarter}",
            "subject": about.partnership,
            "created": datetime.combine(about.made_on, time()),
        }
    )
    _Sheet(book, rows).write()
    _write_notes(book, about)
    book.close()
    return out.getvalue()


class _Sheet:
    """Writes the sheet of figures."""

    def __init__(self, book: Any, rows: Sequence[TemplateRow]) -> None:
        self.book = book
        self.rows = rows
        self.sheet = book.add_worksheet("Figures")
        self.columns = columns(rows)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        heading = self._format(bold=True, bottom=2, bg_color="#F3F2F1")
        for place, name in enumerate(self.columns):
            self.sheet.write_string(0, place, name, heading)
            self.sheet.set_column(place, place, WIDTHS.get(name, ORDINARY))
        for number, row in enumerate(self.rows, 1):
            self.sheet.set_row(number, LINE_HEIGHT * _lines(row))
            for place, name in enumerate(self.columns):
                self._cell(number, place, name, row)
        self.sheet.freeze_panes(1, 2)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0)

    def _cell(self, number: int, place: int, name: str, row: TemplateRow) -> None:
        content = cell_content(name, row)
        if name not in FILLED + PARTS + SURVEY + ("qualifier",):
            text_format = self._format(text_wrap=True, valign="top", font_color="#484949")
            self.sheet.write_string(number, place, neutral(str(content or "")), text_format)
            return
        self._write_content(number, place, content, self._input_format(name, row))
        rule = validation(name, row)
        if rule is not None:
            self.sheet.data_validation(number, place, number, place, rule)

    def _write_content(self, number: int, place: int, content: Any, cell_format: Any) -> None:
        if content is None or content == "":
            self.sheet.write_blank(number, place, None, cell_format)
        elif isinstance(content, date):
            self.sheet.write_datetime(number, place, datetime.combine(content, time()), cell_format)
        elif isinstance(content, Decimal | int):
            self.sheet.write_number(number, place, float(content), cell_format)
        else:
            self.sheet.write_string(number, place, neutral(content), cell_format)

    def _input_format(self, name: str, row: TemplateRow) -> Any:
        look: dict[str, Any] = {"locked": False, "valign": "top", "border": 1, "border_color": "#B1B4B6"}
        if name == "expected_on":
            return self._format(**look, num_format="yyyy-mm-dd")
        if name in NUMBERS:
            return self._format(**look, num_format=_number_format(row.decimals if name == "value" else 0))
        return self._format(**look, text_wrap=True, num_format="@")

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(look)
        return self._formats[key]


def columns(rows: Sequence[TemplateRow]) -> list[str]:
    """Headings in order, without columns that no row needs."""
    breakdowns = dict.fromkeys(f"breakdown.{name}" for row in rows for name in row.breakdown)
    ratio = any(row.measure in RATIOS for row in rows)
    survey = any(row.survey or row.values.get("margin") is not None for row in rows)
    unusual = any(row.values.get("qualifier", "exact") != "exact" for row in rows)
    return [
        *("indicator", "indicator_title", "period", "period_label"),
        *(("area",) if any(row.area for row in rows) else ()),
        *breakdowns,
        *("unit", "last_year", "last_period"),
        *("value",),
        *(PARTS if ratio or any(row.values.get("numerator") is not None for row in rows) else ()),
        *(("qualifier",) if unusual else ()),
        *FILLED[1:],
        *(SURVEY if survey or any(row.values.get("sample_size") is not None for row in rows) else ()),
    ]


def cell_content(name: str, row: TemplateRow) -> Any:
    """The prefilled content of a row's cell under a heading."""
    if name.startswith("breakdown."):
        return row.breakdown.get(name.removeprefix("breakdown."), "")
    if name == "indicator_title":
        return row.title
    if name == "reason":
        return None
    if name in ("indicator", "period", "period_label", "area", "unit", "last_year", "last_period"):
        return getattr(row, name)
    content = row.values.get(name)
    if name == "value" and row.measure is Measure.PERCENTAGE and content is not None and 0 < content < 1:
        # With its sign nobody takes it for a fraction: 0.4% for 40%.
        return f"{plain(content)}%"
    return content


def validation(name: str, row: TemplateRow) -> dict[str, Any] | None:
    """The validation of a cell as it is typed, with its help text."""
    if name == "status":
        return {"validate": "list", "source": [str(status) for status in FigureStatus]}
    if name == "missing":
        return {
            "validate": "list",
            "source": [str(reason) for reason in Missing],
            "input_title": "Why there is no number",
            "input_message": "Only where the value is empty. The Notes sheet explains each reason.",
        }
    if name == "expected_on":
        return _with_help(
            {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)},
            "Promised for",
            "A date, where the figure is awaited.",
        )
    if name in NUMBERS:
        return _number_validation(name, row)
    return None


def _number_validation(name: str, row: TemplateRow) -> dict[str, Any]:
    if name == "value" and row.measure is Measure.COUNT:
        return _with_help(
            {"validate": "integer", "criteria": ">=", "value": 0}, "A count", "A whole number, 0 or more."
        )
    if name == "value" and row.measure is Measure.PERCENTAGE:
        return _with_help(
            {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
            "A percentage",
            "A number from 0 to 100: 43.3 for 43.3%.",
        )
    if name == "sample_size":
        return _with_help(
            {"validate": "integer", "criteria": ">=", "value": 0}, "A count", "A whole number, 0 or more."
        )
    least = -999_999_999_999_999 if name == "value" else 0
    return _with_help(
        {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": 999_999_999_999_999},
        "A number",
        "The number alone, without marks or units.",
    )


def _with_help(rule: dict[str, Any], title: str, message: str) -> dict[str, Any]:
    help_ = f"{message} Where there is none, leave it empty and choose a reason under “missing”."
    return {
        **rule,
        "input_title": title,
        "input_message": message,
        "error_title": title,
        "error_message": help_,
    }


def _lines(row: TemplateRow) -> int:
    """Text lines of the row's longest explanation, as some programs do not fit a row's height to it."""
    texts = {
        "indicator_title": row.title,
        "period_label": row.period_label,
        "last_period": row.last_period,
        "last_year": row.last_year,
    }
    return max(-(-len(text) // (WIDTHS[name] - 2)) for name, text in texts.items()) or 1


def _number_format(decimals: int) -> str:
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def _write_notes(book: Any, about: TemplateFacts) -> None:
    sheet = book.add_worksheet("Notes")
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    text = book.add_format({"valign": "top", "text_wrap": True})
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 115)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    contact = f"Ask the community safety staff of {about.partnership}."
    lines = [
        (
            "About",
            f"What {about.agency} owes for {about.quarter}. Fill in the Figures sheet and upload this file.",
        ),
        *NOTES,
        *((f"missing: {reason}", text) for reason, text in MISSING_WORDS.items()),
        ("Whom to ask", contact),
    ]
    sheet.write_row(0, 0, ["Column", "What goes in it"], bold)
    for number, (heading, content) in enumerate(lines, 1):
        sheet.write_string(number, 0, neutral(heading), bold)
        sheet.write_string(number, 1, neutral(content), text)
    sheet.freeze_panes(1, 0)
    sheet.protect()
