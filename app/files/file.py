"""Reads a file of figures of either kind."""

from collections.abc import Callable

from app.files.csv_file import from_csv
from app.files.row import Progress, Table
from app.files.vocabulary import Vocabulary
from app.files.xlsx_file import from_xlsx

READERS: dict[str, Callable[[bytes, Vocabulary, Progress], Table]] = {"csv": from_csv, "xlsx": from_xlsx}


def from_file(
    kind: str, body: bytes, vocabulary: Vocabulary, progress: Progress = lambda _done, _total: None
) -> Table:
    """Reads a file, csv or xlsx. Raises FileRefused or RuleBroken for one that is no table of figures."""
    return READERS[kind](body, vocabulary, progress)
