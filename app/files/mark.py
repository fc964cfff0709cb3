"""Marks and words of published tables, and the column and word that they stand for."""

import re

from app.domain.figures.figure import FigureStatus, Missing, Qualifier

NO_VALUE = {
    "n/a": "not_collected",
    "na": "not_collected",
    "n.a.": "not_collected",
    "n.a": "not_collected",
    "#n/a": "not_collected",
    "no data": "not_collected",
    "not recorded": "not_collected",
    "not measured": "not_collected",
    "not asked": "not_collected",
    "nr": "not_collected",
    "n/r": "not_collected",
    "unknown": "not_available",
    "not known": "not_available",
    "n/k": "not_available",
    "nk": "not_available",
    "nd": "not_available",
    "n/d": "not_available",
    "don't know": "not_available",
    "null": "not_available",
    "blank": "not_available",
    "..": "not_available",
    "...": "not_available",
    "…": "not_available",
    ":": "not_available",
    "?": "not_available",
    "tbc": "awaited",
    "tba": "awaited",
    "tbd": "awaited",
    "pending": "awaited",
    "to follow": "awaited",
    "awaiting": "awaited",
    "awaiting data": "awaited",
    "outstanding": "awaited",
    "not yet available": "awaited",
    "[x]": "not_available",
    "[c]": "confidential",
    "[z]": "not_applicable",
    "x": "not_available",
    "*": "confidential",
    "**": "confidential",
    "***": "confidential",
    "c": "confidential",
    "supp": "confidential",
    "supp.": "confidential",
    "suppressed": "confidential",
    "withheld": "confidential",
    "redacted": "confidential",
    "z": "not_applicable",
}
"""Texts that people write where there is no number, and the missing reason that is likely meant."""
REASONS = frozenset(Missing)
NIL = frozenset({"nil", "nil.", "zero", "nought", "nil return"})
LOW = frozenset({"[low]", "low"})
"""A number too small to show."""
NIL_OR_MISSING = frozenset({"-", "–", "—", "--", "none"})
"""Nil in some tables, no number in others."""
STATUSES = {
    "p": "provisional",
    "prov": "provisional",
    "provisional": "provisional",
    "e": "estimated",
    "est": "estimated",
    "estimate": "estimated",
    "estimated": "estimated",
    "f": "forecast",
    "forecast": "forecast",
    "final": "final",
}
REVISED = frozenset({"r", "rev", "revised"})
QUALIFIERS = {
    "<": "under",
    "≤": "under",
    "<=": "under",
    "=<": "under",
    "⩽": "under",
    "less than": "under",
    "fewer than": "under",
    "under": "under",
    "below": "under",
    "up to": "under",
    "at most": "under",
    "no more than": "under",
    "not more than": "under",
    "maximum": "under",
    "max": "under",
    "max.": "under",
    ">": "over",
    "≥": "over",
    ">=": "over",
    "=>": "over",
    "⩾": "over",
    "more than": "over",
    "greater than": "over",
    "over": "over",
    "above": "over",
    "at least": "over",
    "no less than": "over",
    "no fewer than": "over",
    "not less than": "over",
    "not fewer than": "over",
    "minimum": "over",
    "min": "over",
    "min.": "over",
    "~": "about",
    "≈": "about",
    "c": "about",
    "c.": "about",
    "ca": "about",
    "ca.": "about",
    "circa": "about",
    "about": "about",
    "around": "about",
    "roughly": "about",
    "nearly": "about",
    "almost": "about",
    "approx": "about",
    "approx.": "about",
    "approximately": "about",
}
WORDS = {
    "status": frozenset(FigureStatus),
    "qualifier": frozenset(Qualifier),
    "missing": frozenset(Missing),
    "margin_of": frozenset({"wave", "difference"}),
}
"""By column: the words it may have."""
TAKEN_WORDS = {
    "status": {
        "[p]": "provisional",
        "p": "provisional",
        "prov": "provisional",
        "prov.": "provisional",
        "[e]": "estimated",
        "e": "estimated",
        "est": "estimated",
        "est.": "estimated",
        "estimate": "estimated",
        "[f]": "forecast",
    },
    "qualifier": {
        "<": "under",
        ">": "over",
        "~": "about",
        "c.": "about",
        "circa": "about",
        "approx": "about",
    },
    "missing": {"[x]": "not_available", "[c]": "confidential", "[z]": "not_applicable"},
    "margin_of": {},
}
"""By column with fixed words: other ways of writing them that can mean nothing else."""
SUGGESTED_WORDS = {
    "status": {"actual": "final", "[r]": "final", "r": "final", "revised": "final", "draft": "provisional"},
    "qualifier": {**QUALIFIERS, "=": "exact"},
    "missing": NO_VALUE,
    "margin_of": {},
}
"""Ways that leave something open: which word to write is suggested."""
RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᵖʳ"


def status_of(mark: str) -> str | None:
    """The status that a mark beside a number stands for: [p], (p), p."""
    return STATUSES.get(re.sub(r"[\[\]().]", "", mark.casefold()))


def is_revised(mark: str) -> bool:
    return re.sub(r"[\[\]().]", "", mark.casefold()) in REVISED
