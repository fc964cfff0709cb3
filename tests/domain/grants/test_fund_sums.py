"""The seven numbers and the drafts: Bradford's come out as its table prints them."""

import pytest

from app.domain.grants.fund_sums import AllocationMoney, FundSums, fund_sums
from app.domain.grants.grant_sums import GrantMoney
from app.domain.grants.underspend_draft import (
    CarryOver,
    DraftKind,
    RequestedReprofile,
    ReserveApplication,
    rest_words,
    underspend_drafts,
)
from tests.domain.grants.bradford import ALLOCATION, GROUP, LIMIT

SUMS = fund_sums(ALLOCATION, LIMIT)
RESERVE = ReserveApplication("A11", 8_500_00)
REPROFILE = RequestedReprofile("SSF-17-05", 2_600_00)


@pytest.mark.parametrize(
    ("number", "pence"),
    [
        ("allocated", 256_343_00),
        ("committed", 231_200_00),
        ("with_groups", 3_550_00),
        ("not_committed", 21_593_00),
        ("from_the_start", 14_343_00),
        ("released", 7_250_00),
        ("not_scheduled", 14_900_85),
        ("paid", 137_399_15),
        ("spent", 95_299_15),
        ("outturn", 222_930_00),
        ("underspend", 33_413_00),
        ("under_by_grant", 8_270_00),
        ("over_limit", 18_413_00),
    ],
)
def test_bradford_s_numbers(number: str, pence: int) -> None:
    assert getattr(SUMS, number) == pence


def test_what_the_underspend_is_made_of() -> None:
    assert {each.code: each.pence for each in SUMS.by_grant} == {
        "SSF-17-04": 2_000_00,
        "SSF-17-05": 4_100_00,
        "SSF-17-07": 360_00,
        "SSF-17-09": 1_000_00,
        "SSF-17-10": 810_00,
    }
    assert SUMS.not_committed + SUMS.with_groups + SUMS.under_by_grant == SUMS.underspend
    assert SUMS.without_forecast == ("LOC-17-1", "LOC-17-2"), "named, and counted as approved"
    assert SUMS.without_spending == ("LOC-17-2",)


@pytest.mark.parametrize(
    ("code", "still"),
    [
        ("01", 13_340_00),
        ("02", -150_00),
        ("03", 6_150_00),
        ("05", 5_790_00),
        ("06", 0),
        ("07", 5_610_00),
        ("08", 6_000_00),
        ("09", 2_240_00),
        ("10", 310_00),
    ],
)
def test_what_is_still_with_them(code: str, still: int) -> None:
    (grant,) = (each for each in ALLOCATION.grants if each.code == f"SSF-17-{code}")
    assert grant.still_with_them == still


def test_three_drafts_and_what_they_leave() -> None:
    drafts = underspend_drafts(ALLOCATION, SUMS, [RESERVE], [REPROFILE])
    assert [(each.kind, each.subject, each.pence, each.leaves) for each in drafts] == [
        (DraftKind.AWARD_RESERVE, "A11", 8_500_00, 24_913_00),
        (DraftKind.REPROFILE, "SSF-17-05", 2_600_00, 22_313_00),
        (DraftKind.GROUP_AWARDS, GROUP, 3_550_00, 18_763_00),
    ]
    assert drafts[0].words == "Award £8,500 to A11, which is in reserve"
    assert rest_words(drafts[-1].leaves, LIMIT, CarryOver.REQUEST) == (
        "£18,763 is left, £3,763 over the limit: ask to carry it over, or give it back"
    )


@pytest.mark.parametrize(
    ("reserves", "reprofiles", "amounts"),
    [
        ([ReserveApplication("A1", 21_593_01)], [], [3_550_00]),
        (
            [ReserveApplication("A1", 20_000_00), ReserveApplication("A2", 2_000_00)],
            [],
            [20_000_00, 3_550_00],
        ),
        ([ReserveApplication("A1", 0)], [RequestedReprofile("SSF-17-07", 999_00)], [360_00, 3_550_00]),
        ([], [RequestedReprofile("SSF-17-01", 500_00)], [3_550_00]),
        ([], [REPROFILE, RequestedReprofile("SSF-17-05", 2_000_00)], [2_600_00, 1_500_00, 3_550_00]),
    ],
    ids=["more than is left", "the second does not fit", "no more than is under", "nothing under", "twice"],
)
def test_a_draft_stands_only_where_the_facts_allow_it(
    reserves: list[ReserveApplication], reprofiles: list[RequestedReprofile], amounts: list[int]
) -> None:
    drafts = underspend_drafts(ALLOCATION, SUMS, reserves, reprofiles)
    assert [each.pence for each in drafts] == amounts


@pytest.mark.parametrize(
    ("leaves", "limit", "carry_over", "words"),
    [
        (1_000_00, 1_000_00, CarryOver.REQUEST, ""),
        (1_000_01, 1_000_00, CarryOver.NONE, "£1,000.01 is left, £0.01 over the limit: give it back"),
        (5_00, None, CarryOver.AUTOMATIC, "£5 is left: it is carried over to next year"),
        (-5_00, None, CarryOver.NONE, ""),
    ],
)
def test_what_is_to_be_done_with_the_rest(
    leaves: int, limit: int | None, carry_over: CarryOver, words: str
) -> None:
    assert rest_words(leaves, limit, carry_over) == words


@pytest.mark.parametrize(
    ("grants", "available", "underspend"),
    [
        ((), 1_000_00, 1_000_00),
        ((GrantMoney("A", 1_000_00, 1_000_00),), 0, 0),
        ((GrantMoney("A", 0, 0, paid=300_00, repaid=100_00),), 800_00, 800_00),
        ((GrantMoney("A", 900_00, 900_00, forecast=950_00),), 100_00, 50_00),
        ((GrantMoney("A", 1_200_00, 1_200_00),), -200_00, -200_00),
    ],
    ids=[
        "nothing awarded",
        "all awarded",
        "paid beyond what is approved",
        "more is expected",
        "over-committed",
    ],
)
def test_an_allocation_of_1000(grants: tuple[GrantMoney, ...], available: int, underspend: int) -> None:
    sums: FundSums = fund_sums(AllocationMoney(1_000_00, grants))
    assert (sums.not_committed, sums.underspend, sums.over_limit) == (available, underspend, None)
