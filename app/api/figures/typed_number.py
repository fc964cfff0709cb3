"""Reading numbers that somebody typed, as a file's cells are read: nothing is stored."""

from typing import Annotated

from starlette.responses import Response

from app.api.server import openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import JSON, Read
from app.api.server.encode import to_json
from app.domain.access.authority import Scope
from app.files.typed_number import read_typed_numbers
from app.models.figures.typed_number import TypedNumbersIn, TypedNumbersOut

router = make_router("figures")


@router.post("/numbers/read", response_model=TypedNumbersOut, responses=openapi.WRITE)
def read_numbers(_call: Annotated[Read, reading(Scope.READ)], typed: TypedNumbersIn) -> Response:
    """Read whole numbers and pounds as they were typed: `1,250`, `£2,650`. Nothing is stored."""
    answer = read_typed_numbers(typed)
    return Response(to_json(answer), media_type=JSON, headers={"Cache-Control": "no-store"})
