"""Files of each kind that is taken as evidence, sound and otherwise."""

import zipfile
import zlib
from io import BytesIO

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
XML = b'<?xml version="1.0"?><document/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def packed(text: bytes) -> bytes:
    """Objects of a PDF as it packs them."""
    return (
        b"7 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n"
        + zlib.compress(text)
        + b"\nendstream"
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + crc


def png(more: bytes = b"") -> bytes:
    header = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0") + more)
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\1" * 50 + b"\xff\xd9"


def package(parts: dict[str, bytes], *, types: bytes = TYPES) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    """A Word document; further parts are named with `__` for a slash and `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return package({"word/document.xml": XML, **named})


def xlsx(**parts: bytes) -> bytes:
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return package({"xl/workbook.xml": XML, **named})


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("letter.pdf", pdf())
    return out.getvalue()
