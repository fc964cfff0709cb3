"""Groups, meetings and decisions of the document: two partnerships' papers, and what is refused by its line."""

from pathlib import Path

import pytest
from sqlmodel import select

from app.document.kit.load import Outcome
from app.document.refusal import DocumentRefused
from app.domain.period import year_named
from app.models.groups.attendance import Attendance
from app.models.groups.group import Group
from app.models.groups.meeting import Meeting
from app.models.plan.partnership import Partnership
from app.queries.groups.attendance import attendance_table
from app.queries.groups.directory import Directory
from app.queries.groups.group import group_out, group_with_days_out
from tests.document.build import ADOPTED, TODAY, database, put, taken

PAPERS = Path(__file__).with_name("documents")
SOUTH_GLOUCESTERSHIRE = (PAPERS / "south-gloucestershire.yaml").read_bytes()
NORTH_WORCESTERSHIRE = (PAPERS / "north-worcestershire.yaml").read_bytes()


def warnings_of(outcome: Outcome, *codes: str) -> list[str]:
    return [message for _, code, message in outcome.warnings if code in codes]


def test_south_gloucestershires_attendance_beside_what_was_printed(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        outcome = put(opened, SOUTH_GLOUCESTERSHIRE)
        with opened.read() as session:
            table = attendance_table(session, session.exec(select(Group)).one(), year_named("2016-17"))
    assert warnings_of(outcome, "attendance_differs") == [
        "Fire and Rescue: published 66%, we make it 67%.",
        "Avon and Somerset Police: published 66%, we make it 67%.",
    ]
    assert warnings_of(outcome, "no_responsible_authority") == [
        "Police and Crime Commissioner is printed with the responsible authorities, and is none."
    ]
    assert [(row["agency"]["code"], row["percent"]) for row in table["rows"]] == [
        ("ccg", 100),
        ("fire", 67),
        ("avon-somerset-police", 67),
        ("pcc", 100),
        ("nps", 0),
        ("crc", 33),
        ("council", 100),
    ]
    assert [row["published"]["percent"] for row in table["rows"] if row["published"]] == [
        100,
        66,
        66,
        100,
        0,
        33,
        100,
    ]
    assert "Police and Crime Commissioner is no responsible authority." in table["notes"]


def test_north_worcestershires_district_groups_every_six_weeks(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, NORTH_WORCESTERSHIRE)
        with opened.read() as session:
            groups = {row.code: row for row in session.exec(select(Group))}
            directory = Directory(session, [session.exec(select(Partnership)).one().id])
            out = group_out(groups["safer-redditch"], [], directory)
            days = group_with_days_out(session, out, TODAY)["next_days"]
    districts = [code for code, row in groups.items() if row.cycle_rule == "every 6 weeks"]
    assert districts == ["safer-bromsgrove", "safer-redditch", "safer-wyre-forest"]
    assert {groups[code].parent for code in districts} == {"partnership"}
    assert days[:2] == ["2017-02-23", "2017-04-06"]


SECTIONS = """\
posts:
  - {code: chair, title: Portfolio holder, agency: police}
  - {code: guest, title: Guest, agency: police}
groups:
  - code: board
    name: Board
    kind: board
    chair: chair
    begins_on: 2017-01-01
    members:
      - {post: chair}
"""
MEETINGS = """\
meetings:
  - {code: m1, group: board, day: 2017-06-01, state: held}
  - {code: m2, group: board, day: 2017-07-01, state: cancelled}
decisions:
  - {code: d1, meeting: m1, text: Agreed}
"""
WHOLE = ADOPTED.replace("plan:\n", f"{SECTIONS}plan:\n") + MEETINGS


@pytest.mark.parametrize(
    ("before", "after", "code", "words"),
    [
        (
            "agency: police}\n  - {code: guest",
            "agency: nobody}\n  - {code: guest",
            "unknown_agency",
            "no agency nobody",
        ),
        ("title: Guest", "title: Mr Guest", "names_person", "names of people"),
        ("chair: chair", "chair: nobody", "unknown_post", "no post nobody"),
        ("kind: board\n", "kind: board\n    parent: board\n", "circle", "below it"),
        ("day: 2017-06-01", "day: 2016-06-01", "before_group", "1 January 2017"),
        ("state: held", "state: cancelled", "meeting_cancelled", "decided nothing"),
        ("meeting: m1, text", "meeting: m2, text", "meeting_cancelled", "decided nothing"),
        ("meeting: m1, text", "meeting: m3, text", "unknown_meeting", "no meeting m3"),
        ("state: held}", "state: held, attendance: {present: [guest]}}", "not_a_member", "was no member"),
        ("state: held}", "state: held, attendance: {present: [nobody]}}", "unknown_post", "no post nobody"),
        (
            "state: held}",
            "state: held, attendance: {present: [chair]}, attendance_sources: [{post: guest, heard_how: Seen}]}",
            "not_in_attendance",
            "name it there",
        ),
        (
            "state: held}",
            "state: held, attendance: {present: [chair]}, attendance_sources: [{post: chair, on_behalf_of: no}]}",
            "unknown_post",
            "no post no",
        ),
        ("day: 2017-07-01, state: cancelled", "day: 2018-07-01, state: held", "not_held_yet", "has not come"),
        (
            "      - {post: chair}\n",
            "      - {post: chair}\n      - {post: chair}\n",
            "member_twice",
            "twice at once",
        ),
        ("text: Agreed}", "text: Agreed, ratified_at: m1}", "needs_no_ratifying", "inquorate"),
        ("text: Agreed}", "text: Agreed, subject: {kind: plans, ref: no}}", "unknown_subject", "no “no”"),
    ],
)
def test_what_cannot_be_is_refused_by_its_line(
    sqlite_url: str, before: str, after: str, code: str, words: str
) -> None:
    wrong = WHOLE.replace(before, after, 1)
    assert wrong != WHOLE
    line = next(
        number
        for number, (first, second) in enumerate(
            zip(WHOLE.splitlines(), wrong.splitlines(), strict=False), start=1
        )
        if first != second
    )
    with database(sqlite_url) as opened, pytest.raises(DocumentRefused) as caught:
        put(opened, wrong)
    problems = [(number, message) for number, problem, message in caught.value.errors if problem == code]
    assert problems, caught.value.errors
    assert words in problems[0][1]
    if code != "meeting_cancelled":
        assert problems[0][0] - line in (0, 1)


def test_what_was_set_in_the_pages_is_kept_and_reported(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, WHOLE)
        fewer = WHOLE.replace("  - {code: m2, group: board, day: 2017-07-01, state: cancelled}\n", "")
        fewer = fewer.replace("members:\n      - {post: chair}\n", "members: []\n")
        outcome = put(opened, fewer)
        assert {
            "meeting m2 is not in the document",
            "group board: member chair is not in the document",
        } <= set(outcome.left_alone)
        assert outcome.changes == []
        assert taken(opened) == taken(opened)
        with opened.read() as session:
            assert session.exec(select(Meeting.code)).all() == ["m1", "m2"]


def test_a_meeting_that_decided_something_is_not_cancelled_by_a_later_document(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, WHOLE)
        with pytest.raises(DocumentRefused) as caught:
            put(opened, WHOLE.replace("state: held", "state: cancelled"))
    assert "has_decisions" in {code for _, code, _ in caught.value.errors}


def test_state_and_words_change_by_the_document(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, WHOLE)
        changed = WHOLE.replace("text: Agreed}", "text: Agreed by all, subject: {kind: plans, ref: plan}}")
        assert put(opened, changed).changes == [
            "decision d1: text was Agreed, now Agreed by all",
            "decision d1: what it decided is plans plan",
        ]
        assert "ref: plan?version=1" in taken(opened) or "ref: 'plan?version=1'" in taken(opened)
        assert put(opened, taken(opened)).changes == []
        assert put(opened, changed).changes == []


@pytest.mark.parametrize(
    ("sources", "after"),
    [
        ("", ("chair", "By telephone")),
        ("attendance_sources: [{post: chair, heard_how: By letter}], ", (None, "By letter")),
        (
            "attendance_sources: [{post: chair, on_behalf_of: guest, heard_how: By telephone}], ",
            ("guest", "By telephone"),
        ),
    ],
)
def test_whose_word_it_is_stays_unless_the_document_says_otherwise(
    sqlite_url: str, sources: str, after: tuple[str | None, str]
) -> None:
    came = "day: 2017-06-01, attendance: {present: [chair]}, "
    first = "attendance_sources: [{post: chair, on_behalf_of: chair, heard_how: By telephone}], "
    with database(sqlite_url) as opened:
        put(opened, WHOLE.replace("day: 2017-06-01, ", f"{came}{first}", 1))
        again = WHOLE.replace("day: 2017-06-01, ", f"{came}{sources}", 1)
        is_changed = after != ("chair", "By telephone")
        done = [each.what for each in put(opened, again).done]
        assert done == (["meeting m1: its attendance"] if is_changed else [])
        with opened.read() as session:
            row = session.exec(select(Attendance)).one()
            assert (row.on_behalf_of, row.heard_how) == after
        assert put(opened, taken(opened)).done == []
