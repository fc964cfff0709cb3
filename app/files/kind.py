"""Names the kind of a file that is no table of figures: a PDF, a picture, a letter, an archive."""

from collections.abc import Collection

SEND = "Send the figures as an Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) or a CSV file."
PICTURE, ARCHIVE = "a picture", "an archive of packed files"
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"II*\0", PICTURE),
    (b"MM\0*", PICTURE),
    (b"{\\rtf", "a letter in rich text (.rtf)"),
    (b"\x1f\x8b", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"Rar!", ARCHIVE),
)
"""First bytes of files, and what they are."""
OLD_OFFICE: tuple[tuple[str, str], ...] = (
    ("WordDocument", "an old Word document (.doc)"),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt)"),
)
"""Names of streams in old Office files that are no workbooks."""
PACKED: tuple[tuple[str, str], ...] = (
    ("word/", "a Word document (.docx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("index/document.iwa", "an Apple Numbers or Pages document"),
)
"""Beginnings of the names of parts, in files packed as workbooks are."""
WEB_PAGES = (b"<!doctype html", b"<html")


def kind_of(body: bytes) -> str | None:
    """What a file is by its first bytes: "a PDF"; None where it may be a table of figures."""
    if body[4:12] in (b"ftypheic", b"ftypmif1") or (body[:4] == b"RIFF" and body[8:12] == b"WEBP"):
        return PICTURE
    if body[:2] == b"BM" and b"\0" in body[:30]:
        return PICTURE
    if body[:200].lstrip().lower().startswith(WEB_PAGES):
        return "a web page"
    return next((kind for start, kind in BEGINNINGS if body.startswith(start)), None)


def kind_of_old_office(body: bytes) -> str | None:
    """What an old Office file is; None for a workbook."""
    return next((kind for name, kind in OLD_OFFICE if name.encode("utf-16-le") in body), None)


def kind_of_archive(names: Collection[str]) -> str:
    """What a packed file is that is no workbook, by the names of its parts."""
    lower = [name.lower() for name in names]
    return next(
        (kind for start, kind in PACKED if any(name.startswith(start) for name in lower)),
        "a .zip archive",
    )


def not_a_table(kind: str) -> str:
    """Says what was sent, and what to send."""
    unpack = " Unpack it, and send the spreadsheet in it." if "archive" in kind else ""
    return f"This is {kind}.{unpack} {SEND}"
