"""Who is a responsible authority, whatever a paper prints."""

import pytest

from app.domain.groups.responsible import is_responsible_authority


@pytest.mark.parametrize(
    ("kind", "name", "is_one"),
    [
        ("responsible_authority", "Avon and Somerset Police", True),
        ("responsible_authority", "Fire and Rescue", True),
        ("responsible_authority", "Clinical Commissioning Group", True),
        ("responsible_authority", "Police and Crime Commissioner", False),
        ("responsible_authority", "West Mercia Police and Crime Commissioner", False),
        ("responsible_authority", "Police, Fire and Crime Commissioner for Northamptonshire", False),
        ("responsible_authority", "Office of the PCC", False),
        ("funder", "Police and Crime Commissioner", False),
        ("co_operating_body", "South Gloucestershire Council", False),
    ],
)
def test_a_commissioner_is_none(kind: str, name: str, is_one: bool) -> None:
    assert is_responsible_authority(kind, name) == is_one
