"""Where a workbook keeps each of its sheets, which cell styles show a per cent sign, and one sheet by itself."""

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
"""What a sheet by itself is called."""
MOST_SHEETS = 10
MOST_COUNTED = 1_000_000
"""What a part may say it has of anything. Readers make room for it beforehand."""
PER_CENT_FORMATS = {"9", "10"}
"""Those of the formats every workbook has: 0% and 0.00%."""
NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.')
"""What of a number format is literal text: quoted, escaped, or a space or filling."""

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SheetPlace:
    name: str
    part: str


def walk(
    parts: Parts, name: str, start: Start, end: End | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Tells of each element by its local name; attributes in a namespace keep theirs before a space."""
    parser = expat.ParserCreate(ENCODING, namespace_separator=" ")
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(" ")[2], given)
    if end is not None:
        told = end
        parser.EndElementHandler = lambda tag: told(tag.rpartition(" ")[2])
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    for piece in parts.pieces(name):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def sheets(parts: Parts) -> list[SheetPlace]:
    """The first few visible sheets in order: what nobody sees is not read."""
    targets: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    def relation(tag: str, given: Mapping[str, str]) -> None:
        if tag == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    def sheet(tag: str, given: Mapping[str, str]) -> None:
        if tag == "sheet" and given.get("state", "visible") == "visible":
            id_ = next((value for name, value in given.items() if name.endswith(" id")), "")
            found.append((given.get("name", ""), id_))

    if RELATIONS in parts:
        walk(parts, RELATIONS, relation)
    walk(parts, WORKBOOK, sheet)
    placed = [SheetPlace(name, _part(targets.get(id_, ""))) for name, id_ in found]
    return [each for each in placed if each.part in parts and WORKSHEET.fullmatch(each.part)][:MOST_SHEETS]


def _part(target: str) -> str:
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def per_cent_styles(parts: Parts) -> frozenset[str]:
    """The numbers of the cell styles that show a per cent sign, as cells name them."""
    if STYLES not in parts:
        return frozenset()
    formats = set(PER_CENT_FORMATS)
    styles: list[str] = []
    inside: list[str] = []

    def start(tag: str, given: Mapping[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt" and "%" in NOT_SHOWN.sub("", given.get("formatCode", "")):
            formats.add(given.get("numFmtId", ""))
        if inside[-2:] == ["cellXfs", "xf"]:
            styles.append(given.get("numFmtId", "0"))

    def end(_tag: str) -> None:
        inside.pop()

    walk(parts, STYLES, start, end)
    return frozenset(str(number) for number, format_ in enumerate(styles) if format_ in formats)


def counted(parts: Parts, name: str) -> None:
    """Refuses a part that says it has more of something than can be."""

    def start(_tag: str, given: Mapping[str, str]) -> None:
        for key, value in given.items():
            if key.endswith(("count", "Count")) and not _is_modest(value):
                raise damaged()

    walk(parts, name, start)


def _is_modest(count: str) -> bool:
    return count.isascii() and count.isdigit() and int(count[:9]) <= MOST_COUNTED


def alone(parts: Parts, sheet: SheetPlace) -> bytes:
    """A workbook of one sheet, with its texts and styles and nothing else that came in the file.

    Its own directory and names are ours, so that no reader finds another part there than was looked through.
    """
    there = [name for name in (STRINGS, STYLES) if name in parts]
    for name in there:
        counted(parts, name)
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONSHIPS.format(_relation("officeDocument", WORKBOOK)))
        archive.writestr(RELATIONS, RELATIONSHIPS.format(_relation("worksheet", f"/{SHEET}")))
        archive.writestr(WORKBOOK, BOOK.format(date1904=int(_counts_from_1904(parts)), name=ALONE))
        for name, source in ((SHEET, sheet.part), *((name, name) for name in there)):
            with archive.open(name, "w") as part:
                for piece in parts.pieces(source):
                    part.write(piece)
    return made.getvalue()


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
    """Whether the workbook's days are counted as on an old Macintosh."""
    found: list[str] = []

    def start(tag: str, given: Mapping[str, str]) -> None:
        if tag == "workbookPr":
            found.append(given.get("date1904", "0"))

    walk(parts, WORKBOOK, start)
    return found[:1] in (["1"], ["true"])
