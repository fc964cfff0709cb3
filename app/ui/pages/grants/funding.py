"""Funding: each fund's numbers, what they are made of, and the grants."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Json
from app.ui.kit.render import page
from app.ui.kit.visit import require_visit


async def show_funding(request: Request) -> Response:
    visit = await require_visit(request)
    funds, rows, grants, groups, rounds = await asyncio.gather(
        visit.api.get_all("/funds"),
        visit.api.get_all("/allocations"),
        visit.api.get_all("/grants"),
        visit.api.get_all("/groups"),
        visit.api.get_all("/rounds"),
    )
    allocations = await asyncio.gather(*(visit.api.get(f"/allocations/{each['code']}") for each in rows))
    in_a_table = {grant["reference"] for allocation in allocations for grant in allocation["grants"]}
    context = {
        "funds": by_fund(funds, allocations),
        "others": [grant for grant in grants if grant["reference"] not in in_a_table],
        "group_names": {group["code"]: group["name"] for group in groups},
        "has_applications": bool(rounds) or visit.may("claims:write"),
        "may_propose": visit.may("funding:write") and bool(rows),
    }
    return page(request, "grants/funding.html", context)


def by_fund(funds: Sequence[Json], allocations: Sequence[Json]) -> list[Json]:
    """Funds with their allocations; of a fund that the visitor may not read, its name alone."""
    named = {fund["code"]: {**fund, "name": fund["title"]} for fund in funds}
    for allocation in allocations:
        named.setdefault(allocation["fund"]["code"], dict(allocation["fund"]))
    return [
        {**fund, "allocations": [each for each in allocations if each["fund"]["code"] == code]}
        for code, fund in named.items()
    ]


routes = [Route("/funding", show_funding)]
