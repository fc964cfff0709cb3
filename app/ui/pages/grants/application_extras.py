"""What an application's form says beside its lines: the partner of a joint bid, other money, and outcomes.

The form has room for one partner and one other source; more of them are sent by the API, and stay as they are.
"""

from app.ui.kit.client import Json
from app.ui.kit.forms import Form
from app.ui.kit.numbers import read_numbers
from app.ui.kit.visit import Visit


def extras_values(application: Json) -> Json:
    """The form's values of what is stored."""
    lead = application["applicant"]["code"]
    partners = [each for each in application["shares"] if each["agency"]["code"] != lead]
    match = next(iter(application["match_funding"]), None)
    return {
        "partner": partners[0]["agency"]["code"] if partners else "",
        "percent": partners[0]["percent"] if partners else "",
        "source": match["source"] if match is not None else "",
        "source-amount": match["amount"] if match is not None else "",
        "secured": "yes" if match is not None and match["is_secured"] else "no",
        "outcomes": "\n".join(each["title"] for each in application["outcomes"]),
    }


async def extras_body(visit: Visit, form: Form, lead: str, before: Json | None) -> Json:
    """What the form says. What it could not show is left out, and stays."""
    numbers = await read_numbers(visit, form, whole=["percent"], pounds=["source-amount"])
    body: Json = {"outcomes": _outcomes(form, before)}
    if before is None or len(before["shares"]) <= 2:
        body["shares"] = _shares(form, lead, numbers["percent"])
    if before is None or len(before["match_funding"]) <= 1:
        body["match_funding"] = _match(form, numbers["source-amount"], before)
    return body


def _shares(form: Form, lead: str, percent: int | None) -> list[Json]:
    partner = form.text("partner")
    if partner is None:
        if percent is not None:
            form.add_error("partner", "Choose who applies with you, or leave the share blank")
        return []
    if percent is None or not 1 <= percent <= 99:
        form.add_error("percent", "Enter the partner’s share, from 1 to 99")
        return []
    return [{"agency": lead, "percent": 100 - percent}, {"agency": partner, "percent": percent}]


def _match(form: Form, amount: float | None, before: Json | None) -> list[Json]:
    source = form.text("source")
    if source is None and amount is None:
        return []
    if source is None:
        form.add_error("source", "Enter who would pay it")
    if amount is None:
        form.add_error("source-amount", "Enter how much")
    stored = next(iter(before["match_funding"]), None) if before is not None else None
    by_when = stored["by_when"] if stored is not None else None
    is_secured = form.text("secured") == "yes"
    return [{"source": source, "amount": amount, "is_secured": is_secured, "by_when": by_when}]


def _outcomes(form: Form, before: Json | None) -> list[Json]:
    """Outcomes, one a line; one that is there already keeps its unit and its target."""
    stored = {each["title"]: each for each in (before["outcomes"] if before is not None else [])}
    titles = [line.strip() for line in (form.text("outcomes") or "").splitlines() if line.strip()]
    return [stored.get(title, {"title": title}) for title in titles]
