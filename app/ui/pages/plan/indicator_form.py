"""The values of each form of an indicator, its texts for the API to read, and the patch made from the form."""

from typing import Any

from app.ui.kit.client import Json
from app.ui.kit.filters import plain
from app.ui.kit.forms import Form

PERIOD_WORDS = "2017-18-Q2"


def _with_plain_line_ends(text: Any) -> str:
    """Text with LF line ends, as stored: browsers send those of a text box as CR LF."""
    return str(text or "").replace("\r\n", "\n")


def definition_values(indicator: Json) -> dict[str, Any]:
    return {
        "title": indicator["title"],
        "definition": indicator["definition"],
        "note": indicator["note"],
        "publication_lag_days": plain(indicator["publication_lag_days"]),
        "tolerance": plain(indicator["tolerance"]),
        "reporting_sensitive": ["yes"] if indicator["reporting_sensitive"] else [],
        "paired_with": (indicator["paired_with"] or {}).get("code", ""),
        "retired_reason": indicator["retired_reason"],
    }


def definition_texts(form: Form) -> Json:
    return {name: str(form[name]) for name in ("publication_lag_days", "tolerance")}


def definition_patch(form: Form, fields: Json) -> Json:
    if not form.text("title"):
        form.add_error("title", "Enter a title")
    return {
        "title": form.text("title"),
        "definition": _with_plain_line_ends(form["definition"]),
        "note": _with_plain_line_ends(form["note"]),
        "publication_lag_days": fields.get("publication_lag_days", 0),
        "tolerance": fields.get("tolerance"),
        "reporting_sensitive": "yes" in form.several("reporting_sensitive"),
        "paired_with": form.text("paired_with"),
        "retired_reason": _with_plain_line_ends(form["retired_reason"]),
    }


def baseline_values(indicator: Json) -> dict[str, Any]:
    baseline = indicator["baseline"]
    year = baseline["kind"] == "baseline_year"
    return {
        "kind": baseline["kind"],
        "period": "" if year else baseline["period"] or "",
        "value": plain(baseline["value"]),
        "caveat": baseline["caveat"],
        "none_because": baseline["none_because"] or "",
        "year": baseline["period"] or "" if year else "",
    }


def baseline_texts(form: Form) -> Json:
    """The texts of the chosen kind only."""
    names = {"figure": ("value", "period"), "baseline_year": ("year",)}.get(form["kind"], ())
    return {"baseline": {name: str(form[name]) for name in names}}


def baseline_patch(form: Form, fields: Json) -> Json:
    """A patch with the fields of the chosen kind only; other fields are ignored, even filled in."""
    kind = form["kind"]
    baseline: Json = {"caveat": _with_plain_line_ends(form["caveat"])}
    if kind == "figure":
        _require_text(form, "value", "Enter the baseline figure")
        _require_text(form, "period", f"Enter the period it is for, such as {PERIOD_WORDS}")
        baseline |= fields.get("baseline", {})
    elif kind == "none":
        _require_text(form, "none_because", "Say why there is no baseline")
        baseline["none_because"] = _with_plain_line_ends(form["none_because"])
    elif kind == "baseline_year":
        _require_text(form, "year", "Enter the year whose figure becomes the baseline, such as 2017-18")
        baseline |= fields.get("baseline", {})
    else:
        form.add_error("kind", "Choose what kind of baseline there is")
    return {"baseline": baseline}


def _require_text(form: Form, name: str, message: str) -> None:
    if not form.text(name):
        form.add_error(name, message)


def target_values(indicator: Json) -> dict[str, Any]:
    target = indicator["target"]
    return {
        "words": target["words"],
        "applies": target["applies"],
        "from_period": target["from_period"] or "",
        "milestones": "\n".join(f"{m['period']}: {plain(m['value'])}" for m in target["milestones"]),
    }


def later_targets(indicator: Json) -> list[Json]:
    """Target versions newer than that of the form: they apply to later periods, unless a newer one replaces them."""
    shown_number = indicator["target"]["number"] or 0
    return [each for each in indicator["targets"] if each["number"] > shown_number]


def target_texts(form: Form) -> Json:
    return {"target": {name: str(form[name]) for name in ("from_period", "milestones")}}


def target_patch(form: Form, fields: Json) -> Json:
    _require_text(form, "words", "Enter the target in the plan's words")
    target = {"words": form.text("words"), "applies": form["applies"], "milestones": []}
    return {"target": target | fields.get("target", {})}


def agency_values(indicator: Json) -> dict[str, Any]:
    return {
        "responsible_agency": (indicator["responsible_agency"] or {}).get("code", ""),
        "suppliers": [agency["code"] for agency in indicator["suppliers"]],
    }


def agency_patch(form: Form, _fields: Json) -> Json:
    return {"responsible_agency": form.text("responsible_agency"), "suppliers": form.several("suppliers")}


def audience_values(indicator: Json) -> dict[str, Any]:
    return {"release_to": indicator["release_to"]}


def audience_patch(form: Form, _fields: Json) -> Json:
    return {"release_to": form.text("release_to")}


def no_texts(_form: Form) -> Json:
    """For a form without numbers and periods."""
    return {}
