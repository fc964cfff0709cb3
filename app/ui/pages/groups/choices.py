"""Areas, groups and posts as choices of a form."""

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


async def post_choices(visit: Visit) -> Choices:
    """Posts to choose from, with none first."""
    posts = await visit.api.get_all("/posts")
    return [("", "None"), *((post["code"], f"{post['title']}, {post['agency']['name']}") for post in posts)]


def code_values(thing: Json, names: Collection[str]) -> dict[str, str]:
    """A form's values of fields that hold a code, from a thing whose fields are named things or none."""
    return {name: (thing[name] or {}).get("code", "") for name in names}
