"""The decide page: what a meeting decides about a round's applications, on one page."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.filters import day
from app.ui.kit.forms import Form, make_form, read_form, save
from app.ui.kit.numbers import read_numbers
from app.ui.kit.render import page, redirect
from app.ui.kit.visit import Visit, require_visit

MOST_FIELDS = 1_500
UNDECIDED = ("in_assessment", "deferred", "reserve")
OUTCOMES = (
    ("", "Not now"),
    ("full", "Award all that was asked for"),
    ("part", "Award a part"),
    ("reserve", "Hold in reserve"),
    ("defer", "Decide at a later meeting"),
    ("decline", "Decline"),
)


async def show_decisions(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("funding:award")
    round_, rows = await _read(visit, request.path_params["code"])
    return await _decide_page(request, visit, (round_, rows), make_form(version=round_["version"]))


async def post_decisions(request: Request) -> Response:
    visit = await require_visit(request)
    form = await read_form(request, most_fields=MOST_FIELDS)
    round_, rows = await _read(visit, request.path_params["code"])
    decided = await _decided(visit, form, rows)
    how = await _how(visit, form, round_)
    status = 422
    if not decided and not form.is_wrong:
        form.overall.append("Nothing is decided yet: choose what becomes of an application.")
    if not form.is_wrong:
        path = f"/rounds/{round_['code']}/decide"
        call = visit.api.decide(path, {**how, "applications": decided}, str(form["version"]))
        _, status = await save(form, call, _fields(decided))
    if status == 200:
        return redirect(f"/funding/rounds/{round_['code']}?saved=yes")
    return await _decide_page(request, visit, (round_, rows), form.on_version(round_["version"]), status)


async def _read(visit: Visit, code: str) -> tuple[Json, list[Json]]:
    """The round, and the applications of it that wait for a decision."""
    round_, rows = await asyncio.gather(
        visit.api.get(f"/rounds/{code}"), visit.api.get_all("/applications", round=code)
    )
    return round_, [row for row in rows if row["state"] in UNDECIDED]


async def _decided(visit: Visit, form: Form, rows: list[Json]) -> list[Json]:
    """What the form decides, by application; adds an error where a part has no amount, or something else has one."""
    chosen = {row["code"]: form.text(f"outcome-{row['code']}") for row in rows}
    parts = [f"amount-{code}" for code, outcome in chosen.items() if outcome == "part"]
    amounts = await read_numbers(visit, form, pounds=parts)
    decided: list[Json] = []
    for row in rows:
        code, outcome = row["code"], chosen[row["code"]]
        name = f"amount-{code}"
        if outcome != "part" and form.text(name):
            form.add_error(name, f"{code}: choose “Award a part”, or clear the amount")
        if outcome is None:
            continue
        if outcome == "part" and amounts[name] is None:
            form.add_error(name, f"{code}: enter how much is awarded")
        amount = {"full": row["amount_asked"], "part": amounts.get(name)}.get(outcome)
        each: Json = {
            "application": code,
            "outcome": "award" if outcome in ("full", "part") else outcome,
            "reasons": form.text(f"reasons-{code}") or "",
            "feedback": form.text(f"feedback-{code}") or "",
        }
        decided.append(each | ({"amount": amount} if amount is not None else {}))
    return decided


async def _how(visit: Visit, form: Form, round_: Json) -> Json:
    """At which meeting it was decided, or by which letter of the funder's."""
    if round_["decider"] == "funder":
        return {"letter": form.text("letter") or "", "decided_on": form.day("decided_on")}
    numbers = await read_numbers(visit, form, whole=["number"])
    if not form.text("meeting"):
        form.add_error("meeting", "Choose the meeting that decided it")
    return {"meeting": form.text("meeting"), **numbers}


def _fields(decided: list[Json]) -> dict[str, str]:
    """The form's field for each of the API's."""
    return {"decided_on": "decided_on-day"} | {
        f"applications.{number}.{name}": f"{name}-{each['application']}"
        for number, each in enumerate(decided)
        for name in ("outcome", "amount", "reasons", "feedback")
    }


async def _decide_page(
    request: Request, visit: Visit, sheet: tuple[Json, list[Json]], form: Form, status: int = 200
) -> Response:
    meetings = [
        each for each in await visit.api.get_all("/meetings") if each["state"] in ("held", "inquorate")
    ]
    meetings.sort(key=lambda each: str(each["day"]), reverse=True)
    round_, rows = sheet
    context = {
        "round": round_,
        "applications": rows,
        "form": form,
        "outcomes": OUTCOMES,
        "meetings": [("", "Choose"), *((each["code"], _meeting_words(each)) for each in meetings)],
    }
    return page(request, "grants/decide-round.html", context, status=status)


def _meeting_words(meeting: Json) -> str:
    return f"{meeting['group']['name']}, {day(meeting['day'])}"


routes = [
    Route("/funding/rounds/{code}/decide", show_decisions),
    Route("/funding/rounds/{code}/decide", post_decisions, methods=["POST"]),
]
