"""The plan's checks, answered by the line of the document that each is about."""

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
    """Of the plan as it stands once the document is in."""
    places = dict(_places(document))
    for found in findings(session, visibility, plan, today):
        path = places.get(found.subject, ("plan",))
        yield Problem(document.line(*path), found.code, found.message)


def _places(document: PlanDocument) -> Iterator[tuple[str, Path]]:
    """Where each subject of a check stands in the document."""
    for number, priority in enumerate(document.priorities):
        yield priority.code, ("priorities", number)
        for position, theme in enumerate(priority.themes):
            yield f"{priority.code}/{theme.code}", ("priorities", number, "themes", position)
    for number, entry in enumerate(document.indicators):
        yield entry.code, ("indicators", number)
