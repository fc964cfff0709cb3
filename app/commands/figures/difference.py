"""In what a figure as sent differs from the one that stands, in words for whoever sent it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.day import day_words
from app.models.column import plain
from app.models.figures.figure import FigureValue

LABELS = {
    "sample_size": "sample size",
    "margin_level": "margin's level",
    "margin_of": "margin's kind",
    "missing": "missing reason",
    "expected_on": "promised date",
}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """ "its status would change from estimated to provisional", "its note would be taken away"."""
    return [
        f"its {LABELS.get(name, name)} would {_becomes(name, before[name], after[name])}"
        for name in FigureValue.model_fields
        if before[name] != after[name]
    ]


def why_it_changes(before: Mapping[str, Any], after: Mapping[str, Any], stored_words: str) -> str:
    """Asks for the reason. `stored_words` is what is there, in words: enough where nothing but the value changes."""
    found = differences(before, after)
    only_value = len(found) == 1 and before["value"] != after["value"]
    said = "" if only_value else f" {_sentence(found)}"
    return f"This figure is already here as {stored_words}.{said} Say in “reason” why it changes."


def _becomes(name: str, before: Any, after: Any) -> str:
    if before in (None, ""):
        return "be added" if name == "note" else f"become {_words(after)}"
    if after in (None, ""):
        return "be taken away"
    return "be another" if name == "note" else f"change from {_words(before)} to {_words(after)}"


def _words(value: Any) -> str:
    match value:
        case Decimal():
            return plain(value)
        case date():
            return day_words(value)
    return str(value).replace("_", " ")


def _sentence(found: list[str]) -> str:
    said = " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))
    return f"{said[:1].upper()}{said[1:]}."
