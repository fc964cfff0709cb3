"""The least that could answer: Starlette, sqlite3 and msgspec by hand, on the event loop, all read per request.

No authority, no judging, no history, no audit. It sends the service's own bytes and keeps none of them, but for
`/kept/...`, which is what a cache that knew no rules would do. Its database is made by `shape.lay`.
"""

import os
import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.benchmarks.shape import Field, Row, held_by, query, read_shape

JSON = "application/json"
OWNER = itemgetter(0)
sqlite3.register_converter("truth", b"1".__eq__)
sqlite3.register_converter("json", msgspec.Raw)


class Table:
    """One kind of object: how it is read, and made from a row."""

    def __init__(self, name: str, fields: Sequence[Field]) -> None:
        self.query = query(name, fields)
        self.struct = msgspec.defstruct(name, [field.name for field in fields])
        own = [field for field in fields if field.kind != "rows"]
        self.groups = [
            (place, len(field.fields), msgspec.defstruct(field.name, [each.name for each in field.fields]))
            for place, field in enumerate(own)
            if field.kind == "group"
        ]
        held = held_by(fields)
        self.held = Table(f"{name}_{held.name}", held.fields) if held is not None else None
        self.held_place = fields.index(held) if held is not None else None

    def read(self, connection: sqlite3.Connection) -> list[Any]:
        held: dict[int, list[Any]] = {}
        if self.held is not None:
            rows = connection.execute(self.held.query)
            held = {owner: [self.held.make(row, []) for row in own] for owner, own in groupby(rows, OWNER)}
        rows = connection.execute(self.query)
        return [self.make(row, held.get(number, [])) for number, row in enumerate(rows, 1)]

    def make(self, row: Row, held: list[Any]) -> Any:
        cells: list[Any] = list(row[1:])
        for place, width, struct in self.groups:
            own = cells[place : place + width]
            cells[place : place + width] = (struct(*own) if own.count(None) < width else None,)
        if self.held_place is not None:
            cells.insert(self.held_place, held)
        return self.struct(*cells)


class SentFigure(msgspec.Struct, forbid_unknown_fields=True):
    indicator: str
    period: str
    value: float
    area: str
    status: str = "provisional"
    note: str = ""


class Sent(msgspec.Struct):
    figures: list[SentFigure]


class StoredRow(msgspec.Struct):
    row: int
    figure: str
    outcome: str = "created"
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class Receipt(msgspec.Struct):
    id: str
    counts: dict[str, int]
    rows: list[StoredRow]
    dry_run: bool = False
    status: str = "accepted"


class Floor:
    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES)
        for pragma in ("journal_mode = WAL", "synchronous = FULL"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(FIGURE)
        shapes = {name: read_shape(self.connection, name) for name in ("scorecard", "series")}
        self.tables = {name: Table(name, fields) for name, fields in shapes.items()}
        self.kept: dict[str, tuple[int, bytes]] = {}
        self.encode = msgspec.json.Encoder().encode
        self.decode = msgspec.json.Decoder(Sent).decode

    def seq(self) -> int:
        return int(self.connection.execute("SELECT seq FROM ledger").fetchone()[0])

    def body(self, name: str) -> bytes:
        items = self.tables[name].read(self.connection)
        if name == "series":
            return self.encode(items[0])
        return self.encode({"items": items, "next": None, "as_of": f"s{self.seq()}"})

    async def read(self, request: Request) -> Response:
        etag = f'"{self.seq()}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return Response(self.body(request.path_params["name"]), media_type=JSON, headers={"ETag": etag})

    async def read_kept(self, request: Request) -> Response:
        name, seq = request.path_params["name"], self.seq()
        made, body = self.kept.get(name, (-1, b""))
        if made != seq:
            body = self.body(name)
            self.kept[name] = (seq, body)
        return Response(body, media_type=JSON, headers={"ETag": f'"{seq}"'})

    async def post(self, request: Request) -> Response:
        sent = self.decode(await request.body()).figures
        self.connection.execute("BEGIN IMMEDIATE")
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM figure").fetchone()
        self.connection.executemany(
            "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (last + n, row.indicator, row.area, row.period, row.value, row.status, row.note)
                for n, row in enumerate(sent, 1)
            ],
        )
        self.connection.execute("UPDATE ledger SET seq = seq + 1")
        self.connection.execute("COMMIT")
        rows = [StoredRow(n, f"/api/v1/figures/{last + n}") for n in range(1, len(sent) + 1)]
        receipt = Receipt(str(last), {"created": len(sent)}, rows)
        return Response(self.encode(receipt), 201, media_type=JSON)


FIGURE = """CREATE TABLE IF NOT EXISTS figure (id INTEGER PRIMARY KEY, indicator TEXT, area TEXT, period TEXT,
value REAL, status TEXT, note TEXT, UNIQUE (indicator, area, period))"""


async def health(_request: Request) -> Response:
    return Response(b"ok")


def create_app() -> Starlette:
    floor = Floor(os.environ["BENCH_DATABASE"])
    routes = [
        Route("/health", health),
        Route("/kept/{name}", floor.read_kept),
        Route("/figures", floor.post, methods=["POST"]),
        Route("/{name}", floor.read),
    ]
    return Starlette(routes=routes)
