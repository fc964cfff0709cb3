"""Batches of figures, each its own: what a partner's program would post, over and over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice, product
from typing import Any

import httpx

from tests.stocked import months, ward


@dataclass
class Batch:
    """Rows posted in one call under one key, and what came of it. `answer` None: nobody knows."""

    key: str
    rows: list[dict[str, Any]]
    answer: httpx.Response | None = field(default=None, repr=False)

    def post(self, client: httpx.Client, url: str) -> httpx.Response:
        """Asks for it, again or for the first time. Raises TransportError when the server is gone."""
        return client.post(
            f"{url}/api/v1/figures", json={"figures": self.rows}, headers={"Idempotency-Key": self.key}
        )


def batches(indicators: Sequence[str], wards: int, size: int) -> Iterator[Batch]:
    """Batches of new figures, no two the same; every row's note names its batch."""
    places = product([ward(number) for number in range(1, wards + 1)], indicators, months(60))
    for number in count(1):
        key = f"batch-{number}"
        rows = [
            {"indicator": code, "area": area, "period": period, "value": number, "note": key}
            for area, code, period in islice(places, size)
        ]
        if len(rows) < size:
            return
        yield Batch(key, rows)
