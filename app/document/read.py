"""Text to a typed plan document, or every reason why not."""

from itertools import islice

from pydantic import ValidationError

from app.document.problem import problems
from app.document.reference import figure_problems, reference_problems
from app.document.refusal import DocumentRefused
from app.document.shape import PlanDocument
from app.document.yaml_text import parse

ENOUGH = 500
"""Problems looked into: a file with more of them is not one that was nearly right."""


def read(source: str | bytes) -> PlanDocument:
    """Raises DocumentRefused. What only the database or the calendar can tell is left to `load`:
    so are figures that are wrong by themselves, since those that are stored already are taken."""
    tree = parse(source)
    if not isinstance(tree, dict):
        message = "Expected keys and values, beginning with saferplan: 1."
        raise DocumentRefused([(1, "wrong_shape", message)])
    try:
        document = PlanDocument.model_validate(tree).remember(tree)
    except ValidationError as error:
        raise DocumentRefused(islice(problems(error, tree), ENOUGH)) from error
    if found := list(islice(reference_problems(document), ENOUGH)):
        raise DocumentRefused([*found, *islice(figure_problems(document), ENOUGH)])
    return document
