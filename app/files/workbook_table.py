"""Reads the rows of a workbook from every sheet that has the headings of figures, and says what was not read."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from app.domain.errors import FileRefused, RuleBroken
from app.files.column import LOOKED_AT, Columns, read_columns
from app.files.row import Progress, Table, TableReader
from app.files.sheet import Sheet, Unread, cell_name
from app.files.vocabulary import Vocabulary
from app.models.figures.sent_row import continued
from app.models.figures.submission import SheetReadOut

NO_HEADINGS = f"It has no row with the headings “indicator” and “period” among its first {LOOKED_AT}."
MOST_ROWS_NAMED = 5


def read_sheets(sheets: Iterable[Sheet | Unread], vocabulary: Vocabulary, progress: Progress) -> Table:
    """Reads all sheets with headings into one table. Raises FileRefused or RuleBroken where there is none to send."""
    in_order = list(sheets)
    headed = [sheet for sheet in in_order if isinstance(sheet, Sheet) and sheet.header is not None]
    headed = headed or [_likeliest(in_order)]
    columns = [_columns(sheet, named=len(in_order) > 1) for sheet in headed]
    total = sum(len(sheet.cells) for sheet in headed)
    reader = TableReader(vocabulary, lambda done: progress(done, max(done, total)))
    for sheet in in_order:
        if isinstance(sheet, Sheet) and sheet in headed:
            number = headed.index(sheet)
            read = _read(reader, sheet, columns[number], several=len(headed) > 1)
        else:
            read = _unread(sheet)
        reader.table.sheets.append(read)
    return _require_rows(reader)


def _unread(sheet: Sheet | Unread) -> SheetReadOut:
    reason = sheet.reason if isinstance(sheet, Unread) else NO_HEADINGS
    return SheetReadOut(sheet=sheet.name, rows=0, left_out=0, messages=[f"Not read: {continued(reason)}"])


def _likeliest(sheets: Sequence[Sheet | Unread]) -> Sheet:
    """The sheet with the row that is most like headings, for a refusal that names what is wrong with it."""
    for unread in sheets:
        if isinstance(unread, Unread) and unread.refusal is not None:
            raise unread.refusal
    candidates = [sheet for sheet in sheets if isinstance(sheet, Sheet) and sheet.likeliest_header[0] > 0]
    if not candidates:
        text = f"No sheet has a row with the headings “indicator” and “period” among its first {LOOKED_AT}."
        raise FileRefused("no_headings", text)
    return max(candidates, key=lambda sheet: sheet.likeliest_header[0])


def _columns(sheet: Sheet, *, named: bool) -> Columns:
    header = _header(sheet)
    try:
        if where := sheet.merged_headings(header):
            text = f"The headings {where} are merged. Unmerge them, so that each column has a heading of its own."
            raise FileRefused("merged_headings", text)
        return read_columns(sheet.headings(header))
    except FileRefused as error:
        if not named:
            raise
        raise FileRefused(
            error.code, f"Sheet “{sheet.name}”: {continued(error.message)}", error.why
        ) from error


def _header(sheet: Sheet) -> int:
    return sheet.header if sheet.header is not None else -sheet.likeliest_header[1]


def _read(reader: TableReader, sheet: Sheet, columns: Columns, *, several: bool) -> SheetReadOut:
    header = _header(sheet)
    address: Callable[[int, int], str] = partial(_named_cell, sheet.name) if several else cell_name
    rows = reader.read_lines(columns, sheet.lines(columns, address, header), sheet.name if several else None)
    hidden = [row.line for row in rows if row.is_left_out and row.line is not None]
    messages = [*_above(sheet, header), *_hidden(hidden)]
    return SheetReadOut(
        sheet=sheet.name, rows=len(rows) - len(hidden), left_out=len(hidden), messages=messages
    )


def _named_cell(sheet: str, row: int, column: int) -> str:
    return f"{cell_name(row, column)} on “{sheet}”"


def _above(sheet: Sheet, header: int) -> list[str]:
    filled = [row + 1 for row in range(header) if any(str(cell).strip() for cell in sheet.cells[row])]
    return [f"{_rows_words(filled)} above the headings: not read."] if filled else []


def _hidden(lines: Sequence[int]) -> list[str]:
    if not lines:
        return []
    numbers = list(dict.fromkeys(lines))
    be = "is" if len(numbers) == 1 else "are"
    return [f"{_rows_words(numbers)} {be} hidden or filtered out: not read."]


def _rows_words(numbers: Sequence[int]) -> str:
    """ "Row 3", "Rows 3, 4 and 9", "159 rows (3, 4, 9, 10, 11 and others)"."""
    if len(numbers) == 1:
        return f"Row {numbers[0]}"
    if len(numbers) <= MOST_ROWS_NAMED:
        return f"Rows {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    return f"{len(numbers)} rows ({', '.join(map(str, numbers[:MOST_ROWS_NAMED]))} and others)"


def _require_rows(reader: TableReader) -> Table:
    try:
        return reader.require_rows()
    except RuleBroken as error:
        left_out = [message for sheet in reader.table.sheets for message in sheet["messages"]]
        if error.code != "figures_required" or not any(sheet["left_out"] for sheet in reader.table.sheets):
            raise
        raise RuleBroken(error.field, error.code, " ".join([error.message, *left_out])) from error
