"""Finds the name that an unknown one was probably meant for."""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_SEARCHED = 20
LONGEST_NAME = 200


class SimilarNames:
    """Looks for similar names: each unknown one once, and only the first few.

    The search is slow, a file may have very many unknown names, and who writes may hold the ledger meanwhile.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._similar: dict[str, str] = {}

    def find(self, unknown: str) -> str:
        """The most similar name; empty if none is, or if too many were searched for."""
        if unknown not in self._similar and len(self._similar) < MOST_SEARCHED:
            close = get_close_matches(unknown[:LONGEST_NAME], self._names, n=1)
            self._similar[unknown] = close[0] if close else ""
        return self._similar.get(unknown, "")

    def question(self, unknown: str) -> str:
        """Gives “Did you mean ...?” with a space before it; empty where no name is similar."""
        similar = self.find(unknown)
        return f" Did you mean “{similar}”?" if similar else ""
