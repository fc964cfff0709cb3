"""Documents when the step of a route is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.domain.workflow import Step

H = TypeVar("H", bound=Callable[..., Any])


def taking(step: Step[Any]) -> Callable[[H], H]:
    """Decorator: adds the reasons for refusing the step, in its rules' own words, to a handler's description."""

    def described(handler: H) -> H:
        when = " ".join(step.refused_when)
        handler.__doc__ = f"{(handler.__doc__ or '').strip()}\n\nRefused (409) where: {when}"
        handler.step = step  # type: ignore[attr-defined]
        return handler

    return described
