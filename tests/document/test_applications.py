"""Rounds and applications of the document: what is refused, and that no document changes what was decided."""

import pytest
from sqlmodel import select

from app.document.refusal import DocumentRefused
from app.models.grants.application import Application
from tests.document.build import SMALL, database, put

FUNDED = SMALL.replace(
    "plan:\n",
    """\
  - {code: commissioner, name: Commissioner, kind: funder}
funds:
  - {code: safety, title: Safety, funder: commissioner}
rounds:
  - {code: first, title: First, fund: safety, financial_year: 2017-18, opens_on: 2017-01-09, closes_on: 2017-02-10}
applications:
  - code: A1
    round: first
    applicant: police
    title: Locks
    lines:
      - title: Locks
        priority: safe
        amounts: [{financial_year: 2017-18, amount: 100}, {financial_year: 2018-19, amount: 900}]
    state: approved
    sent_on: 2017-02-01
    amount_approved: 100
plan:
""",
    1,
)

REFUSED = [
    ("applicant: police", "applicant: nobody", "unknown_agency"),
    ("round: first", "round: second", "unknown_round"),
    ("priority: safe", "priority: calm", "unknown_priority"),
    ("closes_on: 2017-02-10", "closes_on: 2017-01-01", "days_reversed"),
    ("    amount_approved: 100\n", "", "amount_approved"),
    ("amount_approved: 100", "amount_approved: 100.01", "above_asked"),
    ("state: approved", "state: declined", "amount_approved"),
    ("    sent_on: 2017-02-01\n", "", "required"),
    ("sent_on: 2017-02-01", "sent_on: 2018-02-01", "recorded_in_future"),
    ("title: Locks\n    lines", "title: Locks\n    grant: G9\n    lines", "unknown_grant"),
    (
        "    state: approved",
        "    shares: [{agency: police, percent: 60}, {agency: commissioner, percent: 30}]\n    state: approved",
        "does_not_add_up",
    ),
]


def test_what_is_refused(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        for before, after, code in REFUSED:
            assert FUNDED.count(before) == 1, before
            with pytest.raises(DocumentRefused) as caught:
                put(opened, FUNDED.replace(before, after).encode())
            assert code in {error for _, error, _ in caught.value.errors}, after
        with opened.read() as session:
            assert session.exec(select(Application)).first() is None


def test_a_document_changes_texts_and_no_money(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, FUNDED.encode())
        later = FUNDED.replace("amount_approved: 100", "amount_approved: 99").replace(
            "title: Locks\n    lines", "title: New locks\n    lines"
        )
        outcome = put(opened, later.replace("state: approved", "state: part_approved").encode())
        with opened.read() as session:
            row = session.exec(select(Application)).one()
    assert (row.title, row.amount_approved, row.state) == ("New locks", 100_00, "approved")
    assert any("changed by steps alone" in words for words in outcome.left_alone)
