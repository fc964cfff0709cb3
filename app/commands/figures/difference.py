"""Words for the differences between a sent figure and the stored one."""

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


def ask_reason(before: Mapping[str, Any], after: Mapping[str, Any], stored_words: str) -> str:
    """Asks for the reason of a change. `stored_words` tell the stored value: enough where nothing else changes."""
    changes = differences(before, after)
    only_value = len(changes) == 1 and before["value"] != after["value"]
    others = "" if only_value else f" {_sentence(changes)}"
    return f"This figure is already here as {stored_words}.{others} Say in “reason” why it changes."


def _becomes(name: str, before: Any, after: Any) -> str:
    if before in (None, ""):
        return "be added" if name == "note" else f"become {_value_words(after)}"
    if after in (None, ""):
        return "be taken away"
    return "be another" if name == "note" else f"change from {_value_words(before)} to {_value_words(after)}"


def _value_words(value: Any) -> str:
    match value:
        case Decimal():
            return plain(value)
        case date():
            return day_words(value)
    return str(value).replace("_", " ")


def _sentence(changes: list[str]) -> str:
    text = " and ".join(filter(None, (", ".join(changes[:-1]), changes[-1])))
    return f"{text[:1].upper()}{text[1:]}."
