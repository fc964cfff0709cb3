"""Checks that codes which an entry refers to are in the document."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from app.document.kit.tree import LineOf, Path
from app.document.refusal import Problem, nearest

PathProblem = tuple[Path, str, str]
"""Path, error code and message: a problem whose line is not looked up yet."""


@dataclass(frozen=True, slots=True)
class Names:
    """Codes of a document by list, and the lines of its values."""

    codes: Mapping[str, Collection[str]]
    """By section key; empty if the document has no such section or its entries have no codes."""
    line: LineOf

    def problem(self, path: Path, code: str, message: str) -> Problem:
        return Problem(self.line(*path), code, message)

    def unknown(self, path: Path, noun: str, code: str | None, key: str) -> Iterator[Problem]:
        """Yields a problem if section `key` lacks the code at `path`; None refers to nothing."""
        for path_problem in unknown_code(path, noun, code, self.codes.get(key, ())):
            yield self.problem(*path_problem)


def unknown_code(path: Path, noun: str, code: str | None, codes: Collection[str]) -> Iterator[PathProblem]:
    """Yields a problem if the code is not among `codes`; None refers to nothing."""
    if code is not None and code not in codes:
        yield path, f"unknown_{noun}", f"There is no {noun} {code} in this document.{nearest(code, codes)}"
