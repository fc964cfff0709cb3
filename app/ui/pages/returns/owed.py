"""Returns of an agency, and of those it speaks for: what was asked about, what is owed, what was sent."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from app.ui.kit.client import MOST, Json
from app.ui.kit.render import page
from app.ui.kit.visit import Visit

IN_FULL = 6
"""Of how many returns a page lists every missing figure; those owed longer ago are named only."""
RECEIPTS = 3


async def show(request: Request, visit: Visit) -> Response:
    found = await visit.api.get_all("/returns", limit=MOST)
    newest = sorted(found, key=lambda each: str(each["period"]), reverse=True)
    queried = [each for each in newest if each["state"] == "queried"]
    open_ = [each for each in newest if each["waits_for"] == "agency" and each not in queried]
    whole, (receipts, _) = await asyncio.gather(
        asyncio.gather(*(_whole(visit, each) for each in [*queried, *open_[:IN_FULL]])),
        visit.api.get_part("/submissions", RECEIPTS, order="newest"),
    )
    context = {
        "several": len({each["agency"]["code"] for each in found}) > 1,
        "queried": [each for each in whole if each["state"] == "queried"],
        "open": [each for each in whole if each["state"] != "queried"],
        "older": open_[IN_FULL:],
        "coming": [each for each in found if each["state"] == "not_due"],
        "done": [each for each in newest if each["state"] in ("submitted", "checked")],
        "receipts": receipts,
    }
    return page(request, "returns/owed.html", context)


async def _whole(visit: Visit, one: Json) -> Json:
    """A return with what is missing of it, and what was last asked."""
    whole = await visit.api.get(f"/returns/{one['id']}")
    missing = [item for item in whole["items"] if item["received_at"] is None]
    queries = [said for said in whole["conversation"] if said["kind"] == "query"]
    return {**whole, "missing": missing, "query": queries[-1] if queries else None}
