"""The registry of the document's sections, which PlanDocument's fields are annotated with."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from sqlmodel import select

from app.db import Database
from app.document import reference
from app.document.kit.section import Export, Section
from app.document.read import parse_document
from app.document.registry import SECTIONS
from app.document.shape import PlanDocument
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan
from tests.document.build import database, put, taken

NOT_REGISTERED = ["partnership", "plan", "priorities", "indicators", "figures"]
"""Sections that are still to be moved into the registry: this list only ever shrinks."""

EVERY_FIELD = """\
saferplan: 1
partnership: {code: testshire, name: Testshire Partnership, area: T1}
areas:
  - {code: T1, name: Testshire, kind: district}
  - {code: T2, name: Town centre, kind: local, within: T1, designated_from: 2017-01-01, designated_to: 2019-12-31}
agencies:
  - {code: police, name: Testshire Police, kind: responsible_authority}
  - {code: commissioner, name: Commissioner, kind: funder}
  - code: lane
    name: Lane Youth Club
    kind: provider
    recipient: yes
    identifiers:
      - {scheme: GB-CHC, value: "1234567", checked_on: 2017-04-03}
posts:
  - {code: chair, title: Portfolio holder, agency: police}
  - code: commander
    title: Area commander
    agency: police
    filled_from: 2017-01-01
    filled_until: 2019-12-31
    deputy: chair
    email: area@police.example
    note: Shared mailbox
groups:
  - {code: board, name: Board, kind: board, chair: chair}
  - code: burglary
    name: Burglary group
    kind: task_group
    parent: board
    belongs_to: Safeguarding board
    cycle: About every six weeks
    cycle_rule: every 6 weeks
    remit: Burglary of homes
    documents: [{title: Terms of reference, dated_on: 2017-02-01, address: 'https://town.example/terms'}]
    chair: commander
    vice_chair: chair
    quorum: 1
    begins_on: 2017-01-01
    ends_on: 2018-12-31
    also_printed: [Burglary panel]
    forward_plan: [{title: A second year, expected: January 2018}]
    note: Until burglary falls
    members:
      - {post: chair, ends_on: 2017-06-30}
      - {post: commander, begins_on: 2017-02-01}
exceptional_periods:
  - {period: 2017-18-Q1, reason: 'A new system: nothing was recorded'}
recommendations:
  - code: r1
    source: audit
    source_title: Audit
    made_on: 2017-05-01
    text: Do it
    agency: police
    owner: chair
    answer_due_on: 2017-06-01
    due_on: 2017-07-01
    note: Noted
    history: [{day: 2017-05-02, answer: accepted, text: Agreed, on_behalf_of: The chair}]
local_issues:
  - code: parks
    title: Parks after dark
    raised_by: Wardens
    raised_on: 2017-05-01
    area: T2
    group: board
    profile: Lights have failed
    done: Lights mended
    changed: Fewer calls
    state: closed
    closed_on: 2017-08-01
    note: Noted
engagements:
  - code: market
    title: At the market
    begins_on: 2017-05-01
    ends_on: 2017-05-02
    place: The square
    area: T2
    group: board
    people: Traders
    heard: Parking
    done: Signs
    note: Noted
funds:
  - code: safety
    title: Community safety
    funder: commissioner
    note: The title is ours
    objectives: [{code: safe, title: Safe}]
    virement_percent: 10
    virement_amount: 2000
    small_grant_cap: 4000
    lines_above: 6000.50
    underspend_limit: 15000
    underspend_over: funder
    report_days: 20
    keep_years: 6
    carry_over: request
    basis: accruals
    vat: net
allocations:
  - {code: this, fund: safety, accountable_body: police, financial_year: 2017-18, revenue: 9000, status: revised}
  - {code: assets, fund: safety, accountable_body: police, financial_year: 2017-18, capital: 500.25}
  - code: next
    fund: safety
    accountable_body: police
    amount: 100
    told_by: 2018-02-28
    not_said: [which years]
    source: Report 3.1
    note: Illustrative
delegations:
  - {code: local, group: board, amount: 1000, allocation: this, decision: 'Board, 24 March'}
  - {code: things, group: board, amount: 10, allocation: assets, spending: capital}
grants:
  - code: P1
    recipient: police
    payer: commissioner
    purpose: All of it
    starts: 2017-04-01
    ends: 2018-03-31
    takes_up: this
    lines: [{title: All, amount: 9000}]
  - code: G1
    recipient: police
    payer: police
    purpose: Locks
    starts: 2017-04-01
    ends: 2017-09-30
    instrument: contract
    kind: pilot
    reasons: Fewer burglaries
    priority: places
    theme: a
    managed_by: board
    paid_in: arrears
    ledger_code: CS1
    acceptance_due_on: 2017-03-01
    parent: P1
    allocations: [this, assets]
    state: closing
    lines:
      - {title: Fitting, amount: 100}
      - title: Locks
        spending: capital
        profile:
          - {quarter: 2017-18-Q1, amount: 10}
          - {quarter: 2017-18-Q2, amount: 20.50}
    at_award:
      - {title: Fitting, profile: [{quarter: 2017-18-Q1, amount: 150}, {quarter: 2017-18-Q4, amount: 50}]}
  - code: L1
    recipient: police
    payer: police
    purpose: Lights
    starts: 2017-04-01
    ends: 2018-03-31
    delegation: local
    lines: [{title: All of it, amount: 7.01}]
