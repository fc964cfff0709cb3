"""Twelve agencies post at once, over and over and twice each: every acknowledged figure is there, none twice."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from app.db import Database
from tests.county import AGENCIES, County, make_county, rows
from tests.worker import running, saferplan

VALUES = (90, 95, 101)


async def test_twelve_agencies_at_once(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    with database.write() as session:
        county = make_county(session)
    database.close()
    one, other = saferplan(database_url, tmp_path / "one"), saferplan(database_url, tmp_path / "other")
    with running(one, other):
        async with httpx.AsyncClient(timeout=120) as client:
            urls = (one.url, other.url)
            receipts = await asyncio.gather(
                *(_agency(client, urls[place % 2], county, each) for place, each in enumerate(AGENCIES))
            )
            found = await _all(client, one.url, county.officer)
    outcomes = Counter(row["outcome"] for agency in receipts for receipt in agency for row in receipt["rows"])
    assert outcomes == {"created": 60, "revised": 60 * 2 - 12 * 2, "unchanged": 12 * 2}
    held = {(each["indicator"], each["period"]): each for each in found}
    assert len(held) == len(found) == 60, "none twice"
    for agency in AGENCIES:
        for row in rows(agency, "2017-18-Q2", VALUES[-1]):
            kept = held[row["indicator"], row["period"]]
            assert kept["value"] == row["value"]
            assert kept["revision"] == (1 if row["value"] == 61.5 else len(VALUES))


async def _agency(client: httpx.AsyncClient, url: str, county: County, agency: str) -> list[dict[str, Any]]:
    """Its return, then two recounts, each sent twice at the same time under one key."""
    receipts = []
    for number, value in enumerate(VALUES):
        sent = [{**row, "reason": "Recount"} for row in rows(agency, "2017-18-Q2", value)]
        headers = {
            "Authorization": f"Bearer {county.keys[agency]}",
            "Idempotency-Key": f"{agency}-{number}",
        }
        post = {"json": {"figures": sent}, "headers": headers}
        twins = await asyncio.gather(*(client.post(f"{url}/api/v1/figures", **post) for _ in range(2)))  # type: ignore[arg-type]
        assert [each.status_code for each in twins] == [201, 201], twins[0].text
        assert twins[0].json() == twins[1].json()
        receipts.append(twins[0].json())
    return receipts


async def _all(client: httpx.AsyncClient, url: str, token: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = await client.get(f"{url}/api/v1/figures?limit=500", headers=headers)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
