"""The sections of the plan document, in the order in which they are loaded and printed."""

from typing import Any

from app.document.kit.section import Section
from app.document.section import agencies, areas, exceptional_periods, rules

SECTIONS: tuple[Section[Any], ...] = (
    areas.SECTION,
    agencies.SECTION,
    exceptional_periods.SECTION,
    rules.SECTION,
)
BY_KEY = {section.key: section for section in SECTIONS}
