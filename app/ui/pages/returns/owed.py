"""Returns of an agency, and of those it sends figures for: queried, owed and sent."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from app.ui.kit.client import MOST, Json
from app.ui.kit.render import page
from app.ui.kit.visit import Visit

MOST_IN_FULL = 6
"""Owed returns listed with each missing figure; older ones are listed by name only."""
MOST_RECEIPTS = 3


async def owed_page(request: Request, visit: Visit) -> Response:
    returns = await visit.api.get_all("/returns", limit=MOST)
    newest = sorted(returns, key=lambda each: str(each["period"]), reverse=True)
    queried = [each for each in newest if each["state"] == "queried"]
    open_ = [each for each in newest if each["waits_for"] == "agency" and each not in queried]
    detailed, (receipts, _) = await asyncio.gather(
        asyncio.gather(*(_get_with_missing(visit, each) for each in [*queried, *open_[:MOST_IN_FULL]])),
        visit.api.get_part("/submissions", MOST_RECEIPTS, order="newest"),
    )
    context = {
        "several": len({each["agency"]["code"] for each in returns}) > 1,
        "queried": [each for each in detailed if each["state"] == "queried"],
        "open": [each for each in detailed if each["state"] != "queried"],
        "older": open_[MOST_IN_FULL:],
        "coming": [each for each in returns if each["state"] == "not_due"],
        "done": [each for each in newest if each["state"] in ("submitted", "checked")],
        "receipts": receipts,
    }
    return page(request, "returns/owed.html", context)


async def _get_with_missing(visit: Visit, summary: Json) -> Json:
    """Gets a return with its missing figures and its open queries."""
    detailed = await visit.api.get(f"/returns/{summary['id']}")
    missing = [each for each in detailed["items"] if each["received_at"] is None]
    open_ids = {each["id"] for each in detailed["query_list"] if each["state"] == "open"}
    queries = [each for each in detailed["conversation"] if each["id"] in open_ids]
    return {**detailed, "missing": missing, "queries": queries}
