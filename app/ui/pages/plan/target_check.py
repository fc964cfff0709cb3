"""Shows how a target is understood before it is saved."""

import json

from app.ui.kit.client import Json
from app.ui.kit.forms import Form
from app.ui.kit.visit import Visit


async def read_unseen_target(visit: Visit, code: str, target: Json, form: Form) -> Json | None:
    """The API's reading of a target that this person has not been shown yet; None where they have.

    The form then remembers in `seen` the words and time that were shown: other ones are shown anew.
    """
    part = {name: target[name] for name in ("words", "applies", "from_period") if target.get(name)}
    shown = json.dumps(part)
    if form["seen"] == shown:
        return None
    reading = await visit.api.get(f"/indicators/{code}/target-reading", **part)
    form.values["seen"] = shown
    return reading
