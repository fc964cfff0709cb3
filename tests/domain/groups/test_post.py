"""Posts: filled, vacant or not recorded; and no names of people."""

from datetime import date

import pytest

from app.domain.groups.post import names_person, occupancy

DAY = date(2017, 12, 20)
BEFORE, AFTER = date(2017, 12, 19), date(2017, 12, 21)


@pytest.mark.parametrize(
    ("filled_from", "filled_until", "state"),
    [
        (None, None, "not_recorded"),
        (BEFORE, None, "filled"),
        (DAY, None, "filled"),
        (AFTER, None, "vacant"),
        (None, BEFORE, "vacant"),
        (None, DAY, "filled"),
        (BEFORE, BEFORE, "vacant"),
        (BEFORE, AFTER, "filled"),
    ],
)
def test_whether_somebody_is_in_it(filled_from: date | None, filled_until: date | None, state: str) -> None:
    assert occupancy(filled_from, filled_until, DAY) == state


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Portfolio holder for neighbourhoods and community safety", False),
        ("Councillor for Haworth", False),
        ("Police area commander", False),
        ("PC for the town centre", False),
        ("Cllr A Smith", True),
        ("Councillor Smith", True),
        ("Area commander (Mr. Jones)", True),
        ("Dr A. B. Jones, public health", True),
    ],
)
def test_a_post_is_no_person(text: str, is_name: bool) -> None:
    assert names_person(text) == is_name
