"""Reads texts of a workbook of which a part is raised, lowered or struck through, as a footnote mark is."""

from collections.abc import Mapping
from contextlib import suppress

from app.domain.errors import FileRefused
from app.files.cell import RichText
from app.files.guard import Parts
from app.files.style import font_effects
from app.files.workbook import STRINGS, walk

EFFECT_NAMES = (b"vertAlign", b"strike", b"dstrike")
MOST_CHARACTERS = 2_000_000
"""Characters of such texts in all: a sheet of figures has few."""


class RunReader:
    """Collects the runs of one text; `text` is None where they all look alike."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, str]] = []
        self._effects: set[str] = set()
        self._in_text = False
        self._in_phonetic = False
        self._piece = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "r":
            self._effects = set()
        elif tag == "rPh":
            self._in_phonetic = True
        elif tag == "t":
            self._in_text, self._piece = not self._in_phonetic, ""
        else:
            self._effects |= font_effects(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self._in_phonetic = False
        elif tag == "t" and self._in_text:
            self._in_text = False
            effect = "struck" if "struck" in self._effects else "raised" if self._effects else ""
            self._runs.append((effect, self._piece))

    def text(self, text: str) -> None:
        if self._in_text:
            self._piece += text

    @property
    def rich_text(self) -> RichText | None:
        """The text by its parts; None where nothing in it is raised or struck through."""
        by_effect = {"": "", "raised": "", "struck": ""}
        for effect, piece in self._runs:
            by_effect[effect] += piece
        if not by_effect["raised"].strip() and not by_effect["struck"].strip():
            return None
        return RichText(plain=by_effect[""], raised=by_effect["raised"], struck=by_effect["struck"])

    @property
    def whole(self) -> str:
        return "".join(piece for _, piece in self._runs)


def shared_rich_texts(parts: Parts) -> dict[str, RichText]:
    """The rich texts among the shared ones, by number as cells name them."""
    texts: dict[str, RichText] = {}
    if not _may_be_rich(parts):
        return texts
    reader = RunReader()
    number, length = -1, 0

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal reader, number
        if tag == "si":
            reader, number = RunReader(), number + 1
        reader.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal length
        reader.end(tag)
        if tag == "si" and (text := reader.rich_text):
            texts[str(number)] = text
            length += len(text.plain) + len(text.raised) + len(text.struck)
            if length > MOST_CHARACTERS:
                raise _too_many()

    walk(parts, STRINGS, start, end, lambda piece: reader.text(piece))
    return texts


def _may_be_rich(parts: Parts) -> bool:
    """Whether the shared texts name one of the effects at all: most do not, and need no closer look."""
    before = b""
    for piece in parts.pieces(STRINGS) if STRINGS in parts else ():
        if any(name in before + piece for name in EFFECT_NAMES):
            return True
        before = piece[-len(max(EFFECT_NAMES, key=len)) :]
    return False


def _too_many() -> FileRefused:
    text = "The workbook has very many texts that are partly raised or struck through."
    return FileRefused("too_many_rich_texts", f"{text} Copy the figures into a new one.", "too_large")


class _Enough(Exception):
    """Raised to end the reading of a part."""


def shared_texts(parts: Parts, numbers: frozenset[str]) -> dict[str, str]:
    """The shared texts of these numbers."""
    last = max((int(number) for number in numbers if number.isdecimal() and len(number) < 10), default=-1)
    texts: dict[str, str] = {}
    if STRINGS not in parts or not numbers:
        return texts
    reader = RunReader()
    number = -1

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal reader, number
        if tag == "si":
            reader, number = RunReader(), number + 1
        if number > last:
            raise _Enough
        reader.start(tag, attributes)

    def end(tag: str) -> None:
        reader.end(tag)
        if tag == "si" and str(number) in numbers:
            texts[str(number)] = reader.whole

    with suppress(_Enough):
        walk(parts, STRINGS, start, end, lambda piece: reader.text(piece))
    return texts
