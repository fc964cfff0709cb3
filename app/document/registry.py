"""The sections of the plan document, in the order in which they are loaded and printed: that of its fields."""

from typing import Any

from app.document.kit.section import Section
from app.document.shape import PlanDocument

SECTIONS: tuple[Section[Any], ...] = tuple(
    each
    for field in PlanDocument.model_fields.values()
    for each in field.metadata
    if isinstance(each, Section)
)
BY_KEY = {section.key: section for section in SECTIONS}
