"""Runs the plan's checks and adds to each warning its line in the document."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session

from app.document.kit.tree import Path
from app.document.refusal import Problem
from app.document.shape import PlanDocument
from app.models.plan.plan import Plan
from app.queries.figures.visibility import FigureVisibility
from app.queries.judgement.plan_check import findings


def plan_warnings(
    session: Session, visibility: FigureVisibility, document: PlanDocument, plan: Plan, today: date
) -> Iterator[Problem]:
    """Warnings about the plan, after the document has been loaded."""
    places = dict(_places(document))
    for finding in findings(session, visibility, plan, today):
        path = places.get(finding.subject, ("plan",))
        yield Problem(document.line(*path), finding.code, finding.message)


def _places(document: PlanDocument) -> Iterator[tuple[str, Path]]:
    """Path in the document of each subject of a check."""
    for number, priority in enumerate(document.priorities):
        yield priority.code, ("priorities", number)
        for position, theme in enumerate(priority.themes):
            yield f"{priority.code}/{theme.code}", ("priorities", number, "themes", position)
    for number, entry in enumerate(document.indicators):
        yield entry.code, ("indicators", number)
