"""A file of evidence is what its name says, by its content, or is refused with the rule and the way."""

import pytest

from app.domain.errors import FileRefused
from app.domain.record.file_kind import FileKind
from app.files.evidence import OLE_FILE, OLE_MACROS, require_content
from tests.files.evidence import OLE, archive, docx, jpeg, package, packed, pdf, png, xlsx

CSV = "area,count\nÉast,3\n"
TAKEN = [
    ("letter.pdf", pdf(), FileKind.PDF),
    ("about-passwords.pdf", pdf(b"1 0 obj(/Encrypt it)/EncryptMetadata true"), FileKind.PDF),
    ("letter.PDF", pdf(packed(b"1 0 <</Type/Page>>")), FileKind.PDF),
    ("a.b.png", png(), FileKind.PNG),
    ("photo.jpg", jpeg(), FileKind.JPEG),
    ("photo.jpeg", jpeg(), FileKind.JPEG),
    ("table.xlsx", xlsx(), FileKind.XLSX),
    ("chart.docx", docx(word__embeddings__Sheet1_dot_xlsx=xlsx()), FileKind.DOCX),
    ("formula.docx", docx(word__embeddings__oleObject1_dot_bin=OLE + b"Equation Native"), FileKind.DOCX),
    ("table.csv", CSV.encode(), FileKind.CSV),
    ("table.csv", CSV.encode("cp1252"), FileKind.CSV),
]
REFUSED = [
    # Not what the name says.
    ("letter.pdf", png(), "not_what_it_says"),
    ("photo.png", jpeg(), "not_what_it_says"),
    ("table.xlsx", docx(), "not_what_it_says"),
    ("table.csv", pdf(), "not_what_it_says"),
    ("letter.docx", CSV.encode(), "not_what_it_says"),
    ("letter.exe", pdf(), "kind_not_taken"),
    ("letter.pdf.html", pdf(), "kind_not_taken"),
    ("letter", pdf(), "kind_not_taken"),
    ("table.csv", b"MZ\x90\0\3", "kind_not_taken"),
    ("table.csv", b"<html><script>alert(1)</script>", "kind_not_taken"),
    ("table.csv", b"{\\rtf1 hello}", "kind_not_taken"),
    ("picture.png", b"<svg onload='alert(1)'/>", "kind_not_taken"),
    # Macros.
    ("table.xlsm", xlsx(), "macro"),
    ("table.xlsx", xlsx(xl__vbaProject_dot_bin=OLE), "macro"),
    ("letter.docx", docx(word__vbaProject_dot_bin=OLE), "macro"),
    ("letter.docx", package({"word/document.xml": b"<a/>"}, types=b"<Types>macroEnabled</Types>"), "macro"),
    ("table.xlsx", xlsx(xl__macrosheets__sheet1_dot_xml=b"<a/>"), "macro"),
    ("letter.docx", docx(word__embeddings__a_dot_xlsx=xlsx(xl__vbaProject_dot_bin=OLE)), "macro"),
    ("letter.docx", docx(word__embeddings__a_dot_bin=OLE + OLE_MACROS), "macro"),
    ("letter.pdf", pdf(b"1 0 obj<</S/JavaScript/JS(app.alert(1))>>"), "macro"),
    ("letter.pdf", pdf(b"1 0 obj<</S/J#61vaScript/JS(app.alert(1))>>"), "macro"),
    ("letter.pdf", pdf(packed(b"1 0 <</S/JavaScript/JS(app.alert(1))>>")), "macro"),
    ("letter.pdf", pdf(b"1 0 obj<</S/Launch/F(a.exe)>>"), "macro"),
    ("form.pdf", pdf(b"1 0 obj<</AcroForm<</XFA[(template)2 0 R]>>>>"), "macro"),
    ("film.pdf", pdf(b"1 0 obj<</Subtype/RichMedia>>"), "macro"),
    # Archives and files inside.
    ("letter.zip", archive(), "archive"),
    ("letter.docx", archive(), "archive"),
    ("letter.pdf", archive(), "archive"),
    ("letter.csv", b"\x1f\x8b\x08\0", "archive"),
    ("letter.csv", b"7z\xbc\xaf\x27\x1c", "archive"),
    ("letter.csv", b"a" * 257 + b"ustar", "archive"),
    ("letter.pdf", pdf() + archive(), "archive"),
    ("photo.jpg", jpeg() + archive(), "archive"),
    ("letter.docx", docx(word__embeddings__a_dot_zip=archive()), "archive"),
    (
        "letter.docx",
        docx(word__embeddings__a_dot_docx=docx(word__embeddings__b_dot_docx=docx())),
        "file_inside",
    ),
    ("letter.docx", docx(word__embeddings__a_dot_bin=OLE + OLE_FILE), "file_inside"),
    ("letter.pdf", pdf(b"1 0 obj<</EmbeddedFiles 2 0 R>>"), "file_inside"),
    # Bombs, and files that are damaged.
    ("table.xlsx", xlsx(xl__a_dot_xml=b"\0" * 30_000_000), "packed_too_tightly"),
    (
        "table.xlsx",
        package({"xl/workbook.xml": b"<a/>", **{f"p{n}": b"" for n in range(1_000)}}),
        "too_many_parts",
    ),
    ("table.xlsx", package({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "document_type"),
    ("letter.pdf", pdf(packed(b"0" * 30_000_000)), "unpacks_too_large"),
    ("letter.pdf", b"%PDF-1.7\n", "damaged_file"),
    ("picture.png", png()[:-4], "damaged_file"),
    ("picture.png", png() + b"more", "damaged_file"),
    ("photo.jpg", jpeg()[:-2], "damaged_file"),
    ("letter.doc", OLE, "old_format"),
    ("letter.docx", OLE + b"WordDocument", "old_format"),
    ("letter.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("letter.pdf", pdf(b"trailer<</Root 1 0 R/Encrypt 5 0 R>>"), "encrypted"),
    ("letter.pdf", pdf(b"trailer<</Encrypt<</Filter/Standard/V 2>>>>"), "encrypted"),
    ("letter.pdf", pdf(b"trailer<</#45ncrypt 5 0 R>>"), "encrypted"),
    ("letter.pdf", pdf(b"9 0 obj<</Type/XRef/Encrypt\n5 0 R/W[1 2 1]>>stream\n\nendstream"), "encrypted"),
]


@pytest.mark.parametrize(("name", "body", "kind"), TAKEN, ids=lambda each: str(each)[:30])
def test_what_is_taken(name: str, body: bytes, kind: FileKind) -> None:
    assert require_content(name, body) is kind


@pytest.mark.parametrize(("name", "body", "code"), REFUSED, ids=lambda each: str(each)[:30])
def test_what_is_refused(name: str, body: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as caught:
        require_content(name, body)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")
