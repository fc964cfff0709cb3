"""The rows of a return's form: their stored and typed text, whether they changed, and the rows to send."""

from collections.abc import Iterable
from typing import Any

from app.ui.kit.client import Json
from app.ui.kit.filters import plain
from app.ui.kit.form_words import form_words
from app.ui.kit.forms import Form

NUMBERS = ("value", "numerator", "denominator")
FIELDS = (*NUMBERS, "missing", "expected_on", "status", "qualifier", "note", "reason")
ANSWER_FIELDS = (*NUMBERS, "missing")
"""A row in which all of these are blank counts as blank."""
PRESERVED_FIELDS = ("qualifier", "sample_size", "margin", "margin_level", "margin_of")
"""Fields of a figure that stay as stored where a change made on the form does not name them."""
EMPTY_ROW = "Enter the figure, or say why there is none"


def key_of(owed_figure: Json) -> str:
    """Prefix of the names of a row's fields: "indicator:period"."""
    return f"{owed_figure['indicator']}:{owed_figure['period']}"


def names_of(owed_figures: Iterable[Json]) -> dict[str, str]:
    """The indicator's title by field name."""
    return {f"{key_of(each)}.{name}": each["title"] for each in owed_figures for name in FIELDS}


def stored_row(owed_figure: Json) -> dict[str, str]:
    """A row as the form shows what is stored."""
    row = {name: plain(owed_figure.get(name)) for name in FIELDS}
    status = owed_figure["status"] or "provisional"
    qualifier = owed_figure["qualifier"] or "exact"
    return {**row, "status": status, "qualifier": qualifier, "note": owed_figure["note"], "reason": ""}


def form_values(owed_figures: Iterable[Json], drafts: Iterable[Json] = ()) -> dict[str, Any]:
    """Values of the form: the stored rows, replaced by drafted ones where there are any."""
    rows = {f"{row.get('indicator')}:{row.get('period')}": row for row in drafts}
    values: dict[str, Any] = {}
    for owed_figure in owed_figures:
        key = key_of(owed_figure)
        row = stored_row(owed_figure) | _drafted(rows.get(key, {}))
        values |= {f"{key}.{name}": text for name, text in row.items()}
    return values


def _drafted(row: Json) -> dict[str, str]:
    """A draft's texts by field; a field that an earlier form did not have is left out."""
    return {name: str(row.get(name, "")) for name in FIELDS if row and (name in row or name != "qualifier")}


def typed_row(form: Form, owed_figure: Json) -> dict[str, str]:
    key = key_of(owed_figure)
    return {name: (form.text(f"{key}.{name}") or "").replace("\r\n", "\n") for name in FIELDS}


def is_blank(row: dict[str, str]) -> bool:
    return not any(row[name] for name in ANSWER_FIELDS)


def is_changed(form: Form, owed_figure: Json) -> bool:
    """Whether the row differs from what is stored; a reason alone is no change."""
    row, now = typed_row(form, owed_figure), stored_row(owed_figure)
    if is_blank(row) and owed_figure["figure"] is None:
        return bool(row["note"])
    return any(row[name] != now[name].strip() for name in FIELDS if name != "reason")


def draft_rows(form: Form, owed_figures: Iterable[Json]) -> list[dict[str, str]]:
    """The changed rows for the API's draft, as typed, valid or not."""
    return [
        {"indicator": each["indicator"], "period": each["period"], **typed_row(form, each)}
        for each in owed_figures
        if is_changed(form, each)
    ]


def row_to_read(form: Form, owed_figure: Json) -> dict[str, str]:
    """The row's texts for the API to read, without blank fields."""
    row = typed_row(form, owed_figure)
    left_out = ("value",) if _is_recalculated(row, owed_figure) else ()
    return {
        "indicator": owed_figure["indicator"],
        "period": owed_figure["figure_period"] or owed_figure["period"],
        **{name: text for name, text in row.items() if text and name not in left_out},
    }


def row_to_send(reading: Json, owed_figure: Json) -> Json:
    """The figure that the API read, with the stored fields that the form does not have."""
    figure: Json = reading["figure"] or {}
    if "missing" in figure:
        return figure
    preserved = {name: owed_figure[name] for name in PRESERVED_FIELDS if owed_figure[name] is not None}
    return {**preserved, **figure}


def _is_recalculated(row: dict[str, str], owed_figure: Json) -> bool:
    """Whether numerator or denominator changed and the value did not: the API then calculates the value."""
    now = stored_row(owed_figure)
    parts = any(row[name] and row[name] != now[name] for name in NUMBERS[1:])
    return parts and row["value"] == now["value"]


def messages_by_field(
    owed_figures: list[Json], rows: list[Json], kind: str = "errors"
) -> dict[str, list[str]]:
    """The API's messages by form field; `kind` is "errors" or "warnings". `owed_figures` are in the rows' order."""
    messages: dict[str, list[str]] = {}
    for row in rows:
        key = key_of(owed_figures[row["row"] - 1])
        for finding in row[kind]:
            name = finding["field"] if finding["field"] in FIELDS else "value"
            messages.setdefault(f"{key}.{name}", []).append(form_words(finding["message"]))
    return messages
