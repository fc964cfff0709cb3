"""What the domain says when a rule is broken. The API turns each into one status and one error shape."""


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
