"""The money that can pay a grant, as choices of a form, each with what is left of it."""

import asyncio

from app.ui.kit.client import Json
from app.ui.kit.visit import Visit


async def money_sources(visit: Visit) -> list[tuple[str, str]]:
    """Delegations to groups, then allocations."""
    groups, allocations = await asyncio.gather(
        visit.api.get_all("/groups"), visit.api.get_all("/allocations")
    )
    details = await asyncio.gather(*(visit.api.get(f"/allocations/{each['code']}") for each in allocations))
    names = {group["code"]: group["name"] for group in groups}
    delegated = [
        (
            f"delegation {each['code']}",
            f"What {names.get(each['group'], each['group'])} may award: £{each['left']:,.2f} left",
        )
        for allocation in details
        for each in allocation["delegations"]
    ]
    sources = [(f"allocation {each['code']}", _allocation_words(each)) for each in details if each["sums"]]
    return [("", "Choose"), *delegated, *sources]


def _allocation_words(allocation: Json) -> str:
    left = " and ".join(
        f"£{each['not_committed']:,.2f} of {each['spending']} left" for each in allocation["sums"]
    )
    return f"{allocation['fund']['name']}, {allocation['year_label']}: {left}"
