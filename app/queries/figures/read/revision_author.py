"""Reads the author of a revision: kind and id from its submission, the name from the revision."""

from collections.abc import Mapping
from typing import Any

from app.domain.access.author import author
from app.models.author import AuthorOut, author_out
from app.models.column import table
from app.models.figures.figure import FigureRevision
from app.models.figures.submission import Submission

REVISION, SUBMISSION = table(FigureRevision), table(Submission)
AUTHOR_COLUMNS = (SUBMISSION.c.recorded_by_kind, SUBMISSION.c.recorded_by_id)
ITS_SUBMISSION = SUBMISSION.c.id == REVISION.c.submission_id
"""Joins a revision to its submission."""


def revision_author(row: Mapping[str, Any]) -> AuthorOut:
    """Author of a revision; `row` holds its `recorded_by` and the AUTHOR_COLUMNS."""
    return author_out(author(row["recorded_by"], row["recorded_by_kind"], row["recorded_by_id"]))
