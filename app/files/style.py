"""Reads from a workbook's styles how numbers are shown, and which text is struck through or raised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.files.guard import Parts
from app.files.workbook import STYLES, walk

PER_CENT_FORMATS = frozenset({"9", "10"})
"""Built-in formats with a per cent sign: 0% and 0.00%."""
MONTH_FORMATS = frozenset({"17"})
"""The built-in format mmm-yy."""
NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.')
"""Literal text in a number format: quoted, escaped, or a space or filling."""
POUNDS = re.compile(r'"?£|\[\$£')
BRACKETED = re.compile(r"\[[^\]]*\]")
SCALED = re.compile(r"[0#?],+(?![0#?,])")
"""Commas after the last digit: each shows a thousandth."""
QUOTED = re.compile(r'"([^"]*)"|\\(.)')
MARK = re.compile(r"[<>≤≥~≈*†‡§]|\[[a-z]\]|^ ?\(?[pre]\)?$", re.IGNORECASE)
HIDDEN_NUMBER = "The cell's number format hides it."
RAISED = frozenset({"superscript", "subscript"})


@dataclass(frozen=True, slots=True)
class Styles:
    """Numbers of the cell styles, as cells name them, that show a per cent sign, pounds, a month; or such fonts."""

    per_cent: frozenset[str] = frozenset()
    pounds: frozenset[str] = frozenset()
    month: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    otherwise: Mapping[str, str] = field(default_factory=dict)
    """By style that shows a number otherwise than it is: in words, how."""


@dataclass(slots=True)
class _Reader:
    formats: dict[str, str] = field(default_factory=dict)
    """Format text by its number."""
    fonts: list[set[str]] = field(default_factory=list)
    """By font: "struck", "raised"."""
    cell_styles: list[tuple[str, str]] = field(default_factory=list)
    """Format and font of each cell style."""
    inside: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.inside.append(tag)
        path = self.inside[-2:]
        if tag == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif path == ["fonts", "font"]:
            self.fonts.append(set())
        elif self.inside[-3:-1] == ["fonts", "font"] and self.fonts:
            self.fonts[-1].update(font_effects(tag, attributes))
        elif path == ["cellXfs", "xf"]:
            self.cell_styles.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "")))

    def end(self, _tag: str) -> None:
        self.inside.pop()


def font_effects(tag: str, attributes: Mapping[str, str]) -> set[str]:
    """The effects that a part of a font or a run gives its text: struck, raised."""
    if tag in ("strike", "dstrike") and attributes.get("val", "1") not in ("0", "false"):
        return {"struck"}
    if tag == "vertAlign" and attributes.get("val") in RAISED:
        return {"raised"}
    return set()


def read_styles(parts: Parts) -> Styles:
    if STYLES not in parts:
        return Styles()
    reader = _Reader()
    walk(parts, STYLES, reader.start, reader.end)
    fonts = {str(number): effects for number, effects in enumerate(reader.fonts)}
    by_format = {
        "per_cent": PER_CENT_FORMATS | {key for key, text in reader.formats.items() if _is_per_cent(text)},
        "pounds": {key for key, text in reader.formats.items() if POUNDS.search(text)},
        "month": MONTH_FORMATS | {key for key, text in reader.formats.items() if _is_month(text)},
    }
    numbered = [(str(number), style) for number, style in enumerate(reader.cell_styles)]
    return Styles(
        **{
            kind: frozenset(n for n, style in numbered if style[0] in keys)
            for kind, keys in by_format.items()
        },
        struck=frozenset(n for n, style in numbered if "struck" in fonts.get(style[1], ())),
        raised=frozenset(n for n, style in numbered if "raised" in fonts.get(style[1], ())),
        otherwise={
            n: how for n, style in numbered if (how := shown_otherwise(reader.formats.get(style[0], "")))
        },
    )


def shown_otherwise(format_code: str) -> str:
    """How a number format hides or changes what is stored; empty where it shows the number, rounded or not."""
    positive = format_code.partition(";")[0]
    if ";" in format_code and not positive.strip():
        return HIDDEN_NUMBER
    if SCALED.search(NOT_SHOWN.sub("", positive)):
        return "The cell's number format shows it in thousands or millions; the number itself was read."
    literals = ["".join(found) for found in QUOTED.findall(positive)]
    mark = next((each for each in literals if MARK.search(each)), None)
    return marked_number(mark) if mark is not None else ""


def marked_number(mark: str) -> str:
    return f"The cell's number format shows “{mark.strip()}” beside it, which was not read. Put it in “note”."


def _is_per_cent(format_code: str) -> bool:
    return "%" in NOT_SHOWN.sub("", format_code)


def _is_month(format_code: str) -> bool:
    """Whether a format shows a month and a year, and no day or time: mmm-yy, mmmm yyyy."""
    shown = BRACKETED.sub("", NOT_SHOWN.sub("", format_code.partition(";")[0])).casefold()
    return "mm" in shown and "yy" in shown and not set(shown) & set("dhs")
