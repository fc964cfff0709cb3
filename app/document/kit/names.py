"""Checking that what an entry refers to is in the document."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from app.document.kit.tree import LineOf, Path
from app.document.refusal import Problem, nearest


@dataclass(frozen=True, slots=True)
class Names:
    """The codes that a document gives in each of its lists, and the lines of its values."""

    codes: Mapping[str, Collection[str]]
    """By section key: empty where the document leaves the section out, or its entries have no codes."""
    line: LineOf

    def problem(self, path: Path, code: str, message: str) -> Problem:
        return Problem(self.line(*path), code, message)

    def unknown(self, path: Path, noun: str, code: str | None, key: str) -> Iterator[Problem]:
        """A problem if the value at `path` is a code that section `key` lacks; None refers to nothing."""
        for found in unknown_code(path, noun, code, self.codes[key]):
            yield self.problem(*found)


def unknown_code(
    path: Path, noun: str, code: str | None, known: Collection[str]
) -> Iterator[tuple[Path, str, str]]:
    if code is not None and code not in known:
        yield path, f"unknown_{noun}", f"There is no {noun} {code} in this document.{nearest(code, known)}"
