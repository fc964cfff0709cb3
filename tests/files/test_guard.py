"""Files that are no workbook of figures, or not safe to look into: each refused by its own name, unparsed."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from random import Random
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.server.problem import as_refused
from app.domain.errors import FileRefused, RuleBroken
from app.files import guard
from app.files.guard import guarded
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx
from tests.files.build import repacked, swapped, workbook

GOOD = workbook(("asb-incidents", "2017-18-Q2", 4200))
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


ROWS = (
    '<d xmlns:t="t"><t:table t:name="a"><t:table-row t:number-rows-repeated="{rows}"><t:table-cell'
    ' t:number-columns-repeated="{columns}" t:value-type="string"><t:p>indicator</t:p></t:table-cell>'
    "</t:table-row></t:table></d>"
)


def open_document(content: str, **parts: bytes) -> bytes:
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(**{"mimetype": mimetype, "content.xml": content.encode(), **parts})


def in_sheet(old: bytes, new: bytes) -> bytes:
    return repacked(GOOD, {SHEET: swapped(old, new)})


def bomb(size: int) -> bytes:
    """Little that becomes much, in a part nobody would look into."""
    return repacked(GOOD, more={"xl/media/picture.png": b"0" * size})


def bulky(size: int) -> bytes:
    """As much again of what packs forty times smaller."""
    block = Random(1).randbytes(1_500) + b"0" * 63_500
    return repacked(GOOD, more={"xl/media/picture.png": block * (size // len(block))})


def lying(body: bytes) -> bytes:
    """The same, every part said to be ten bytes long when it is unpacked."""
    changed = bytearray(body)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        entry = archive.getinfo("xl/media/picture.png")
        at = body.rindex(b"PK\x01\x02", 0, body.rindex(b"xl/media/picture.png"))
    for place in (entry.header_offset + 22, at + 24):
        changed[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(changed)


def encrypted_entry() -> bytes:
    body = bytearray(GOOD)
    body[body.rindex(b"PK\x01\x02", 0, body.rindex(b"xl/workbook.xml")) + 8] |= 1
    return bytes(body)


CASES: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "nothing": (lambda: b"", 422, "not_a_spreadsheet"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0", 422, "not_a_spreadsheet"),
    "a CSV file by that name": (lambda: b"indicator,period,value\n", 422, "text_not_spreadsheet"),
    "an old workbook": (lambda: OLE, 422, "xls_format"),
    "a workbook under a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), 422, "encrypted"),
    "an entry under a password": (encrypted_entry, 422, "encrypted"),
    "an empty OpenDocument spreadsheet": (lambda: open_document("<a/>"), 422, "no_headings"),
    "an OpenDocument letter": (
        lambda: zipped(**{"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
        422,
        "ods_format",
    ),
    "an OpenDocument spreadsheet under a password": (
        lambda: open_document("?", **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        422,
        "encrypted",
    ),
    "an OpenDocument macro": (lambda: open_document("<a/>", **{"Basic/script-lc.xml": b""}), 422, "macro"),
    "an entity in OpenDocument": (
        lambda: open_document('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'),
        422,
        "document_type",
    ),
    "OpenDocument cut off inside": (lambda: open_document("<a>"), 422, "damaged_file"),
    "an OpenDocument row repeated a million times": (
        lambda: open_document(ROWS.format(rows=1_000_000, columns=1)),
        422,
        "sheet_too_large",
    ),
    "OpenDocument cells repeated beyond all columns": (
        lambda: open_document(ROWS.format(rows=1, columns=16_384)),
        422,
        "sheet_too_large",
    ),
    "an OpenDocument cell repeated an odd number of times": (
        lambda: open_document(ROWS.format(rows="x", columns=1)),
        422,
        "damaged_file",
    ),
    "a binary workbook": (lambda: zipped(**{"xl/workbook.bin": b""}), 422, "xlsb_format"),
    "a letter": (lambda: zipped(**{"word/document.xml": b"<a/>"}), 422, "not_a_spreadsheet"),
    "cut off": (lambda: GOOD[:-200], 422, "damaged_file"),
    "a changed byte": (lambda: GOOD[:200] + b"\x55\x55" + GOOD[202:], 422, "damaged_file"),
    "over a hundred parts": (
        lambda: repacked(GOOD, more={f"xl/media/{n}.png": b"" for n in range(95)}),
        413,
        "too_many_parts",
    ),
    "300 MB": (lambda: bomb(300_000_000), 413, "packed_too_tightly"),
    "300 MB that says it is ten bytes": (lambda: lying(bomb(300_000_000)), 413, "packed_too_tightly"),
    "65 MB, less tightly": (lambda: bulky(65_000_000), 413, "unpacks_too_large"),
    "a little that says it is ten bytes": (lambda: lying(bomb(500)), 422, "damaged_file"),
    "a part above": (lambda: repacked(GOOD, more={"../evil.xml": b"<a/>"}), 422, "part_outside"),
    "a part at the root": (lambda: repacked(GOOD, more={"/etc/passwd": b""}), 422, "part_outside"),
    "a part above, as Windows writes it": (
        lambda: repacked(GOOD, more={"xl\\..\\..\\e": b""}),
        422,
        "part_outside",
    ),
    "a macro": (lambda: repacked(GOOD, more={"xl/vbaProject.bin": b"macro"}), 422, "macro"),
    "an old macro sheet": (lambda: repacked(GOOD, more={"xl/macrosheets/sheet1.xml": b"<a/>"}), 422, "macro"),
    "a macro workbook's type": (
        lambda: repacked(
            GOOD,
            {
                "[Content_Types].xml": swapped(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main",
                )
            },
        ),
        422,
        "macro",
    ),
    "an external entity": (
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'),
        422,
        "document_type",
    ),
    "a billion laughs": (
        lambda: repacked(
            GOOD,
            {
                "xl/sharedStrings.xml": swapped(
                    b"<sst", b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst'
                )
            },
        ),
        422,
        "document_type",
    ),
    "UTF-16, in which a document type could hide": (
        lambda: repacked(
            GOOD, {SHEET: lambda content: content.decode().replace("UTF-8", "UTF-16").encode("utf-16")}
        ),
        422,
        "damaged_file",
    ),
    "no XML": (lambda: repacked(GOOD, {SHEET: lambda _content: b"figures"}), 422, "damaged_file"),
    "a cell at the far corner": (lambda: in_sheet(b"</sheetData>", FAR), 422, "sheet_too_large"),
    "cells out of order": (
        lambda: in_sheet(b"</sheetData>", b'<row r="1"><c r="A1"><v>1</v></c></row></sheetData>'),
        422,
        "damaged_file",
    ),
    "a text that is not there": (
        lambda: in_sheet(b"</sheetData>", b'<row r="9"><c r="A9" t="s"><v>9999</v></c></row></sheetData>'),
        422,
        "damaged_file",
    ),
    "hundreds of merged areas": (
        lambda: in_sheet(
            b"</sheetData>",
            b"</sheetData><mergeCells>" + b'<mergeCell ref="A9:B9"/>' * 201 + b"</mergeCells>",
        ),
        422,
        "too_many_areas",
    ),
    "a number of texts that is no number to all": (
        lambda: repacked(
            GOOD,
            {"xl/sharedStrings.xml": swapped(b'uniqueCount="', 'uniqueCount="\N{SUPERSCRIPT TWO}'.encode())},
        ),
        422,
        "damaged_file",
    ),
    "billions of texts, it says": (
        lambda: repacked(GOOD, {"xl/sharedStrings.xml": swapped(b'uniqueCount="', b'uniqueCount="429496')}),
        422,
        "damaged_file",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused(case: str) -> None:
    make, status, code = CASES[case]
    body = make()
    assert len(body) < 2_000_000, "it comes as a small file"
    began = perf_counter()
    with pytest.raises(FileRefused) as refused:
        from_xlsx(body, Vocabulary())
    answer = as_refused(refused.value)
    assert (answer.status, answer.code) == (status, code), answer.detail
    assert answer.detail.endswith(".")
    assert perf_counter() - began < 3, "a bomb is left before it goes off"


POWER_QUERY = '<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="x">AAA</DataMashup>'.encode("utf-16")
COMMENT_DRAWING = b'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><br>unclosed</v:shape></xml>'
NEVER_READ = {
    "a Power Query in UTF-16": {"customXml/item1.xml": POWER_QUERY},
    "a comment drawing as Excel writes it": {"xl/drawings/vmlDrawing1.vml": COMMENT_DRAWING},
    "a document type": {"customXml/item1.xml": b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>'},
    "relations that are no XML": {"xl/worksheets/_rels/sheet1.xml.rels": b"<Relationships>"},
}


@pytest.mark.parametrize("case", NEVER_READ)
def test_a_part_that_is_never_read_is_left_alone(case: str) -> None:
    (row,) = from_xlsx(repacked(GOOD, more=NEVER_READ[case]), Vocabulary()).rows
    assert row.figure is not None


def test_two_directories_in_one_file_hide_nothing() -> None:
    """What is read is what was looked through, whichever directory another program would find."""
    hidden = in_sheet(b"</sheetData>", FAR)
    comment = GOOD + hidden
    with pytest.raises(FileRefused):
        from_xlsx(comment, Vocabulary())


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        (lambda: in_sheet(b'<dimension ref="A1:C2"/>', b'<dimension ref="A1:XFD1048576"/>'), 1),
        (
            lambda: in_sheet(
                b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
            ),
            1,
        ),
        (lambda: repacked(GOOD, without=["docProps/core.xml", "docProps/app.xml", "xl/theme/theme1.xml"]), 1),
    ],
)
def test_what_looks_odd_and_is_not(change: Callable[[], bytes], rows: int) -> None:
    assert [row.figure is not None for row in from_xlsx(change(), Vocabulary()).rows] == [True] * rows


def test_a_bomb_takes_little_memory() -> None:
    """In a process of its own, as peaks are told for the whole of one."""
    program = (
        "import resource, sys\n"
        "from tests.files.test_guard import bomb, FileRefused, guarded\n"
        "body = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    guarded(body)\nexcept FileRefused as error:\n    print(error.code)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=bomb(300_000_000), capture_output=True, check=True
    )
    code, kilobytes = run.stdout.decode().split()
    assert code == "packed_too_tightly"
    assert int(kilobytes) < 20_000


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_changed_byte_does_more_than_be_refused(data: st.DataObject) -> None:
    body = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    _read_or_refused(bytes(body))


NAMES = tuple(zipfile.ZipFile(BytesIO(GOOD)).namelist())


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nor_does_one_inside_a_part(data: st.DataObject) -> None:
    """Which gets past the checksums."""

    def change(content: bytes) -> bytes:
        at = data.draw(st.integers(0, len(content) - 1))
        cut = data.draw(st.integers(0, 12))
        return (
            content[:at]
            + data.draw(st.binary(max_size=6) | st.sampled_from([b"9" * 12, b"<c/>", b"<v>"]))
            + content[at + cut :]
        )

    _read_or_refused(repacked(GOOD, {data.draw(st.sampled_from(NAMES)): change}))


def _read_or_refused(body: bytes) -> Any:
    try:
        return from_xlsx(body, Vocabulary())
    except (FileRefused, RuleBroken) as error:
        return error


def test_the_limits_are_those_of_the_contract() -> None:
    limits = guard.WORKBOOK_LIMITS
    assert (limits.most_entries, limits.most_unpacked) == (100, 60_000_000)
    assert "xl/workbook.xml" in guarded(GOOD)
