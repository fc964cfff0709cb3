"""Attendance by authority: what counts, who counts once, and the published figure beside ours."""

from datetime import date

import pytest

from app.domain.groups.attendance import (
    AttendanceRow,
    AttendanceStatus,
    MeetingRecord,
    attendance_rows,
    beside_published,
    whole_percent,
)
from app.domain.groups.group import Span
from app.domain.groups.meeting import MeetingKind, MeetingState, counts_for_attendance
from app.domain.groups.member import Member

STATUSES = {
    "P": AttendanceStatus.PRESENT,
    "D": AttendanceStatus.DEPUTY,
    "R": AttendanceStatus.REMOTE,
    "A": AttendanceStatus.APOLOGIES,
    "X": AttendanceStatus.ABSENT,
    "-": AttendanceStatus.NOT_RECORDED,
    "o": AttendanceStatus.NOT_A_MEMBER,
}
DAYS = (date(2016, 6, 10), date(2016, 11, 11), date(2017, 3, 10), date(2017, 6, 9))


def meetings(statuses: dict[str, str]) -> list[MeetingRecord]:
    """Meetings from a letter a meeting of each post; `-` is not recorded."""
    count = max(map(len, statuses.values()))
    return [
        MeetingRecord(
            DAYS[number],
            {post: STATUSES[letters[number]] for post, letters in statuses.items() if letters[number] != "-"},
        )
        for number in range(count)
    ]


def rows(statuses: dict[str, str], agencies: dict[str, str] | None = None) -> dict[str, AttendanceRow]:
    members = [Member(post) for post in statuses]
    agencies = agencies or {post: post for post in statuses}
    return {row.agency: row for row in attendance_rows(members, agencies, meetings(statuses))}


SOUTH_GLOUCESTERSHIRE = [
    ("ccg", "PPP", 100, 100),
    ("fire", "PAP", 67, 66),
    ("police", "PDX", 67, 66),
    ("pcc", "PRP", 100, 100),
    ("nps", "XXA", 0, 0),
    ("crc", "APX", 33, 33),
    ("council", "PPP", 100, 100),
]
"""Paragraph 51 of its annual report for 2016/17: the counts and the percentages are published."""


def test_south_gloucestershire_as_we_make_it() -> None:
    by_agency = rows({code: letters for code, letters, _, _ in SOUTH_GLOUCESTERSHIRE})
    assert [by_agency[code].percent for code, *_ in SOUTH_GLOUCESTERSHIRE] == [100, 67, 67, 100, 0, 33, 100]
    assert by_agency["fire"].count_words == "2 of 3, 67%"
    assert by_agency["nps"].count_words == "0 of 3, 0%", "who never came stands there too"
    beside = {
        code: beside_published(printed, by_agency[code]) for code, _, _, printed in SOUTH_GLOUCESTERSHIRE
    }
    differs = "published 66%, we make it 67%"
    assert {code: words for code, words in beside.items() if words} == {"fire": differs, "police": differs}


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("PPPP", "4 of 4, 100%"),
        ("PDPP", "4 of 4, 100%"),
        ("PPAP", "3 of 4, 75%"),
        ("PDAP", "3 of 4, 75%"),
        ("XAPA", "1 of 4, 25%"),
        ("PAPX", "2 of 4, 50%"),
        ("P---", "1 of 4, 25%"),
        ("----", "0 of 4, 0%"),
        ("RRRR", "4 of 4, 100%"),
        ("AAXX", "0 of 4, 0%"),
    ],
)
def test_what_counts_as_coming(letters: str, words: str) -> None:
    assert rows({"post": letters})["post"].count_words == words


@pytest.mark.parametrize(
    ("part", "total", "percent"),
    [
        (1, 3, 33),
        (2, 3, 67),
        (1, 8, 13),
        (3, 8, 38),
        (1, 200, 1),
        (1, 201, 0),
        (0, 3, 0),
        (3, 3, 100),
        (0, 0, None),
    ],
)
def test_a_whole_per_cent_with_halves_up(part: int, total: int, percent: int | None) -> None:
    assert whole_percent(part, total) == percent


@pytest.mark.parametrize(
    ("first", "second", "cells"),
    [
        ("PPP", "PPP", "PPP"),
        ("AAX", "PXA", "PAA"),
        ("A-X", "-X-", "AXX"),
        ("D--", "P--", "P--"),
        ("XXX", "RDX", "RDX"),
    ],
)
def test_an_authority_with_two_posts_counts_once(first: str, second: str, cells: str) -> None:
    by_agency = rows({"chief": first, "partner": second}, {"chief": "council", "partner": "council"})
    assert by_agency["council"].cells == tuple(STATUSES[letter] for letter in cells)
    assert by_agency["council"].meetings == 3


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "words"),
    [
        (None, None, "3 of 3, 100%"),
        (DAYS[1], None, "2 of 2, 100%"),
        (None, DAYS[1], "2 of 2, 100%"),
        (DAYS[1], DAYS[1], "1 of 1, 100%"),
        (date(2017, 4, 1), None, "No meeting while a member"),
    ],
)
def test_only_meetings_while_a_member_count(begins_on: date | None, ends_on: date | None, words: str) -> None:
    members = [Member("post", Span(begins_on, ends_on))]
    (row,) = attendance_rows(members, {"post": "police"}, meetings({"post": "PPP"}))
    assert row.count_words == words


def test_a_post_that_left_and_came_back_is_one_row() -> None:
    members = [Member("post", Span(None, DAYS[0])), Member("post", Span(DAYS[2], None))]
    (row,) = attendance_rows(members, {"post": "police"}, meetings({"post": "PPA"}))
    assert row.cells == tuple(STATUSES[letter] for letter in "PoA")
    assert row.count_words == "1 of 2, 50%"


@pytest.mark.parametrize("kind", MeetingKind)
@pytest.mark.parametrize("state", MeetingState)
def test_which_meetings_count(kind: MeetingKind, state: MeetingState) -> None:
    took_place = state in (MeetingState.HELD, MeetingState.INQUORATE)
    assert counts_for_attendance(kind, state) == (took_place and kind is not MeetingKind.CIRCULATED)


def test_a_published_figure_without_a_meeting_of_ours() -> None:
    assert beside_published(66, AttendanceRow("fire", ())) == "published 66%, we have no meeting to count"
