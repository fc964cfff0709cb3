"""Kinds of file that are stored as evidence, by media type and by the ending of their names."""

from enum import StrEnum

from app.domain.errors import FileRefused


class FileKind(StrEnum):
    """Each by its media type."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    CSV = "text/csv"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    FileKind.PDF: "a PDF",
    FileKind.PNG: "a PNG picture",
    FileKind.JPEG: "a JPEG picture",
    FileKind.XLSX: "an Excel workbook",
    FileKind.DOCX: "a Word document",
    FileKind.CSV: "CSV text",
}
_ENDINGS = {
    "pdf": FileKind.PDF,
    "png": FileKind.PNG,
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "xlsx": FileKind.XLSX,
    "docx": FileKind.DOCX,
    "csv": FileKind.CSV,
}
TAKEN = "PDF, PNG, JPEG, .xlsx, .docx and CSV files are taken"
_WITH_MACROS = {"xlsm": ".xlsx", "xltm": ".xlsx", "xlsb": ".xlsx", "docm": ".docx", "dotm": ".docx"}
_OLD = {"xls": ".xlsx", "doc": ".docx"}
_ARCHIVES = {"zip", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz", "zst", "cab", "iso", "jar"}
ARCHIVE = "Archives are not taken. Send the files in it one by one."


def kind_of_name(name: str) -> FileKind:
    """Kind that the ending of a file's name says; raises FileRefused for one that is not taken."""
    ending = _ending(name)
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    if ending in _WITH_MACROS:
        text = f"Files with macros are not taken. Save it as “{_WITH_MACROS[ending]}” without them and send that."
        raise FileRefused("macro", text)
    if ending in _OLD:
        raise FileRefused("old_format", f"This is an old format. Save it as “{_OLD[ending]}” and send that.")
    if ending in _ARCHIVES:
        raise FileRefused("archive", ARCHIVE)
    if not ending:
        raise FileRefused("kind_not_taken", f"The name has no ending such as .pdf. {TAKEN}.")
    raise FileRefused("kind_not_taken", f"Files ending in “.{ending[:20]}” are not taken. {TAKEN}.")


def require_media_type(name: str, media_type: str) -> None:
    """Requires that a file's name says the kind that the file is; raises FileRefused."""
    kind = FileKind(media_type)
    if kind_of_name(name) is not kind:
        raise not_what_it_says(name, kind)


def not_what_it_says(name: str, kind: FileKind) -> FileRefused:
    text = f"The name ends in “.{_ending(name)}”, and the file is {kind.words}. Give it the ending of what it is."
    return FileRefused("not_what_it_says", text)


def _ending(name: str) -> str:
    """The ending in small letters, without its dot; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
