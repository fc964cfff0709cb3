"""Reading what somebody typed, as a file's cells are read: nothing is stored."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, cast

from starlette.responses import Response

from app.api.server import openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import JSON, Read
from app.api.server.encode import to_json
from app.domain.access.authority import Scope
from app.files.typed_row import read_typed_row
from app.models.figures.figure import FigureIn
from app.models.figures.sent_row import SentRow
from app.models.figures.text_row import FigureFieldsOut, TextRowOut, TextRowsIn, TextRowsOut
from app.models.wire import json_number
from app.queries.plan.vocabulary import vocabulary

router = make_router("figures")


@router.post("/figures/read", response_model=TextRowsOut, responses=openapi.WRITE)
def read_figures(call: Annotated[Read, reading(Scope.POST_FIGURES)], typed: TextRowsIn) -> Response:
    """Read rows as they were typed: periods, numbers, marks and days as people write them.

    Nothing is stored or compared with what is there: send the figures to `POST /figures`, as a dry run or for good.
    """
    words = vocabulary(call.session, call.actor)
    rows = [_out(read_typed_row(number, cells, words)) for number, cells in enumerate(typed.rows, 1)]
    return Response(to_json(TextRowsOut(rows=rows)), media_type=JSON, headers={"Cache-Control": "no-store"})


def _out(row: SentRow) -> TextRowOut:
    figure = _fields(row.figure) if row.figure is not None else None
    return TextRowOut(row=row.row, figure=figure, notes=row.notes, errors=row.errors)


def _fields(figure: FigureIn) -> FigureFieldsOut:
    fields = {name: _json(value) for name, value in figure.model_dump(exclude_unset=True).items()}
    return cast(FigureFieldsOut, fields)


def _json(value: Any) -> Any:
    match value:
        case Decimal():
            return json_number(value)
        case date():
            return value.isoformat()
    return value
