"""Errors that the domain raises. The API maps each to one status and one error shape."""

from typing import Literal


class Error(Exception):
    """Base class of refusals. The message is written for the person who sent the request."""


class RuleBroken(Error):
    """Raised for a value that a rule forbids.

    `field` names the input as its sender wrote it, `code` is stable and for programs,
    `message` tells people the expected value and how to mend it.
    """

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


class FileRefused(Error):
    """Raised for a file that is refused as a whole, before any of its rows is checked.

    `why` is malformed (not valid in its own format), wrong (valid, but has to be mended), too_large, or no_room
    (taken, were there room).
    """

    def __init__(
        self, code: str, message: str, why: Literal["malformed", "wrong", "too_large", "no_room"] = "wrong"
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.why = why


class NotFound(Error):
    """Raised where the actor may see nothing of that name; hidden and absent get the same message."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was not found. Check the code, and that it belongs to your partnership.")
        self.what = what


class Conflict(Error):
    """Raised for a valid request that the current state does not allow."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
