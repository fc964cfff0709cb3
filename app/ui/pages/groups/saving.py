"""Saves a form through the API, or adds the refusal to the form."""

from collections.abc import Awaitable

from app.ui.kit.client import Json, Problem
from app.ui.kit.forms import Form
from app.ui.kit.visit import Visit

EDIT = "plan:write"
OVERTAKEN = (
    "Somebody else saved a change while you had this open. Nothing of yours has been saved: "
    "check it and save again."
)


async def save(
    form: Form, call: Awaitable[Json], fields: dict[str, str] | None = None
) -> tuple[Json | None, int]:
    """The API's answer; or None, with the form's messages and the status for its page."""
    try:
        return await call, 200
    except Problem as problem:
        if problem.status not in (400, 409, 412, 422):
            raise
        if problem.status == 412:
            form.overall.append(OVERTAKEN)
            return None, 412
        return None, form.add_problem(problem, fields)


async def post_choices(visit: Visit) -> list[tuple[str, str]]:
    """Posts to choose from, with none first."""
    posts = await visit.api.get_all("/posts")
    return [("", "None"), *((post["code"], f"{post['title']}, {post['agency']['name']}") for post in posts)]
