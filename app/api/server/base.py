"""Router that all resources are built on."""

from fastapi import APIRouter

from app.api.server.body import ExactRoute
from app.api.server.link import BASE


def addresses(tag: str) -> APIRouter:
    """A router for one kind of thing: below the base, read strictly, operations named for their functions.

    Its routes are final: the application takes them as they stand, and need not make them a second time.
    """
    return APIRouter(
        prefix=BASE,
        route_class=ExactRoute,
        tags=[tag],
        generate_unique_id_function=lambda route: route.name,
    )
