"""What only shows beside other figures, of rows that are good by themselves; the same whichever way they came."""

from collections.abc import Sequence

from sqlmodel import Session

from app.commands.figures.beside import check_beside
from app.commands.figures.check import Belongs, Checked
from app.commands.figures.series import doubt_series
from app.queries.figures.visibility import FigureVisibility


def check_neighbours(
    session: Session, rows: Sequence[Checked], belongs: Belongs, visibility: FigureVisibility
) -> None:
    """Adds to the rows the errors that stop them and the doubts that ask for a note.

    The number of statements does not grow with the number of rows. What the sender may not see is not held
    against their figures: the answer would tell it.
    """
    check_beside(session, rows, belongs, visibility)
    doubt_series(session, [row for row in rows if not row.errors], belongs, visibility)
