"""Numbers typed into a form: the API reads them."""

from collections.abc import Sequence

from app.ui.kit.client import Json
from app.ui.kit.forms import Form
from app.ui.kit.visit import Visit


async def read_numbers(
    visit: Visit, form: Form, *, whole: Sequence[str] = (), pounds: Sequence[str] = ()
) -> Json:
    """Numbers by field, None for a blank; adds a message to a field that holds no number."""
    typed = {
        kind: {name: form.text(name) or "" for name in names}
        for kind, names in (("whole", whole), ("pounds", pounds))
    }
    answer = await visit.api.post("/numbers/read", typed)
    for error in answer["errors"]:
        form.add_error(error["field"], error["message"])
    return {name: answer["numbers"].get(name) for name in (*whole, *pounds)}
