"""Who is a responsible authority (Crime and Disorder Act 1998, section 5), whatever a paper calls them."""

import re

COMMISSIONER = re.compile(r"police(?:,? fire)? and crime commissioner|\bp(?:f)?cc\b", re.IGNORECASE)


def is_commissioner(name: str) -> bool:
    """Whether a name is that of a police and crime commissioner, who is no responsible authority."""
    return COMMISSIONER.search(name) is not None


def is_responsible_authority(kind: str, name: str) -> bool:
    """`kind` is the agency's, as the plan document has it."""
    return kind == "responsible_authority" and not is_commissioner(name)
