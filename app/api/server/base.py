"""Where the API's addresses begin, and what all its routes have in common."""

from fastapi import APIRouter

from app.api.server.strict_json import StrictRoute

BASE = "/api/v1"


def addresses(tag: str) -> APIRouter:
    """A router for one kind of thing: below the base, read strictly, operations named for their functions.

    Its routes are final: the application takes them as they stand, and need not make them a second time.
    """
    return APIRouter(
        prefix=BASE,
        route_class=StrictRoute,
        tags=[tag],
        generate_unique_id_function=lambda route: route.name,
    )
