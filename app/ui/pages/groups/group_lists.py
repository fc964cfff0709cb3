"""A group's documents, and its business to come that has no meeting yet."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, day_values, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit
from app.ui.pages.groups.writer import WRITE

SPARE = 3
MOST_ROWS = 103


@dataclass(frozen=True)
class ListForm:
    """A page for one of the group's lists: its field in the API, and the texts and days of a row."""

    field: str
    heading: str
    texts: tuple[tuple[str, str, str], ...]
    """Name, label and hint of each."""
    days: tuple[tuple[str, str], ...] = ()


LIST_FORMS = {
    "documents": ListForm(
        "documents",
        "Documents of the group",
        (
            ("title", "Title", "Such as terms of reference. Leave it blank to remove it."),
            ("address", "Where it can be read", "A web address, where there is one."),
        ),
        (("dated_on", "Dated"),),
    ),
    "forward-plan": ListForm(
        "forward_plan",
        "Business to come without a meeting",
        (
            ("title", "Business", "Leave it blank to remove it."),
            ("expected", "When", "In words, such as January 2018."),
        ),
    ),
}


def _list_form(request: Request) -> ListForm:
    return LIST_FORMS[request.url.path.rpartition("/")[2]]


async def show_list_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    list_form = _list_form(request)
    group = await visit.api.get(f"/groups/{request.path_params['code']}")
    rows = group[list_form.field]
    values: Json = {"version": group["version"], "rows": len(rows) + SPARE}
    for place, row in enumerate(rows):
        values |= {f"{name}-{place}": row[name] or "" for name, _, _ in list_form.texts}
        for name, _ in list_form.days:
            values |= day_values(f"{name}-{place}", row[name])
    return _form_page(request, group, make_form(**values))


async def post_list(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, most_fields=600)
    list_form, code = _list_form(request), request.path_params["code"]
    places = [place for place in range(_count(form)) if form.text(f"title-{place}")]
    rows = [_row(form, list_form, place) for place in places]
    fields = _field_names(list_form, places)
    status = 422
    if not form.is_wrong:
        call = visit.api.patch(f"/groups/{code}", {list_form.field: rows}, str(form["version"]))
        saved, status = await save(form, call, fields)
        if saved is not None:
            return redirect(f"/groups/{code}?saved=yes")
    group = await visit.api.get(f"/groups/{code}")
    again = form.on_version(group["version"])
    return _form_page(request, group, again, status)


def _row(form: Form, list_form: ListForm, place: int) -> Json:
    texts = {name: form.text(f"{name}-{place}") for name, _, _ in list_form.texts}
    if list_form.field == "forward_plan" and not texts["expected"]:
        form.add_error(f"expected-{place}", "Enter when it is expected")
    return texts | {name: form.day(f"{name}-{place}", needed=False) for name, _ in list_form.days}


def _field_names(list_form: ListForm, places: list[int]) -> dict[str, str]:
    """Field of the form by field of the API."""
    parts = [(name, "") for name, _, _ in list_form.texts] + [(name, "-day") for name, _ in list_form.days]
    return {
        f"{list_form.field}.{number}.{name}": f"{name}-{place}{end}"
        for number, place in enumerate(places)
        for name, end in parts
    }


def _count(form: Form) -> int:
    rows = str(form["rows"])
    return min(int(rows), MOST_ROWS) if rows.isdecimal() and len(rows) < 4 else 0


def _form_page(request: Request, group: Json, form: Form, status: int = 200) -> Response:
    context = {
        "group": group,
        "form": form,
        "list_form": _list_form(request),
        "last": request.url.path.rpartition("/")[2],
        "count": _count(form),
    }
    return page(request, "groups/group-list.html", context, status=status)


routes = [
    *(Route(f"/groups/{{code}}/{path}", show_list_form) for path in LIST_FORMS),
    *(Route(f"/groups/{{code}}/{path}", post_list, methods=["POST"]) for path in LIST_FORMS),
]
