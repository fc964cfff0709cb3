"""Either kind of file, by its name."""

from collections.abc import Callable

from app.files.csv_file import from_csv
from app.files.row import Measures, Progress, Table
from app.files.xlsx_file import from_xlsx

READERS: dict[str, Callable[[bytes, Measures, Progress], Table]] = {"csv": from_csv, "xlsx": from_xlsx}


def from_file(
    kind: str, body: bytes, measures: Measures, progress: Progress = lambda _done, _total: None
) -> Table:
    """The rows of a file, csv or xlsx. Raises FileRefused or RuleBroken for what is no table of figures."""
    return READERS[kind](body, measures, progress)
