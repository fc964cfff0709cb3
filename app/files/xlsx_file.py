"""Reads the sheets of a workbook: of Excel (.xlsx) or OpenDocument (.ods)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from app.domain.errors import FileRefused
from app.files.column import column_of, likeness
from app.files.guard import Parts, guarded, is_open_document
from app.files.ods_file import ods_sheets
from app.files.rich_text import shared_rich_texts, shared_texts
from app.files.row import Progress, Table
from app.files.scan import Scan, scan
from app.files.sheet import Sheet, Unread
from app.files.style import read_styles
from app.files.vocabulary import Vocabulary
from app.files.workbook import ALONE, SheetPlace, sheets, single_sheet
from app.files.workbook_table import NO_HEADINGS, read_sheets
from app.models.figures.sent_row import continued

MOST_SHEETS = 20
"""Sheets with headings that are read; a workbook may have hundreds."""
HIDDEN = "It is hidden. Show it if it is meant."


def from_xlsx(body: bytes, vocabulary: Vocabulary, progress: Progress = lambda _done, _total: None) -> Table:
    """Reads the rows. Raises FileRefused or RuleBroken for an unsafe file, or one that is no table of figures."""
    parts = guarded(body)
    try:
        in_order = ods_sheets(parts) if is_open_document(parts) else _sheets(parts)
        return read_sheets(in_order, vocabulary, progress)
    except expat.ExpatError as error:
        raise _unreadable() from error


def _sheets(parts: Parts) -> Iterator[Sheet | Unread]:
    """Yields each sheet in order. Only those that may have headings are opened."""
    styles, rich_texts = read_styles(parts), shared_rich_texts(parts)
    places = sheets(parts)
    scans = {
        place.part: scan(parts, place.part, styles, rich_texts) for place in places if not place.is_hidden
    }
    shared = shared_texts(parts, frozenset(number for each in scans.values() for number in each.top_shared))
    opened = 0
    for place in places:
        if place.is_hidden:
            yield Unread(place.name, HIDDEN)
            continue
        scanned = scans[place.part]
        texts = [*scanned.top_texts, *(shared.get(number, "") for number in scanned.top_shared)]
        if scanned.refusal is not None:
            yield _in_trouble(place, scanned.refusal, texts, is_alone=len(places) == 1)
        elif not may_have_headings(texts):
            yield Unread(place.name, NO_HEADINGS)
        elif opened == MOST_SHEETS:
            yield Unread(place.name, f"At most {MOST_SHEETS} sheets are read at a time.")
        else:
            opened += 1
            yield _opened(parts, place, scanned)


def may_have_headings(texts: list[str]) -> bool:
    """Whether one of the texts is like one of the headings that every table of figures has."""
    return any(column_of(text) == "indicator" for text in texts) or likeness(texts) > 0


def _in_trouble(place: SheetPlace, refusal: FileRefused, texts: list[str], *, is_alone: bool) -> Unread:
    """Passes the sheet over, unless it has the headings of figures: then the file is refused."""
    message = refusal.message if is_alone else f"Sheet “{place.name}”: {continued(refusal.message)}"
    named = FileRefused(refusal.code, message, refusal.why)
    if any(column_of(text) == "indicator" for text in texts):
        raise named
    return Unread(place.name, refusal.message, named)


def _opened(parts: Parts, place: SheetPlace, scanned: Scan) -> Sheet:
    return Sheet(place.name, _cells(single_sheet(parts, place)), scanned)


def _cells(sheet: bytes) -> list[list[Any]]:
    try:
        return (
            CalamineWorkbook.from_filelike(BytesIO(sheet))
            .get_sheet_by_name(ALONE)
            .to_python(skip_empty_area=False)
        )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # A fault of the reader's own, which is no Python, comes as an exception that is no Exception.
        raise _unreadable() from error


def _unreadable() -> FileRefused:
    return FileRefused("damaged_file", "The workbook cannot be read. Open it, save it anew and send that.")
