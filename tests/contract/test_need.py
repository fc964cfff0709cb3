"""Every route names what authority it needs, or is one of the few listed as public."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.api.routes import ROUTES
from app.api.server.access import PUBLIC
from app.api.server.authentication import ANY_CREDENTIAL
from app.api.server.strict_json import StrictRoute
from app.domain.access.authority import Scope
from tests.build import Service, assert_problem
from tests.contract.walk import method_of, path_of


def needs(dependant: Dependant) -> Iterator[str]:
    need = getattr(dependant.call, "need", None)
    if need is not None:
        yield need
    for each in dependant.dependencies:
        yield from needs(each)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{method_of(route)} {path_of(route)}")
def test_a_route_names_its_need(route: APIRoute) -> None:
    assert isinstance(route, StrictRoute), "its input would not be read strictly"
    named = set(needs(route.dependant))
    if (method_of(route), route.path) in PUBLIC:
        assert named == set()
    else:
        assert len(named) == 1
        assert named <= {*Scope, ANY_CREDENTIAL}


def test_public_routes_exist() -> None:
    assert {(method_of(route), route.path) for route in ROUTES} >= PUBLIC


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{method_of(route)} {path_of(route)}")
async def test_it_is_asked_for(still_service: Service, route: APIRoute) -> None:
    method, path = method_of(route), route.path
    if (method, path) in PUBLIC:
        return
    kind = (
        "text/csv"
        if path_of(route) in ("/figures", "/uploads")
        else "application/yaml"
        if "import" in route.path
        else "application/json"
    )
    headers = {"Content-Type": kind}
    for given in ({}, {"Authorization": "Bearer sp_unknown_secret"}):
        answer = await still_service.ask(
            method, path.replace("{", "").replace("}", ""), content=b"{}", headers={**headers, **given}
        )
        assert_problem(answer, 401, "unauthenticated")
