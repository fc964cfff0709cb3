"""The domain's plan checks, asked of a document and answered by line."""

from collections.abc import Iterator
from datetime import date

from app.commands.plan_document.refusal import Problem
from app.models.plan_document import PlanDocument


def plan_warnings(document: PlanDocument, today: date) -> Iterator[Problem]:
    yield from ()
