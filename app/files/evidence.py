"""Checks by its content that a file of evidence is what its name says, and holds no macro, archive or other file.

Nothing is read out of it: the checks are those of the file's frame, and never parse what they do not have to.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NoReturn
from zipfile import ZipFile, is_zipfile

from app.domain.errors import FileRefused
from app.domain.record.file_kind import ARCHIVE, TAKEN, FileKind, kind_of_name, not_what_it_says
from app.files.guard import (
    BROKEN,
    ENCRYPTED,
    OLE,
    Limits,
    Parts,
    check_contents,
    check_entries,
    damaged,
    has_macros,
    open_archive,
)

LIMITS = Limits("file", 1_000, 100_000_000, "Save it as a PDF and send that.")
MAIN_PARTS = {FileKind.XLSX: "xl/workbook.xml", FileKind.DOCX: "word/document.xml"}
ZIP = b"PK\x03\x04"
PNG = b"\x89PNG\r\n\x1a\n"
ARCHIVES = (
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
)
"""First bytes of gzip, 7-Zip, RAR, bzip2, xz, Zstandard and cabinet files."""
TAR, TAR_AT = b"ustar", 257
EMBEDDED = re.compile(r"(xl|word)/(embeddings|activex)/")
OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")
OLE_FILE = "\x01Ole10Native".encode("utf-16-le")
"""Names inside an embedded object: of macros, and of any file that was put into a document."""
PDF_PROGRAM = re.compile(rb"/(JavaScript|Launch|XFA|RichMedia|EmbeddedFiles?)(?![A-Za-z])")
PDF_ENCRYPTED = re.compile(rb"/Encrypt\s*(<<|\d+\s+\d+\s+R)")
"""How the end of an encrypted PDF names its encryption, which is never packed."""
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
"""A character of a PDF name by its number."""
PDF_OBJECTS = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
PDF_TAIL = 2_048
"""Bytes at the end of a PDF among which its last line stands."""
MOST_OBJECTS = 20_000_000
"""Most bytes that the packed objects of a PDF may unpack to."""
CONTROLS = re.compile(rb"[\0-\x08\x0b\x0e-\x1f\x7f]")
MARKUP = re.compile(rb"\s*(<(!|\?|html|script|svg)|\{\\rtf)", re.IGNORECASE)


def require_content(name: str, body: bytes) -> FileKind:
    """Requires that the content is what the name says and may be stored; returns its kind or raises FileRefused."""
    kind = kind_of_name(name)
    actual = _kind_of(body)
    if actual is not kind:
        raise not_what_it_says(name, actual)
    if kind in MAIN_PARTS:
        _check_office_file(body)
        return kind
    if is_zipfile(BytesIO(body)):
        raise FileRefused("archive", f"There is an archive at the end of the file. {ARCHIVE}")
    if kind is FileKind.PDF:
        _check_pdf(body)
    elif kind is FileKind.PNG:
        _check_png(body)
    elif kind is FileKind.JPEG and b"\xff\xd9" not in body[-PDF_TAIL:]:
        raise damaged()
    return kind


def _kind_of(body: bytes) -> FileKind:
    """Kind by the content; raises FileRefused for one that is not taken."""
    if body.startswith(b"%PDF-"):
        return FileKind.PDF
    if body.startswith(PNG):
        return FileKind.PNG
    if body.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if body.startswith(ZIP):
        return _kind_of_package(body)
    if body.startswith(OLE):
        _refuse_old_office_file(body)
    if body.startswith(ARCHIVES) or body[TAR_AT:].startswith(TAR):
        raise FileRefused("archive", ARCHIVE)
    if CONTROLS.search(body) or MARKUP.match(body) or not _is_text(body):
        raise FileRefused("kind_not_taken", f"The content is of no kind that is taken. {TAKEN}.")
    return FileKind.CSV


def _is_text(body: bytes) -> bool:
    """Whether it is text in UTF-8, or as older Windows programs write it."""
    for encoding in ("utf-8", "cp1252"):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _refuse_old_office_file(body: bytes) -> NoReturn:
    if ENCRYPTED in body:
        text = "The file is protected by a password. Save it without one and send that."
        raise FileRefused("encrypted", text)
    raise FileRefused("old_format", "This is an old Office file. Save it as .xlsx or .docx and send that.")


def _kind_of_package(body: bytes) -> FileKind:
    parts = Parts(open_archive(body))
    if "[Content_Types].xml" in parts:
        for kind, main_part in MAIN_PARTS.items():
            if main_part in parts:
                return kind
    raise FileRefused("archive", ARCHIVE)


def _check_office_file(body: bytes, *, is_embedded: bool = False) -> None:
    archive = open_archive(body)
    check_entries(archive, LIMITS)
    try:
        check_contents(archive, len(body), LIMITS)
    except BROKEN as error:
        raise damaged() from error
    if has_macros(archive, Parts(archive)):
        raise FileRefused("macro", "The file has macros in it. Save it without them and send that.")
    for content in _embedded_files(archive):
        _check_embedded(content, is_embedded=is_embedded)


def _embedded_files(archive: ZipFile) -> Iterator[bytes]:
    """Contents of the files that were put into a document; its parts are counted and checked before."""
    for entry in archive.infolist():
        if EMBEDDED.match(entry.filename.lower()) and not entry.is_dir():
            yield archive.read(entry)


def _check_embedded(content: bytes, *, is_embedded: bool) -> None:
    """Takes the workbook behind a chart, and objects such as formulas; refuses macros and any other file."""
    if content.startswith(ZIP) and not is_embedded:
        _kind_of_package(content)
        _check_office_file(content, is_embedded=True)
    elif OLE_MACROS in content:
        raise FileRefused("macro", "A file inside this one has macros in it. Take it out and send that.")
    elif content.startswith((ZIP, *ARCHIVES)) or OLE_FILE in content:
        text = "There are other files inside this one. Take them out, and send each by itself."
        raise FileRefused("file_inside", text)


def _check_pdf(body: bytes) -> None:
    if b"%%EOF" not in body[-PDF_TAIL:]:
        raise damaged()
    # What is in it could not be checked, even where it opens without the password.
    if PDF_ENCRYPTED.search(_plain_names(body)):
        text = "The PDF is protected by a password. Save it without one, or print it to a new PDF, and send that."
        raise FileRefused("encrypted", text)
    for packed in (body, *_packed_objects(body)):
        names = _plain_names(packed)
        if (name := PDF_PROGRAM.search(names)) is not None:
            _refuse_program(name[1])


def _plain_names(text: bytes) -> bytes:
    """A PDF's text with the characters in place of their numbers."""
    return PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text) if b"#" in text else text


def _refuse_program(name: bytes) -> NoReturn:
    if name.startswith(b"Embedded"):
        text = "There are other files inside this PDF. Take them out, and send each by itself."
        raise FileRefused("file_inside", text)
    text = "The PDF has a program in it, which is like a macro. Print it to a new PDF and send that."
    raise FileRefused("macro", text)


def _packed_objects(body: bytes) -> Iterator[bytes]:
    """Unpacks a PDF's packed objects, in which names stand that cannot be seen in the file; pages are not unpacked."""
    left = MOST_OBJECTS
    view = memoryview(body)
    for start in PDF_OBJECTS.finditer(body):
        try:
            text = zlib.decompressobj().decompress(view[start.end() :], left)
        except zlib.error:
            continue
        left -= len(text)
        if left <= 0:
            raise FileRefused(
                "unpacks_too_large", "The PDF unpacks to very many times its size.", "too_large"
            )
        yield text


def _check_png(body: bytes) -> None:
    """Follows the parts of the picture to its end: nothing may come after it."""
    position = len(PNG)
    while position + 12 <= len(body):
        kind = body[position + 4 : position + 8]
        position += 12 + int.from_bytes(body[position : position + 4], "big")
        if kind == b"IEND" and position == len(body):
            return
    raise damaged()
