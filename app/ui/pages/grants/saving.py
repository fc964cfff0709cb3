"""Saves a form of a grant through the API, and what is said where the grant changed meanwhile."""

from collections.abc import Awaitable

from app.ui.kit import forms
from app.ui.kit.forms import Form

OVERTAKEN = (
    "Somebody else saved a change while you had this open. Nothing of yours has been saved: "
    "check it and decide again."
)


async def save(form: Form, saving: Awaitable[object]) -> int | None:
    """None where it was saved; else the status for the form's page, with its messages."""
    status = await forms.save(form, saving)
    if status == 412:
        form.overall.append(OVERTAKEN)
    return status


def again(form: Form, version: object) -> Form:
    """The form as it was typed, on the version that stands now."""
    return Form({**form.values, "version": version}, form.messages, form.overall)
