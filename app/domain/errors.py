"""What the domain says when a rule is broken. The API turns each into one status and one error shape."""

from typing import Literal


class Error(Exception):
    """Base of everything the domain refuses; its text is fit to be read by the person who asked."""


class RuleBroken(Error):
    """A value a rule forbids.

    `field` names the input as its sender wrote it, `code` is stable and for programs,
    `message` says what was expected and how to mend it.
    """

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


class FileRefused(Error):
    """A file that is not taken at all, before anything in it is looked at as a figure.

    `why` is malformed (it is not what it says it is made of), wrong (it is, and has to be mended) or too_large.
    """

    def __init__(
        self, code: str, message: str, why: Literal["malformed", "wrong", "too_large"] = "wrong"
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.why = why


class NotFound(Error):
    """Nothing of that name that this actor may see; says the same whether it is hidden or absent."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was not found. Check the code, and that it belongs to your partnership.")
        self.what = what


class Conflict(Error):
    """The request is sound, but what is already there stands against it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
