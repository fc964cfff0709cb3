"""Whether the service and its database answer."""

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from app.api import openapi
from app.api.base import addresses
from app.api.problem import Refused

router = addresses("service")


class HealthOut(TypedDict):
    status: str


@router.get("/health", response_model=HealthOut, responses=openapi.errors(422, 503))
def get_health(request: Request) -> Response:
    """Says ok when the database has just been read, for whoever watches over the service."""
    try:
        with request.app.state.database.read():
            return JSONResponse(HealthOut(status="ok"), headers={"Cache-Control": "no-store"})
    except SQLAlchemyError as error:
        message = "The database does not answer. The service comes back by itself when it does."
        raise Refused(503, "database_unavailable", message, headers={"Retry-After": "10"}) from error
