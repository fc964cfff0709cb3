"""A file of another kind is told what it is, and what to send instead."""

import zipfile
from io import BytesIO

import pytest

from app.domain.errors import FileRefused
from app.files.csv_file import from_csv
from app.files.guard import OLE, guarded
from app.files.kind import SEND
from app.files.vocabulary import Vocabulary


def packed(*names: str) -> bytes:
    body = BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in names:
            archive.writestr(name, b"<a/>")
    return body.getvalue()


AS_CSV = [
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    (b"%PDF-1.4 plain text alone", "a PDF"),
    (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
    (b"GIF89a\x01\0", "a picture"),
    (b"BM\x36\0\0\0\0\0", "a picture"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "a picture"),
    (b"\0\0\0\x18ftypheic", "a picture"),
    (b"{\\rtf1\\ansi", "a letter in rich text (.rtf)"),
    (b"<!DOCTYPE html><html>", "a web page"),
    (b"\x1f\x8b\x08\0", "an archive of packed files"),
]
AS_WORKBOOK = [
    (packed("[Content_Types].xml", "word/document.xml"), "a Word document (.docx)"),
    (packed("[Content_Types].xml", "ppt/presentation.xml"), "a PowerPoint presentation (.pptx)"),
    (packed("Index/Document.iwa"), "an Apple Numbers or Pages document"),
    (packed("q2.csv"), "a .zip archive"),
    (packed(*(f"photo-{number}.jpg" for number in range(150))), "a .zip archive"),
    (OLE + "WordDocument".encode("utf-16-le"), "an old Word document (.doc)"),
    (OLE + "PowerPoint Document".encode("utf-16-le"), "an old PowerPoint presentation (.ppt)"),
]


@pytest.mark.parametrize(("body", "kind"), AS_CSV)
def test_what_is_sent_as_csv(body: bytes, kind: str) -> None:
    with pytest.raises(FileRefused) as refused:
        from_csv(body, Vocabulary())
    assert refused.value.code == "not_a_spreadsheet"
    assert refused.value.message.startswith(f"This is {kind}.")
    assert refused.value.message.endswith(SEND)


@pytest.mark.parametrize(("body", "kind"), [*AS_WORKBOOK, *AS_CSV])
def test_what_is_sent_as_a_workbook(body: bytes, kind: str) -> None:
    with pytest.raises(FileRefused) as refused:
        guarded(body)
    assert refused.value.code == "not_a_spreadsheet"
    assert refused.value.message.startswith(f"This is {kind}.")
    assert refused.value.message.endswith(SEND)
    assert ("Unpack it" in refused.value.message) == ("archive" in kind)


@pytest.mark.parametrize("text", ["BMI,period\n", "indicator,period,value\n", "II,1\n"])
def test_a_table_is_no_other_kind(text: str) -> None:
    with pytest.raises(Exception, match=r"^(?!This is)"):
        from_csv(text.encode() + b'"', Vocabulary())
