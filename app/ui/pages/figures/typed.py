"""Figures as somebody typed them: the API reads them, as it reads the cells of a file."""

from collections.abc import Sequence

from app.ui.kit.client import Json
from app.ui.kit.visit import Visit

ROWS_AT_A_TIME = 1_000


async def read_typed(visit: Visit, rows: Sequence[dict[str, str]]) -> list[Json]:
    """The API's reading of each row of text by column: its `figure`, or its `errors`; and `notes`."""
    readings: list[Json] = []
    for first in range(0, len(rows), ROWS_AT_A_TIME):
        part = list(rows[first : first + ROWS_AT_A_TIME])
        readings += (await visit.api.post("/figures/read", {"rows": part}))["rows"]
    return readings
