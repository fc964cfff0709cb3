from decimal import Decimal

import pytest

from app.domain.figures.parts import Fit, families, fit

STRANDS = {"strand": ["race", "faith"]}
BOTH = {"strand": ["race", "faith"], "age": ["under-18", "adult"]}


def test_the_whole_and_each_part_are_in_one_family() -> None:
    for breakdown in ({}, {"strand": "race"}, {"strand": "faith"}):
        (family,) = families(breakdown, STRANDS)
        assert family.total == {}
        assert family.parts == ({"strand": "race"}, {"strand": "faith"})


def test_a_cell_of_two_dimensions_is_a_part_of_both() -> None:
    by = {family.dimension: family for family in families({"strand": "race", "age": "adult"}, BOTH)}
    assert by["strand"].total == {"age": "adult"}
    assert by["age"].total == {"strand": "race"}
    assert by["age"].parts == ({"strand": "race", "age": "under-18"}, {"strand": "race", "age": "adult"})


def test_a_part_is_the_whole_of_another_dimension() -> None:
    by = {family.dimension: family.total for family in families({"strand": "race"}, BOTH)}
    assert by == {"strand": {}, "age": {"strand": "race"}}


@pytest.mark.parametrize(
    ("parts", "whole", "never_negative", "answer"),
    [
        ((3, 4), 7, True, "makes"),
        ((3, 4), 8, True, "differs"),
        ((3, 4), 6, True, "exceeds"),
        ((3, 4), 6, False, "differs"),
        ((7, None), 6, True, "exceeds"),
        ((7, None), 6, False, "unknown"),
        ((3, None), 6, True, "unknown"),
        ((3, 4), None, True, "unknown"),
        ((None, None), 6, True, "unknown"),
        ((0, 0), 0, True, "makes"),
    ],
)
def test_how_parts_stand_to_their_whole(
    parts: tuple[int | None, ...], whole: int | None, never_negative: bool, answer: str
) -> None:
    given = [None if part is None else Decimal(part) for part in parts]
    found, together = fit(given, None if whole is None else Decimal(whole), never_negative=never_negative)
    assert found == Fit(answer)
    assert together == sum(part or 0 for part in parts)
