"""What a framework's tutorial would make of it: FastAPI, SQLModel objects with a relationship, response models.

Its tables are those of the floor, laid out by `shape.lay`; handlers are sync, with a session for each request.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from types import new_class
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import JSON, Boolean, Engine, create_engine
from sqlalchemy.orm import selectinload
from sqlalchemy.types import NullType
from sqlmodel import Field as Column
from sqlmodel import Relationship, Session, SQLModel, select

from app.api.server.collection import page_of
from app.models.figures.figure import FiguresIn, SeriesOut
from app.models.figures.submission import ReceiptOut
from app.models.plan.indicator import ScorecardItemOut
from tests.benchmarks.shape import Field, columns, held_by, read_shape

TYPES = {"plain": NullType, "truth": Boolean, "json": JSON}


class BenchFigure(SQLModel, table=True):
    __tablename__ = "orm_figure"

    id: int | None = Column(default=None, primary_key=True)
    indicator: str = Column(index=True)
    area: str
    period: str
    value: float
    status: str
    note: str


def _model(name: str, fields: Sequence[Field], owner: str | None) -> Any:
    """A table class over the columns that stand there already."""
    held = held_by(fields)
    holds: Any = _model(f"{name}_{held.name}", held.fields, name) if held is not None else None

    def body(space: dict[str, Any]) -> None:
        kinds: dict[str, Any] = {"number": int, "owner": int | None}
        space["__tablename__"] = name
        space["number"] = Column(primary_key=True)
        space["owner"] = Column(default=None, foreign_key=f"{owner}.number" if owner else None)
        for column in columns(fields):
            kinds[column.name] = Any
            space[column.name] = Column(default=None, sa_type=TYPES[column.kind])
        if holds is not None:
            kinds["holds"] = list.__class_getitem__(holds)
            space["holds"] = Relationship(sa_relationship_kwargs={"order_by": holds.number})
        space["__annotations__"] = kinds

    return new_class(name, (SQLModel,), {"table": True}, body)


def _out(fields: Sequence[Field], row: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields:
        if field.kind == "rows":
            made[field.name] = [_out(field.fields, each) for each in row.holds]
        elif field.kind == "group":
            cells = {each.name: getattr(row, f"{field.name}__{each.name}") for each in field.fields}
            made[field.name] = cells if any(cell is not None for cell in cells.values()) else None
        else:
            made[field.name] = getattr(row, field.name)
    return made


def session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]


def create_app() -> FastAPI:
    path = os.environ["BENCH_DATABASE"]
    with closing(sqlite3.connect(path)) as connection:
        shapes = {name: read_shape(connection, name) for name in ("scorecard", "series")}
    models = {name: _model(name, fields, None) for name, fields in shapes.items()}
    app = FastAPI()
    app.state.engine = _engine(path)

    def rows(opened: Session, name: str) -> list[dict[str, Any]]:
        model = models[name]
        found = opened.exec(select(model).options(selectinload(model.holds)).order_by(model.number)).all()
        return [_out(shapes[name], row) for row in found]

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.get("/scorecard", response_model=page_of(ScorecardItemOut))
    def scorecard(opened: Opened) -> dict[str, Any]:
        return {"items": rows(opened, "scorecard"), "next": None, "as_of": "s1"}

    @app.get("/series", response_model=SeriesOut)
    def series(opened: Opened) -> dict[str, Any]:
        return rows(opened, "series")[0]

    @app.post("/figures", status_code=201, response_model=ReceiptOut)
    def post(sent: FiguresIn, opened: Opened) -> dict[str, Any]:
        return _store(sent, opened)

    return app


def _engine(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["orm_figure"]])
    return engine


def _store(sent: FiguresIn, opened: Session) -> dict[str, Any]:
    made = [
        BenchFigure(
            indicator=row.indicator,
            area=row.area or "",
            period=row.period,
            value=float(row.value or 0),
            status=row.status,
            note=row.note,
        )
        for row in sent.figures
    ]
    for each in made:
        opened.add(each)
    opened.commit()
    return {
        "id": "1",
        "dry_run": False,
        "status": "accepted",
        "counts": {"created": len(made), "revised": 0, "unchanged": 0, "rejected": 0, "not_stored": 0},
        "rows": [
            {
                "row": number,
                "outcome": "created",
                "figure": f"/api/v1/figures/{each.id}",
                "indicator": None,
                "indicator_title": None,
                "period": None,
                "period_label": None,
                "words": None,
                "warnings": [],
                "errors": [],
            }
            for number, each in enumerate(made, 1)
        ],
    }
