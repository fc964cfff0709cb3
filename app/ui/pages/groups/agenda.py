"""A meeting's agenda, and what became of each item."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import require_visit
from app.ui.pages.groups.writer import WRITE

HANDLINGS = (
    ("to_come", "To come"),
    ("considered", "Considered"),
    ("noted", "Noted"),
    ("deferred", "Deferred"),
    ("withdrawn", "Withdrawn"),
)
SPARE = 3
PARTS = ("number", "title", "handling", "text")


async def show_agenda(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    took_place = meeting["state"] in ("held", "inquorate")
    values: Json = {"version": meeting["version"]}
    last = max((each["number"] for each in meeting["items"]), default=0)
    spare = [
        {
            "number": last + place,
            "title": "",
            "handling": "considered" if took_place else "to_come",
            "text": "",
        }
        for place in range(1, SPARE + 1)
    ]
    rows = [*meeting["items"], *spare]
    for place, row in enumerate(rows):
        values |= {f"{part}-{place}": row[part] for part in PARTS}
    return _form_page(request, meeting, make_form(**values, rows=len(rows)))


async def post_agenda(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, most_fields=1_000)
    code = request.path_params["code"]
    filled = [place for place in range(_count(form)) if form.text(f"title-{place}")]
    numbers = await read_numbers(visit, form, whole=[f"number-{place}" for place in filled])
    items = [
        {
            "title": form.text(f"title-{place}"),
            "number": numbers[f"number-{place}"],
            "handling": form.text(f"handling-{place}"),
            "text": form.text(f"text-{place}") or "",
        }
        for place in filled
    ]
    fields = {
        f"items.{number}.{part}": f"{part}-{place}" for number, place in enumerate(filled) for part in PARTS
    }
    status = 422
    if not form.is_wrong:
        call = visit.api.put(f"/meetings/{code}/items", {"items": items}, str(form["version"]))
        saved, status = await save(form, call, fields)
        if saved is not None:
            return redirect(f"/meetings/{code}?saved=yes")
    meeting = await visit.api.get(f"/meetings/{code}")
    again = form.on_version(meeting["version"])
    return _form_page(request, meeting, again, status)


def _count(form: Form) -> int:
    rows = str(form["rows"])
    return min(int(rows), 203) if rows.isdecimal() and len(rows) < 4 else 0


def _form_page(request: Request, meeting: Json, form: Form, status: int = 200) -> Response:
    context = {"meeting": meeting, "form": form, "handlings": HANDLINGS, "count": _count(form)}
    return page(request, "groups/agenda.html", context, status=status)


routes = [
    Route("/meetings/{code}/agenda", show_agenda),
    Route("/meetings/{code}/agenda", post_agenda, methods=["POST"]),
]
