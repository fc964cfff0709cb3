"""Returns: for staff what every agency owes, agencies down and quarters across; for an agency its own."""

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import MOST, Json
from app.ui.kit.render import page
from app.ui.kit.visit import Visit, require_visit, sends_for_agency
from app.ui.pages.returns import owed

COLUMNS = 4


@dataclass(frozen=True)
class Board:
    """Some quarters side by side, oldest first, and the quarters to go on to on either side."""

    quarters: list[Json]
    rows: list[Json]
    """Each with `agency`, and `cells`: a return or nothing for each quarter."""
    earlier: str | None
    later: str | None


async def show(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("submissions:read")
    return (
        await owed.show(request, visit)
        if sends_for_agency(visit.partnership)
        else await _show_all(request, visit)
    )


async def _show_all(request: Request, visit: Visit) -> Response:
    summary = await visit.api.get("/returns/summary")
    asked = request.query_params.get("state")
    chosen = next((each for each in summary["states"] if each["state"] == asked), None)
    newest = next((each for each in summary["quarters"] if each["period"] == summary["newest"]), None)
    shown, period = await asyncio.gather(
        _board(visit, summary, request.query_params.get("until")) if not asked else _listed(visit, chosen),
        visit.api.get(f"/reporting-periods/{newest['period']}") if newest else _nothing(),
    )
    context = {**shown, "filtered": bool(asked), "chosen": chosen, "summary": summary, "newest": newest}
    return page(request, "returns/returns.html", {**context, "period": period})


async def _nothing() -> None:
    return None


async def _listed(visit: Visit, state: Json | None) -> dict[str, Any]:
    """Those that stand so, newest first."""
    found = await visit.api.get_all("/returns", state=state["state"], limit=MOST) if state else []
    return {"listed": list(reversed(found))}


async def _board(visit: Visit, summary: Json, until: str | None) -> dict[str, Any]:
    shown, earlier, later = window(summary, until)
    if not shown:
        return {"board": Board([], [], None, None)}
    span = {"from": shown[0]["period"], "to": shown[-1]["period"]}
    found = await visit.api.get_all("/returns", limit=MOST, **span)
    return {"board": Board(shown, rows(found, shown), earlier, later)}


def window(summary: Json, until: str | None) -> tuple[list[Json], str | None, str | None]:
    """The quarters up to `until`, as many as fit, and the last of those before and after them."""
    quarters = summary["quarters"]
    places = {each["period"]: place for place, each in enumerate(quarters)}
    last = places.get(until, places.get(summary["newest"], -1))
    first = max(0, last + 1 - COLUMNS)
    earlier = quarters[first - 1]["period"] if first else None
    later = quarters[min(last + COLUMNS, len(quarters) - 1)]["period"] if last + 1 < len(quarters) else None
    return quarters[first : last + 1], earlier, later


def rows(found: list[Json], shown: list[Json]) -> list[Json]:
    """Agency by agency, in the order that their returns come in, with a cell for each quarter."""
    cells = {(each["agency"]["code"], each["period"]): each for each in found}
    agencies = {each["agency"]["code"]: each["agency"] for each in found}
    return [
        {"agency": agency, "cells": [cells.get((code, each["period"])) for each in shown]}
        for code, agency in agencies.items()
    ]


routes = [Route("/returns", show)]
