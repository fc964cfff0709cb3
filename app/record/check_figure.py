"""Verifies figures: their identity, the revisions of each submission, and each against its newest revision."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from app.models.column import table
from app.models.figures.figure import FigureValue
from app.models.figures.submission import Submission
from app.record.check_row import Recorded
from app.record.columns import FIGURE_LISTS, REVISION_LISTS
from app.record.figure import FIGURE, NO_REVISIONS, REVISION, all_figures_digests, all_revisions_hashes

SUBMISSION = table(Submission)
COPIED = (*FigureValue.model_fields, "recorded_at", "submission_id")
"""Columns in which a figure equals its newest revision."""


def check_figures(
    connection: Connection, submissions: Mapping[int, Recorded], created: Mapping[str, Recorded]
) -> Iterator[str]:
    """Yields errors in words. `submissions` are hashes of revisions, `created` digests of figures, by submission."""
    try:
        yield from _check_revisions(connection, submissions)
        yield from _check_created(connection, {int(key): digest for key, digest in created.items()})
        yield from _compare(connection)
    except (SQLAlchemyError, ValueError, TypeError, ArithmeticError, LookupError) as error:
        yield f"A figure cannot be read: {type(error).__name__}."


def _check_revisions(connection: Connection, submissions: Mapping[int, Recorded]) -> Iterator[str]:
    missing = {key for key, (_, digest) in submissions.items() if digest != NO_REVISIONS}
    for version in range(1, len(REVISION_LISTS) + 1):
        for key, digest in all_revisions_hashes(connection, version):
            missing.discard(key)
            if key not in submissions:
                yield f"No event tells of submission {key}, and there are figures of it."
            elif submissions[key][0] == version and submissions[key][1] != digest:
                yield f"The figures of submission {key} are not those that were recorded with it."
    for key in sorted(missing):
        yield f"The figures of submission {key} are not those that were recorded with it: there are none."


def _check_created(connection: Connection, created: Mapping[int, Recorded]) -> Iterator[str]:
    missing = set(created)
    for version in range(1, len(FIGURE_LISTS) + 1):
        for key, digest in all_figures_digests(connection, version):
            missing.discard(key)
            if created.get(key, (version, ""))[0] == version and created.get(key, (version, ""))[1] != digest:
                yield f"What the figures that submission {key} created are about is not what was recorded."
    for key in sorted(missing):
        yield f"The figures that submission {key} created are not there."


def _compare(connection: Connection) -> Iterator[str]:
    """Compares each figure with its newest revision."""
    for (key,) in connection.execute(_differing()):
        yield f"Figure {key} is not what its newest revision says."
    for row in connection.execute(_without_figure()):
        yield f"Revision {row.number} of figure {row.figure_id} is there, and the figure is not."
    for row in connection.execute(_renumbered()):
        yield f"Revision {row.number} of figure {row.figure_id} has not the number of its submission's change."


def _differing() -> Select[Any]:
    """Selects figures that differ from their newest revision, or have none."""
    later = REVISION.alias()
    newest = select(func.max(later.c.number)).where(later.c.figure_id == FIGURE.c.id).scalar_subquery()
    differs = [FIGURE.c[name].is_distinct_from(REVISION.c[name]) for name in COPIED]
    is_its_newest = (REVISION.c.figure_id == FIGURE.c.id) & (REVISION.c.number == FIGURE.c.revision)
    return (
        select(FIGURE.c.id)
        .outerjoin(REVISION, is_its_newest)
        .where(or_(REVISION.c.number.is_(None), REVISION.c.number != newest, *differs))
        .order_by(FIGURE.c.id)
    )


def _without_figure() -> Select[Any]:
    """Selects revisions without a figure."""
    return (
        select(REVISION.c.figure_id, REVISION.c.number)
        .outerjoin(FIGURE, FIGURE.c.id == REVISION.c.figure_id)
        .where(FIGURE.c.id.is_(None))
        .order_by(REVISION.c.figure_id, REVISION.c.number)
    )


def _renumbered() -> Select[Any]:
    """Selects revisions whose `seq` differs from their submission's, which is the one that a digest covers.

    Searched by `seq`, for which there is an index: a submission's own row is long, and slow to read.
    """
    own = exists().where(SUBMISSION.c.seq == REVISION.c.seq, SUBMISSION.c.id + 0 == REVISION.c.submission_id)
    return (
        select(REVISION.c.figure_id, REVISION.c.number)
        .where(~own)
        .order_by(REVISION.c.figure_id, REVISION.c.number)
    )
