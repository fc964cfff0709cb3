"""Areas and groups as choices of a form."""

from collections.abc import Collection

from app.ui.kit.client import Json
from app.ui.kit.visit import Visit

Choices = list[tuple[str, str]]


async def area_choices(visit: Visit) -> Choices:
    areas = await visit.api.get_all("/areas")
    return [("", "No area"), *((area["code"], area["name"]) for area in areas)]


async def group_choices(visit: Visit) -> Choices:
    groups = await visit.api.get_all("/groups")
    return [("", "No group"), *((group["code"], group["name"]) for group in groups)]


def code_values(thing: Json, names: Collection[str]) -> dict[str, str]:
    """A form's values of fields that hold a code, from a thing whose fields are named things or none."""
    return {name: (thing[name] or {}).get("code", "") for name in names}
