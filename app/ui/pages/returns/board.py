"""Returns: staff see those of every agency, agencies down and quarters across; an agency sees its own."""

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
OVERDUE = {"state": "overdue", "label": "Overdue", "tone": "bad"}
DONE_MESSAGES = {"owed-from": "The day from which figures are owed is saved."}


@dataclass(frozen=True)
class Board:
    """A table of returns: some quarters, oldest first, with links to the quarters before and after."""

    quarters: list[Json]
    rows: list[Json]
    """Each with `agency` and `cells`: for each quarter a return or None."""
    earlier: str | None
    later: str | None


async def show_returns(request: Request) -> Response:
    visit = await require_visit(request)
    visit.require_scope("submissions:read")
    return (
        await owed.owed_page(request, visit)
        if sends_for_agency(visit.partnership)
        else await _all_returns_page(request, visit)
    )


async def _all_returns_page(request: Request, visit: Visit) -> Response:
    summary = await visit.api.get("/returns/summary")
    state_code = request.query_params.get("state")
    kinds = list_kinds(summary)
    chosen = next((each for each in kinds if each["state"] == state_code), None)
    newest = next((each for each in summary["quarters"] if each["period"] == summary["newest"]), None)
    table, period, partnership = await asyncio.gather(
        _get_board(visit, summary, request.query_params.get("until"))
        if not state_code
        else _list_of_kind(visit, chosen),
        visit.api.get(f"/reporting-periods/{newest['period']}") if newest else _nothing(),
        visit.api.get(f"/partnerships/{visit.partnership['code']}") if visit.partnership else _nothing(),
    )
    context = {**table, "filtered": bool(state_code), "chosen": chosen, "summary": summary, "newest": newest}
    context["kinds"] = kinds
    facts = {
        "period": period,
        "owed_from": partnership["owed_from"] if partnership else None,
        "said": DONE_MESSAGES.get(request.query_params.get("done", "")),
    }
    return page(request, "returns/returns.html", {**context, **facts})


async def _nothing() -> None:
    return None


def list_kinds(summary: Json) -> list[Json]:
    """Counts of returns to show: those overdue, queried or not, then those in each other state."""
    overdue = [{**OVERDUE, "returns": summary["overdue"]}] if summary["overdue"] else []
    return [*overdue, *(each for each in summary["states"] if each["state"] != "overdue")]


async def _list_of_kind(visit: Visit, kind: Json | None) -> dict[str, Any]:
    """Lists the returns of a kind, newest first."""
    if kind is None:
        return {"listed": []}
    chosen = {"is_overdue": "true"} if kind["state"] == "overdue" else {"state": kind["state"]}
    return {"listed": list(reversed(await visit.api.get_all("/returns", limit=MOST, **chosen)))}


async def _get_board(visit: Visit, summary: Json, until: str | None) -> dict[str, Any]:
    quarters, earlier, later = quarter_window(summary, until)
    if not quarters:
        return {"board": Board([], [], None, None)}
    span = {"from": quarters[0]["period"], "to": quarters[-1]["period"]}
    returns = await visit.api.get_all("/returns", limit=MOST, **span)
    return {"board": Board(quarters, board_rows(returns, quarters), earlier, later)}


def quarter_window(summary: Json, until: str | None) -> tuple[list[Json], str | None, str | None]:
    """The last quarters up to `until`, and the `until` of the windows before and after; None where there is none."""
    quarters = summary["quarters"]
    places = {each["period"]: place for place, each in enumerate(quarters)}
    last = places.get(until, places.get(summary["newest"], -1))
    first = max(0, last + 1 - COLUMNS)
    earlier = quarters[first - 1]["period"] if first else None
    later = quarters[min(last + COLUMNS, len(quarters) - 1)]["period"] if last + 1 < len(quarters) else None
    return quarters[first : last + 1], earlier, later


def board_rows(returns: list[Json], quarters: list[Json]) -> list[Json]:
    """A row for each agency, in the order of the returns, with a cell for each quarter."""
    cells = {(each["agency"]["code"], each["period"]): each for each in returns}
    agencies = {each["agency"]["code"]: each["agency"] for each in returns}
    return [
        {"agency": agency, "cells": [cells.get((code, each["period"])) for each in quarters]}
        for code, agency in agencies.items()
    ]


routes = [Route("/returns", show_returns)]
