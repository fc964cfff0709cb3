"""Makes routers: prefix, strict requests and operation ids, the same for all."""

from fastapi import APIRouter

from app.api.server.link import BASE
from app.api.server.strict_json import StrictRoute


def make_router(tag: str) -> APIRouter:
    """Makes a router below the base, with strict requests and operation ids that are function names.

    The application takes over its route objects: including the router would create each a second time.
    """
    return APIRouter(
        prefix=BASE,
        route_class=StrictRoute,
        tags=[tag],
        generate_unique_id_function=lambda route: route.name,
    )
