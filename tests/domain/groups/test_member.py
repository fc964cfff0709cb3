"""Members on a day, memberships that overlap, and groups below groups."""

from datetime import date

import pytest

from app.domain.groups.group import GroupKind, Span, ancestors, makes_circle
from app.domain.groups.member import Member, members_on, overlapping

APRIL, MAY, JUNE, JULY = (date(2017, month, 1) for month in (4, 5, 6, 7))
NONE = None


@pytest.mark.parametrize(
    ("span", "day", "is_member"),
    [
        (Span(), APRIL, True),
        (Span(MAY), APRIL, False),
        (Span(MAY), MAY, True),
        (Span(NONE, MAY), MAY, True),
        (Span(NONE, MAY), JUNE, False),
        (Span(MAY, MAY), MAY, True),
    ],
)
def test_membership_on_a_day(span: Span, day: date, is_member: bool) -> None:
    assert members_on([Member("post", span)], day) == (["post"] if is_member else [])


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [
        (Span(), Span(), True),
        (Span(NONE, MAY), Span(JUNE), False),
        (Span(NONE, MAY), Span(MAY), True),
        (Span(MAY), Span(NONE, APRIL), False),
        (Span(APRIL, MAY), Span(JUNE, JULY), False),
        (Span(APRIL, JULY), Span(MAY, JUNE), True),
        (Span(APRIL), Span(JULY), True),
    ],
)
def test_a_post_is_a_member_once_at_a_time(first: Span, second: Span, overlaps: bool) -> None:
    assert list(overlapping([Member("post", first), Member("post", second)])) == ([1] if overlaps else [])
    assert list(overlapping([Member("post", first), Member("other", second)])) == []


PARENTS = {1: None, 2: 1, 3: 2, 4: 1}


def test_groups_above_a_group() -> None:
    assert list(ancestors(3, PARENTS)) == [2, 1]
    assert list(ancestors(5, {5: 6, 6: 5})) == [6], "a circle that is stored ends somewhere"


@pytest.mark.parametrize(
    ("group", "parent", "circle"),
    [(1, None, False), (1, 1, True), (1, 2, True), (1, 3, True), (2, 4, False), (4, 3, False), (2, 3, True)],
)
def test_a_group_never_stands_below_itself(group: int, parent: int | None, circle: bool) -> None:
    assert makes_circle(group, parent, PARENTS) == circle


def test_every_kind_has_words() -> None:
    assert [kind.label for kind in GroupKind] == [
        "Board",
        "Steering",
        "Delivery",
        "Operational",
        "Panel",
        "Task group",
        "Meets when required",
        "Another body",
    ]
