"""Returns: for staff what every agency owes, agencies down and quarters across; for an agency its own."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json
from app.ui.kit.render import page
from app.ui.kit.visit import Visit, signed_in
from app.ui.pages.returns import owed

COLUMNS = 4


@dataclass(frozen=True)
class Board:
    """Some quarters side by side, oldest first, and the quarters to go on to on either side."""

    quarters: list[Json]
    """Each with `period`, `period_label` and its counts."""
    rows: list[Json]
    """Each with `agency`, and `cells`: a return or nothing for each quarter."""
    earlier: str | None
    later: str | None


async def show(request: Request) -> Response:
    visit = await signed_in(request)
    visit.need("submissions:read")
    return await owed.show(request, visit) if visit.owes else await _show_all(request, visit)


async def _show_all(request: Request, visit: Visit) -> Response:
    found, periods = await asyncio.gather(
        visit.api.every("/returns", limit=MOST), visit.api.every("/reporting-periods", limit=MOST)
    )
    state = request.query_params.get("state")
    newest = newest_begun(found)
    context = {
        "board": board(found, request.query_params.get("until") or newest),
        "state": state,
        "listed": [each for each in reversed(found) if each["state"] == state],
        "states": states(found),
        "newest": counted(found, newest) if newest else None,
        "periods": {each["period"]: each for each in periods},
        "to_check": [each for each in found if each["state"] == "submitted"],
    }
    return page(request, "returns/returns.html", context)


def newest_begun(found: list[Json]) -> str | None:
    """The newest quarter of which something can be there already; failing that, the newest of all."""
    begun = [each["period"] for each in found if each["state"] != "not_due"]
    every = begun or [each["period"] for each in found]
    return max(every, default=None)


def board(found: list[Json], until: str | None) -> Board:
    """The quarters up to `until`, as many as fit."""
    names = sorted({each["period"] for each in found})
    last = names.index(until) if until in names else len(names) - 1
    shown = names[max(0, last + 1 - COLUMNS) : last + 1]
    cells = {(each["agency"]["code"], each["period"]): each for each in found}
    agencies = {each["agency"]["code"]: each["agency"] for each in found if each["period"] in shown}
    rows = [
        {"agency": agency, "cells": [cells.get((code, period)) for period in shown]}
        for code, agency in agencies.items()
    ]
    first = names.index(shown[0]) if shown else 0
    return Board(
        [counted(found, period) for period in shown],
        rows,
        names[first - 1] if first else None,
        names[min(last + COLUMNS, len(names) - 1)] if last + 1 < len(names) else None,
    )


def counted(found: list[Json], period: str) -> Json:
    """A quarter with the figures of all its returns together."""
    of_it = [each for each in found if each["period"] == period]
    return {
        "period": period,
        "period_label": of_it[0]["period_label"],
        "expected": sum(each["expected"] for each in of_it),
        "received": sum(each["received"] for each in of_it),
        "checked": sum(each["expected"] for each in of_it if each["state"] == "checked"),
    }


def states(found: list[Json]) -> list[Json]:
    """The states there are, with a label and how many; those that ask for somebody first."""
    many = Counter(each["state"] for each in found)
    labels = {each["state"]: each for each in found if not each["nil"]}
    order = ["overdue", "queried", "submitted", "late_reason_given", "due", "checked", "not_due"]
    return [
        {"state": state, "many": many[state], "label": one["label"], "tone": one["tone"]}
        for state in order
        if many[state] and (one := labels.get(state) or next(e for e in found if e["state"] == state))
    ]


routes = [Route("/returns", show)]
