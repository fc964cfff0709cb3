"""Routes by which a step is taken: their documentation says when it is refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.domain.workflow import Step

H = TypeVar("H", bound=Callable[..., Any])


def taking(step: Step[Any]) -> Callable[[H], H]:
    """Adds to a handler's description what the step is refused for, in the words of its rules."""

    def described(handler: H) -> H:
        when = " ".join(step.refused_when)
        handler.__doc__ = f"{(handler.__doc__ or '').strip()}\n\nRefused (409) where: {when}"
        handler.step = step  # type: ignore[attr-defined]
        return handler

    return described
