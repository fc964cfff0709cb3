"""Checks that a workbook is safe before it is parsed: small when unpacked, well formed, and without macros.

Declared sizes are not trusted: bytes are counted as the parts are unpacked, piece by piece.
"""

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat

from app.domain.errors import FileRefused
from app.files.kind import SEND, kind_of, kind_of_archive, kind_of_old_office, not_a_table

TIGHTEST = 100
"""Multiple of its own size that a file may unpack to; a sheet of figures stays below 30."""
NO_END = 2**40
SMALL = 1_000_000
"""Bytes that may be packed as tightly as they like."""
PIECE = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an .xls file, and of a workbook under a password."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "Save it as “Excel Workbook (.xlsx)” and send that."
CONTENT_TYPES = "[content_types].xml"
WORKBOOK = "xl/workbook.xml"
MANIFEST = "META-INF/manifest.xml"
OPEN_DOCUMENT_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
MACROS = re.compile(r"vbaproject|/macrosheets/|^basic/.|^scripts/.")
"""Names of parts with macros, of Excel and of OpenDocument."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""Errors raised when an archive is broken or incomplete."""
ENCODING = "UTF-8"
"""Encoding that spreadsheet programs write. Another declared one is ignored, so that no two readers differ."""
PARSED = re.compile(
    r"(\[content_types\]|xl/workbook|xl/styles|xl/sharedstrings|(.*/)?worksheets/[^/]+)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|content\.xml|styles\.xml|word/document\.xml"
)
"""Parts that are parsed. The others are never looked into: their bytes are counted, whatever they hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what a file unpacks to, and the words of their refusals."""

    noun: str
    most_entries: int
    most_unpacked: int
    """In bytes."""
    way: str
    """How to send it otherwise."""


WORKBOOK_LIMITS = Limits("workbook", 100, 60_000_000, "Copy the figures into a new one.")


class Parts:
    """Parts of a checked workbook, by name without regard to case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {entry.filename.lower(): entry for entry in archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def pieces(self, name: str) -> Iterator[bytes]:
        return _pieces(self._archive, self._entries[name.lower()])


def guarded(body: bytes) -> Parts:
    """Parts of a workbook that is safe to parse; raises FileRefused, each with its own code, for any other."""
    archive = open_archive(body)
    _refuse_other_kinds(archive)
    check_entries(archive, WORKBOOK_LIMITS)
    parts = Parts(archive)
    try:
        _require_workbook(parts)
        _refuse_encrypted(parts)
        check_contents(archive, len(body), WORKBOOK_LIMITS)
    except BROKEN as error:
        raise damaged() from error
    if has_macros(archive, parts):
        raise FileRefused("macro", f"The workbook has macros in it. {SAVE_AS}")
    return parts


def open_archive(body: bytes) -> zipfile.ZipFile:
    if not body.startswith(b"PK\x03\x04"):
        raise _not_a_workbook(body)
    try:
        return zipfile.ZipFile(BytesIO(body))
    except BROKEN as error:
        raise damaged() from error


def _not_a_workbook(body: bytes) -> FileRefused:
    if body.startswith(OLE) and ENCRYPTED in body:
        return _encrypted()
    if body.startswith(OLE) and (kind := kind_of_old_office(body)):
        return FileRefused("not_a_spreadsheet", not_a_table(kind))
    if body.startswith(OLE):
        return FileRefused("xls_format", f"This is an old .xls workbook. {SAVE_AS}")
    if not body:
        return FileRefused("not_a_spreadsheet", f"The file is empty. {SEND}")
    if kind := kind_of(body):
        return FileRefused("not_a_spreadsheet", not_a_table(kind))
    if b"\0" not in body[:1_000]:
        text = "This is text, not an .xlsx workbook. If it is a CSV file, give it a name ending in .csv."
        return FileRefused("text_not_spreadsheet", text)
    return FileRefused("not_a_spreadsheet", f"This is not an .xlsx workbook. {SAVE_AS}")


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    """Refuses what is packed like a workbook and is none, before it is measured as one."""
    names = {entry.filename.lower() for entry in archive.infolist()}
    if not names & {WORKBOOK, "xl/workbook.bin", "content.xml"}:
        raise FileRefused("not_a_spreadsheet", not_a_table(kind_of_archive(names)))


def check_entries(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Checks number, names and packing of the parts; raises FileRefused."""
    entries = archive.infolist()
    if len(entries) > limits.most_entries:
        text = f"The {limits.noun} has {len(entries):,} parts; at most {limits.most_entries} are taken."
        raise FileRefused("too_many_parts", f"{text} {limits.way}", "too_large")
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in name.split("/"):
            text = "The file has a part that would be unpacked outside it, as no office program writes."
            raise FileRefused("part_outside", text)
        if entry.flag_bits & 0x1:
            raise _encrypted()
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged()
    if any(times > 1 for times in Counter(entry.filename.lower() for entry in entries).values()):
        raise damaged()


