"""Attendance: of one meeting to record in one go, and of a group as a table."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit
from app.ui.pages.groups.choices import post_choices
from app.ui.pages.groups.writer import WRITE

STATUSES = (
    ("not_recorded", "Not recorded"),
    ("present", "Present"),
    ("deputy", "Deputy came"),
    ("remote", "Present remotely"),
    ("apologies", "Apologies"),
    ("absent", "Absent"),
)
BEFOREHAND = ("not_recorded", "apologies")
"""Statuses that can be recorded before the day."""
ALL_PRESENT = "all_present"


async def show_attendance_form(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope(WRITE)
    meeting = await visit.api.get(f"/meetings/{request.path_params['code']}")
    values = {f"status-{each['post']['code']}": each["status"] for each in meeting["attendance"]}
    return await _form_page(request, visit, meeting, make_form(**values, version=meeting["version"]))


async def post_attendance(request: Request) -> Response:
    """Records all who are named; or, by its own button, everybody not yet recorded as present."""
    visit = await require_visit(request)
    form = await read_form(request, most_fields=600)
    code = request.path_params["code"]
    meeting = await visit.api.get(f"/meetings/{code}")
    call = visit.api.put(f"/meetings/{code}/attendance", _body(form, meeting), str(form["version"]))
    fields = {
        f"attendance.{number}.status": f"status-{each['post']['code']}"
        for number, each in enumerate(meeting["attendance"])
    }
    saved, status = await save(form, call, fields)
    if saved is not None:
        return redirect(f"/meetings/{code}?saved=yes")
    again = form.on_version(meeting["version"])
    return await _form_page(request, visit, meeting, again, status)


def _body(form: Form, meeting: Json) -> Json:
    source = {"on_behalf_of": form.text("on_behalf_of"), "heard_how": form.text("heard_how") or ""}
    return _statuses(form, meeting) | source


def _statuses(form: Form, meeting: Json) -> Json:
    if form.text("whole") == ALL_PRESENT:
        return {
            "attendance": [
                {"post": each["post"]["code"], "status": each["status"]}
                for each in meeting["attendance"]
                if each["status"] != "not_recorded"
            ],
            "others": "present",
        }
    return {
        "attendance": [
            {
                "post": each["post"]["code"],
                "status": form.text(f"status-{each['post']['code']}") or "not_recorded",
            }
            for each in meeting["attendance"]
        ]
    }


async def _form_page(
    request: Request, visit: Visit, meeting: Json, form: Form, status: int = 200
) -> Response:
    is_to_come = meeting["day"] > visit.today
    context = {
        "meeting": meeting,
        "form": form,
        "statuses": [each for each in STATUSES if each[0] in BEFOREHAND] if is_to_come else STATUSES,
        "is_to_come": is_to_come,
        "all_present": ALL_PRESENT,
        "posts": await post_choices(visit),
    }
    return page(request, "groups/attendance-form.html", context, status=status)


async def show_attendance_table(request: Request) -> Response:
    visit = await require_visit(request)
    code = request.path_params["code"]
    form = make_form()
    address = f"/groups/{code}/attendance"
    period = request.query_params.get("period") or None
    table, status = await save(form, visit.api.get(address, period=period))
    if table is None:
        table = await visit.api.get(address)
    context = {"table": table, "years": await _years(visit, code), "group_code": code, "form": form}
    return page(request, "groups/attendance.html", context, status=status)


async def _years(visit: Visit, code: str) -> list[tuple[str, str]]:
    """Financial years in which the group had meetings, newest first, each with the period that only it can be.

    "2011-12" alone could be a December.
    """
    meetings = await visit.api.get_all("/meetings", group=code)
    years = sorted({meeting["year"] for meeting in meetings}, reverse=True)
    return [(year.replace("-", "/"), f"{year[:4]}-04/{int(year[:4]) + 1}-03") for year in years]


routes = [
    Route("/groups/{code}/attendance", show_attendance_table),
    Route("/meetings/{code}/attendance", show_attendance_form),
    Route("/meetings/{code}/attendance", post_attendance, methods=["POST"]),
]
