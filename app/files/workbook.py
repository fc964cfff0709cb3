"""Reads from a workbook where its sheets are; extracts one sheet by itself."""

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat

from app.files.guard import ENCODING, WORKBOOK, Parts, damaged

RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
WORKSHEET = re.compile(r"(.*/)?worksheets/[^/]+\.xml", re.IGNORECASE)
ALONE = "sheet"
"""Name of a sheet by itself."""
MOST_SHEETS = 10
MOST_COUNTED = 1_000_000
"""Largest count that a part may declare of anything. Readers allocate memory for it in advance."""
Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SheetPlace:
    name: str
    part: str
    is_hidden: bool = False


def walk(
    parts: Parts, name: str, start: Start, end: End | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Calls `start` and `end` for each element, by local name; attributes keep a namespace before a space."""
    parser = expat.ParserCreate(ENCODING, namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(" ")[2], attributes)
    if end is not None:
        on_end = end
        parser.EndElementHandler = lambda tag: on_end(tag.rpartition(" ")[2])
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    for piece in parts.pieces(name):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def sheets(parts: Parts) -> list[SheetPlace]:
    """The sheets of cells in order, hidden ones too; charts are none."""
    targets: dict[str, str] = {}
    names_ids: list[tuple[str, str, bool]] = []

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            id_ = next((value for name, value in attributes.items() if name.endswith(" id")), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            names_ids.append((attributes.get("name", ""), id_, is_hidden))

    if RELATIONS in parts:
        walk(parts, RELATIONS, relation)
    walk(parts, WORKBOOK, sheet)
    placed = [SheetPlace(name, _part(targets.get(id_, "")), hidden) for name, id_, hidden in names_ids]
    return [each for each in placed if each.part in parts and WORKSHEET.fullmatch(each.part)]


def _part(target: str) -> str:
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def require_modest_counts(parts: Parts, name: str) -> None:
    """Refuses a part that declares an implausible count of anything."""

    def start(_tag: str, attributes: Mapping[str, str]) -> None:
        for key, value in attributes.items():
            if key.endswith(("count", "Count")) and not _is_modest(value):
                raise damaged()

    walk(parts, name, start)


def _is_modest(count: str) -> bool:
    return count.isascii() and count.isdigit() and int(count[:9]) <= MOST_COUNTED


def single_sheet(parts: Parts, sheet: SheetPlace) -> bytes:
    """Writes a workbook of one sheet, with its texts and styles and nothing else of the file.

    Its directory and names are our own, so that no reader finds another part there than was checked.
    """
    names = [name for name in (STRINGS, STYLES) if name in parts]
    for name in names:
        require_modest_counts(parts, name)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONSHIPS.format(_relation("officeDocument", WORKBOOK)))
        archive.writestr(RELATIONS, RELATIONSHIPS.format(_relation("worksheet", f"/{SHEET}")))
        archive.writestr(WORKBOOK, BOOK.format(date1904=int(_counts_from_1904(parts)), name=ALONE))
        for name, source in ((SHEET, sheet.part), *((name, name) for name in names)):
            with archive.open(name, "w") as part:
                for piece in parts.pieces(source):
                    part.write(piece)
    return buffer.getvalue()


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
RELATIONSHIPS = f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
BOOK = (
    f'{XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{OFFICE}">'
    '<workbookPr date1904="{date1904}"/><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def _relation(kind: str, target: str) -> str:
    return f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _counts_from_1904(parts: Parts) -> bool:
    """Whether the workbook counts days from 1904, as on an old Macintosh."""
    flags: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "workbookPr":
            flags.append(attributes.get("date1904", "0"))

    walk(parts, WORKBOOK, start)
    return flags[:1] in (["1"], ["true"])
