"""Reads the text of a plan document into its typed form."""

from itertools import islice

from pydantic import ValidationError

from app.document.problem import problems
from app.document.reference import figure_problems, reference_problems
from app.document.refusal import DocumentRefused
from app.document.shape import PlanDocument
from app.document.yaml_text import parse

ENOUGH = 500
"""Most problems collected: a file with more is not nearly right."""


def parse_document(source: str | bytes) -> PlanDocument:
    """Parses and checks a document; DocumentRefused lists its errors.

    `load` makes the checks that need the database or the date. It checks figures by themselves too, since it accepts
    those that are stored already.
    """
    tree = parse(source)
    if not isinstance(tree, dict):
        message = "Expected keys and values, beginning with saferplan: 1."
        raise DocumentRefused([(1, "wrong_shape", message)])
    try:
        document = PlanDocument.model_validate(tree).remember(tree)
    except ValidationError as error:
        raise DocumentRefused(islice(problems(error, tree), ENOUGH)) from error
    if reference_errors := list(islice(reference_problems(document), ENOUGH)):
        raise DocumentRefused([*reference_errors, *islice(figure_problems(document), ENOUGH)])
    return document