rounds:
  - code: first
    title: First round
    fund: safety
    financial_year: 2017-18
    opens_on: 2017-01-09
    closes_on: 2017-02-10
    decides_on: 2017-03-24
    cap: 5000.50
    panel: board
    decider: funder
    least: 1
    most: 4
    criteria: [{code: need, title: Need, weight: 2}, {code: fit, title: Fit}]
    note: Illustrative
applications:
  - code: A1
    round: first
    applicant: police
    title: Locks
    lines:
      - title: Fitting
        priority: places
        theme: a
        amounts:
          - {financial_year: 2017-18, amount: 100.25}
          - {financial_year: 2018-19, spending: capital, amount: 20}
    shares: [{agency: police, percent: 60}, {agency: commissioner, percent: 40}]
    match_funding: [{source: The council, amount: 50, is_secured: yes, by_when: 2017-03-31}, {source: Us, amount: 1}]
    in_kind: A van
    outcomes: [{title: Fewer burglaries, unit: burglaries, target: 12.5}, {title: Calm}]
    need: Sixty burglaries
    need_indicator: burglary
    cohesion: Neighbours meet
    advice: It fits
    on_behalf: By e-mail
    state: part_approved
    state_reason: No van
    sent_on: 2017-02-01
    decided_on: 2017-03-24
    decision: d1
    amount_approved: 99.99
    feedback: Say how many
    told_on: 2017-04-03
    grant: G1
  - code: A2
    round: first
    applicant: police
    title: Lights
    lines: [{title: All of it, amounts: [{financial_year: 2017-18, amount: 7}]}]
    state: draft
plan: {code: plan, version: 1, title: The plan, status: draft, first_year: 2017-18, last_year: 2019-20}
priorities:
  - {code: places, title: Safer places}
indicators:
  - {code: crime, title: Crime, measure: count, polarity: lower_is_better, adds_up: sum}
  - {code: burglary, title: Burglary, measure: count, polarity: lower_is_better, adds_up: sum}
rules:
  - {code: part, title: Part of it, left: [burglary], comparison: at_most, right: [crime]}
  - code: strict
    title: Both together
    left: [crime, burglary]
    comparison: at_least
    right: [crime]
    when_missing: fail
    severity: error
meetings:
  - code: m1
    group: burglary
    day: 2017-03-01
    kind: extraordinary
    state: inquorate
    state_reason: Snow
    note: By train
    quorum: 3
    items:
      - {title: Locks, handling: considered, text: As last year}
      - {title: Any other business, number: 3, handling: noted}
    attendance: {present: [chair], absent: [commander]}
    attendance_sources:
      - {post: chair, on_behalf_of: commander, heard_how: "By telephone, 2 March"}
  - {code: m2, group: board, day: 2017-06-01, state: held}
decisions:
  - code: d1
    meeting: m1
    number: 1
    text: Locks for every home
    outcome: agreed_with_conditions
    reasons: They work
    conditions: Within the budget
    amount: 1200.5
    evidence: The paper
    subject: {kind: indicators, ref: burglary}
    ratified_at: m2
    on_behalf_of: commander
    heard_how: By telephone
  - {code: d2, group: board, decided_on: 2017-08-01, text: Pay the locksmith, on_behalf_of: chair}
meeting_actions:
  - code: a1
    meeting: m1
    decision: d1
    text: Buy the locks
    owner: commander
    due_on: 2017-09-01
    state: done
    done_on: 2017-08-20
    progress: All bought
    what_changed: Fewer burglaries
    on_behalf_of: commander
    heard_how: By telephone
published_attendance:
  - {group: burglary, year: 2016-17, agency: police, percent: 100, attended: 1, source: Annual report}
"""
"""A document in which every field of the registry's entries is given somewhere."""

each_section = pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[Database]:
    with database(sqlite_url) as each:
        yield each


def test_every_field_is_a_section_of_its_key_or_is_still_to_be_registered() -> None:
    version, *keys = PlanDocument.model_fields
    assert version == "saferplan"
    assert [key for key in keys if key not in NOT_REGISTERED] == [section.key for section in SECTIONS]
    assert [key for key in keys if key in NOT_REGISTERED] == NOT_REGISTERED


def test_what_is_checked_by_hand_is_not_in_the_registry() -> None:
    assert reference.NOT_REGISTERED.keys() <= set(NOT_REGISTERED)


@each_section
def test_a_field_is_a_list_of_its_sections_entries(section: Section[Any]) -> None:
    annotation = PlanDocument.model_fields[section.key].annotation
    assert (get_origin(annotation), get_args(annotation)) == (list, (section.entry,))


@each_section
def test_a_section_stands_in_the_file_of_its_key(section: Section[Any]) -> None:
    assert section.entry.__module__ == f"app.document.section.{section.key}"


@each_section
def test_the_example_gives_every_field(section: Section[Any]) -> None:
    """So that the test below says something of each."""
    entries = getattr(parse_document(EVERY_FIELD), section.key)
    for name, field in section.entry.model_fields.items():
        assert any(getattr(entry, name) != field.get_default() for entry in entries), name


@each_section
def test_entries_come_back_from_the_rows_and_from_print(opened: Database, section: Section[Any]) -> None:
    put(opened, EVERY_FIELD)
    with opened.read() as session:
        source = Export(session, session.exec(select(Partnership)).one(), session.exec(select(Plan)).one())
        entries = list(section.entries(source))
    assert entries == getattr(parse_document(EVERY_FIELD), section.key)
    assert entries == getattr(parse_document(taken(opened)), section.key)
