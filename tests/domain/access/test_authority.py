"""Who may give, change or end what: nobody more than their own authority covers."""

from itertools import product

import pytest

from app.domain.access.authority import APPROVERS, ROLE_SCOPES, Access, Role, Scope

PLACE = (1, "riverside")
POLICE, COUNCIL = (1, "police", "responsible_authority"), (2, "council", "responsible_authority")
FUNDER = (3, "funder", "funder")
NONE = (None, None, None)
AGENCIES = (NONE, POLICE, COUNCIL, FUNDER)
EVERYTHING = frozenset(Scope)
ACCESSES = [
    *(Access.of_role(PLACE, role, agency) for role, agency in product(Role, AGENCIES)),
    *(
        Access.of_key(PLACE, scopes, agency)
        for scopes in (*ROLE_SCOPES.values(), EVERYTHING, {Scope.READ})
        for agency in (POLICE, COUNCIL, FUNDER)
    ),
]


def role(name: Role, agency: tuple[int | None, str | None, str | None] = NONE) -> Access:
    return Access.of_role(PLACE, name, agency)


def key(scopes: frozenset[Scope], agency: tuple[int, str, str] = POLICE) -> Access:
    return Access.of_key(PLACE, scopes, agency)


READER, CONTRIBUTOR = ROLE_SCOPES[Role.READER], ROLE_SCOPES[Role.CONTRIBUTOR]
OFFICER = ROLE_SCOPES[Role.OFFICER]


def test_an_administrator_covers_everything() -> None:
    assert all(role(Role.ADMINISTRATOR).covers(each) for each in ACCESSES)


@pytest.mark.parametrize("access", ACCESSES, ids=range(len(ACCESSES)))
def test_everybody_covers_themselves(access: Access) -> None:
    assert access.covers(access)


@pytest.mark.parametrize(
    ("one", "other", "covered"),
    [
        (key(CONTRIBUTOR), key(CONTRIBUTOR, COUNCIL), False),
        (key(CONTRIBUTOR), key(READER), True),
        (key(READER), key(CONTRIBUTOR), False),
        (key(EVERYTHING), role(Role.APPROVER), False),
        (key(EVERYTHING), role(Role.ADMINISTRATOR), False),
        (key(EVERYTHING), role(Role.OFFICER), True),
        (key(EVERYTHING), role(Role.CONTRIBUTOR, COUNCIL), False),
        (key(EVERYTHING), role(Role.CONTRIBUTOR, POLICE), True),
        (key(OFFICER), key(OFFICER - {Scope.CHECK_RETURNS}, COUNCIL), True),
        (role(Role.OFFICER), role(Role.APPROVER), False),
        (role(Role.APPROVER), role(Role.ADMINISTRATOR), False),
        (role(Role.APPROVER), role(Role.CONTRIBUTOR, COUNCIL), True),
        (role(Role.FUNDER, FUNDER), role(Role.READER, POLICE), False),
        (role(Role.FUNDER, FUNDER), role(Role.READER), False),
        (role(Role.READER), role(Role.READER, POLICE), False),
        (role(Role.READER), role(Role.FUNDER), True),
        (key(READER, FUNDER), key(READER, POLICE), False),
    ],
)
def test_who_covers_whom(one: Access, other: Access, covered: bool) -> None:
    assert one.covers(other) is covered


@pytest.mark.parametrize("access", ACCESSES, ids=range(len(ACCESSES)))
def test_nobody_can_do_more_than_who_covers_them(access: Access) -> None:
    """Asked of what the service asks about indicators of each agency, and of the sets behind it."""
    for other in filter(access.covers, ACCESSES):
        assert other.scopes <= access.scopes
        assert not (other.sees_people and not access.sees_people)
        assert not (other.is_staff and not access.is_staff)
        assert not (other.role in APPROVERS and access.role not in APPROVERS)
        for id_, code, _ in (POLICE, COUNCIL, FUNDER):
            asked = (id_, [code])
            assert access.posts_for(*asked) or not other.posts_for(*asked)
            assert access.releases_for(*asked) or not other.releases_for(*asked)


@pytest.mark.parametrize(
    ("access", "whose"),
    [
        (role(Role.CONTRIBUTOR, POLICE), "agency"),
        (role(Role.OFFICER), "partnership"),
        (role(Role.ADMINISTRATOR, COUNCIL), "partnership"),
        (role(Role.READER, POLICE), None),
        (role(Role.AUDITOR), None),
        (key(CONTRIBUTOR), "agency"),
        (key(OFFICER), "partnership"),
        (key(READER), None),
        (key(frozenset({Scope.WRITE_PLAN})), None),
    ],
)
def test_whose_figures_somebody_sends(access: Access, whose: str | None) -> None:
    assert access.sends_for == whose