def _require_workbook(parts: Parts) -> None:
    """Requires an .xlsx workbook, and no other file that is packed in the same way."""
    if WORKBOOK in parts and CONTENT_TYPES in parts:
        return
    if "xl/workbook.bin" in parts:
        raise FileRefused("xlsb_format", f"This is a binary .xlsb workbook. {SAVE_AS}")
    if is_open_document(parts):
        if OPEN_DOCUMENT_SHEET in b"".join(parts.pieces("mimetype")):
            return
        raise FileRefused("ods_format", f"This is an OpenDocument file, and no spreadsheet (.ods). {SAVE_AS}")
    raise FileRefused("not_a_spreadsheet", f"This is not an .xlsx workbook. {SAVE_AS}")


def is_open_document(parts: Parts) -> bool:
    return "content.xml" in parts and "mimetype" in parts


def _refuse_encrypted(parts: Parts) -> None:
    """Refuses an OpenDocument file under a password, whose parts would seem to be damaged."""
    if MANIFEST in parts and b"encryption-data" in next(parts.pieces(MANIFEST), b""):
        raise _encrypted()


def check_contents(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Unpacks every part once, to count its bytes and to check its XML."""
    unpacked = 0
    for entry in archive.infolist():
        declared = entry.file_size
        # With a smaller declared size, unpacking would stop there; another program's might not.
        entry.file_size = NO_END
        before = unpacked
        check = _XmlCheck() if PARSED.fullmatch(entry.filename.lower()) else None
        for piece in _pieces(archive, entry):
            unpacked += len(piece)
            _check_size(unpacked, packed, limits)
            if check is not None:
                check.at(piece)
        entry.file_size = unpacked - before
        if entry.file_size != declared:
            raise damaged()
        if check is not None:
            check.end()


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while piece := part.read(PIECE):
            yield piece


def _check_size(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.most_unpacked:
        text = f"The {limits.noun} unpacks to more than {limits.most_unpacked // 1_000_000} MB. Split it."
        raise FileRefused("unpacks_too_large", text, "too_large")
    if unpacked > SMALL and unpacked > TIGHTEST * packed:
        text = f"The {limits.noun} unpacks to very many times its size, as none that people write does."
        raise FileRefused("packed_too_tightly", f"{text} {limits.way}", "too_large")


def has_macros(archive: zipfile.ZipFile, parts: Parts) -> bool:
    """Whether a part holds macros, by its name or by the declared types."""
    names = [entry.filename.lower() for entry in archive.infolist()]
    types = b"".join(parts.pieces(CONTENT_TYPES)) if CONTENT_TYPES in parts else b""
    return b"macroEnabled" in types or any(MACROS.search(name) for name in names)


class _XmlCheck:
    """Checks that XML is well formed and declares no document type or entity."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(ENCODING)
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.EntityDeclHandler = _refuse_doctype

    def at(self, piece: bytes) -> None:
        if b"\0" in piece:
            # UTF-16, which is recognised whatever encoding is asked for.
            raise damaged()
        self._parse(piece)

    def end(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise damaged() from error


def _refuse_doctype(*_arguments: object) -> None:
    text = "The file declares a document type or an entity, which no office program does. Save it anew."
    raise FileRefused("document_type", text)


def _encrypted() -> FileRefused:
    return FileRefused(
        "encrypted", "The workbook is protected by a password. Save it without one and send that."
    )


def damaged() -> FileRefused:
    return FileRefused("damaged_file", "The file is damaged. Open it, save it anew and send that.")
