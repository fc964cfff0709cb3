"""The rows of a return's form: what each shows, what of it changed, and what that sends."""

from collections.abc import Iterable
from typing import Any

from app.ui.kit.client import Json
from app.ui.kit.filters import plain
from app.ui.kit.forms import Form

NUMBERS = ("value", "numerator", "denominator")
FIELDS = (*NUMBERS, "missing", "expected_on", "status", "note", "reason")
SAYS = (*NUMBERS, "missing")
"""Any of these makes a row more than blank."""
KEPT = ("qualifier", "sample_size", "margin", "margin_level", "margin_of")
"""What a figure may say beyond the form: a change made here leaves it as it is."""
EMPTY = "Enter the figure, or say why there is none"


def key_of(item: Json) -> str:
    """What the names of a row's fields begin with."""
    return f"{item['indicator']}:{item['period']}"


def names_of(items: Iterable[Json]) -> dict[str, str]:
    """By field, the title of the indicator it is about."""
    return {f"{key_of(item)}.{name}": item["title"] for item in items for name in FIELDS}


def there(item: Json) -> dict[str, str]:
    """A row as it stands now."""
    shown = {name: plain(item.get(name)) for name in FIELDS}
    return {**shown, "status": item["status"] or "provisional", "note": item["note"], "reason": ""}


def standing(items: Iterable[Json], drafted: Iterable[Json] = ()) -> dict[str, Any]:
    """Values of the whole form: what is there, under what was drafted over it."""
    rows = {f"{row.get('indicator')}:{row.get('period')}": row for row in drafted}
    values: dict[str, Any] = {}
    for item in items:
        key = key_of(item)
        drawn = there(item) | {name: str(rows[key].get(name, "")) for name in FIELDS if key in rows}
        values |= {f"{key}.{name}": value for name, value in drawn.items()}
    return values


def typed(form: Form, item: Json) -> dict[str, str]:
    key = key_of(item)
    return {name: (form.text(f"{key}.{name}") or "").replace("\r\n", "\n") for name in FIELDS}


def is_blank(row: dict[str, str]) -> bool:
    return not any(row[name] for name in SAYS)


def is_changed(form: Form, item: Json) -> bool:
    """Whether it says something else than what is there; a reason alone changes nothing."""
    row, now = typed(form, item), there(item)
    if is_blank(row) and item["figure"] is None:
        return bool(row["note"])
    return any(row[name] != now[name].strip() for name in FIELDS if name != "reason")


def drafted(form: Form, items: Iterable[Json]) -> list[dict[str, str]]:
    """The rows worth keeping, as the API keeps them: by name of field, right or wrong."""
    return [
        {"indicator": item["indicator"], "period": item["period"], **typed(form, item)}
        for item in items
        if is_changed(form, item)
    ]


def row_to_send(form: Form, item: Json) -> Json:
    """A row as the API takes it; what is blank is left out, what is no number is blamed."""
    key, row = key_of(item), typed(form, item)
    if is_blank(row):
        form.add_error(f"{key}.value", EMPTY)
    sent: Json = {"indicator": item["indicator"], "period": item["figure_period"] or item["period"]}
    for name in NUMBERS if not _is_made_anew(row, item) else NUMBERS[1:]:
        number = form.number(f"{key}.{name}")
        if number is not None:
            sent[name] = number
    sent |= {name: row[name] for name in FIELDS if name not in NUMBERS and row[name]}
    kept = {} if "missing" in sent else {name: item[name] for name in KEPT if item[name] is not None}
    return {**kept, **sent}


def _is_made_anew(row: dict[str, str], item: Json) -> bool:
    """Whether its parts changed and the value they once made was left standing: they make another now."""
    now = there(item)
    parts = any(row[name] and row[name] != now[name] for name in NUMBERS[1:])
    return parts and row["value"] == now["value"]


def explain(sent: list[Json], rows: list[Json], fault: str = "errors") -> dict[str, list[str]]:
    """The API's messages of one kind by the field each is about; `sent` are the items, in the rows' order."""
    said: dict[str, list[str]] = {}
    for row in rows:
        key = key_of(sent[row["row"] - 1])
        for each in row[fault]:
            name = each["field"] if each["field"] in FIELDS else "value"
            said.setdefault(f"{key}.{name}", []).append(each["message"])
    return said
