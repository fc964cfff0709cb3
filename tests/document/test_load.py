"""A document into the database: all or nothing, repeatable, never removing, adopted plans by version."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from app.commands import audit
from app.db import Database
from app.document.refusal import DocumentRefused
from app.models.figures.figure import Figure, FigureRevision
from app.models.figures.submission import Submission
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Agency
from app.models.plan.plan import Plan
from app.models.plan.priority import Priority
from app.models.plan.target import Target
from app.models.record.ledger import AuditEvent, Ledger
from tests.document.build import ADOPTED, SMALL, count, database, put, store_unchecked, taken

NEXT = ADOPTED.replace("version: 1", "version: 2").replace("Be safe", "Be safer")


@pytest.fixture
def opened(database_url: str) -> Iterator[Database]:
    with database(database_url) as each:
        yield each


def refusals(opened: Database, text: str, **how: object) -> list[tuple[int, str]]:
    with pytest.raises(DocumentRefused) as caught:
        put(opened, text, **how)  # type: ignore[arg-type]
    return [(problem.line, problem.code) for problem in caught.value.errors]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def head(opened: Database) -> str:
    with opened.read() as session:
        return session.exec(select(Ledger.head)).one()


def test_a_second_import_changes_nothing(opened: Database) -> None:
    first = put(opened, SMALL)
    before = head(opened)
    second = put(opened, SMALL)
    assert first.counts["created"] > 0
    assert first.counts["figures_created"] == 1
    assert second.changes == []
    assert second.left_alone == []
    assert second.counts == {
        "created": 0,
        "changed": 0,
        "figures_created": 0,
        "figures_revised": 0,
        "figures_unchanged": 1,
    }
    assert head(opened) == before
    assert count(opened, Submission) == count(opened, AuditEvent) == 1


def test_a_dry_run_says_the_same_and_keeps_nothing(opened: Database) -> None:
    dry = put(opened, SMALL, dry_run=True)
    assert count(opened, Plan) == count(opened, Figure) == count(opened, AuditEvent) == 0
    assert put(opened, SMALL).counts == dry.counts


def test_a_bad_figure_keeps_out_the_plan_too(opened: Database) -> None:
    text = SMALL.replace("2017-18-Q1: 25", "2018-19-Q1: 25")
    assert refusals(opened, text) == [(line_of(text, "2018-19-Q1"), "period_not_ended")]
    assert count(opened, Plan) == count(opened, Agency) == count(opened, Figure) == 0


def test_of_a_period_to_come_only_what_is_promised_is_known(opened: Database) -> None:
    row = "rows:\n        - {period: 2018-19-Q1, missing: not_collected}"
    text = SMALL.replace("values:\n        2017-18-Q1: 25", row)
    assert refusals(opened, text) == [(line_of(text, "2018-19-Q1"), "period_not_ended")]
    put(opened, text.replace("not_collected", "awaited, expected_on: 2018-07-30"))


def test_the_audit_record_vouches_for_the_figures(opened: Database) -> None:
    put(opened, SMALL)
    with opened.read() as session:
        event_ = session.exec(select(AuditEvent)).one()
        assert "rows_sha256" in event_.data
        assert event_.actor == "command line"
        assert list(audit.verify(session)) == []


def test_a_draft_changes_in_place(opened: Database) -> None:
    put(opened, SMALL)
    outcome = put(opened, SMALL.replace("title: Be safe", "title: Be very safe"))
    assert outcome.changes == ["priority safe: title was Be safe, now Be very safe"]
    with opened.read() as session:
        assert session.exec(select(Priority.title)).all() == ["Be very safe"]
    assert count(opened, Plan) == 1


def test_what_a_draft_no_longer_says_stays_and_is_reported(opened: Database) -> None:
    put(opened, SMALL)
    shorter = SMALL[: SMALL.index("priorities:")]
    outcome = put(opened, shorter)
    assert outcome.changes == []
    assert outcome.left_alone == [
        "priority safe is not in the document",
        "indicator crime is not in the document",
        "1 figure of crime: not in the document",
    ]
    assert count(opened, Priority) == count(opened, Indicator) == count(opened, Figure) == 1


def test_a_field_the_document_leaves_out_stays(opened: Database) -> None:
    put(opened, SMALL.replace("adds_up: sum", "adds_up: sum\n    definition: Every crime\n    decimals: 2"))
    assert put(opened, SMALL).changes == []
    with opened.read() as session:
        row = session.exec(select(Indicator)).one()
        assert (row.definition, row.decimals) == ("Every crime", 2)


def test_the_order_of_the_document_is_kept(opened: Database) -> None:
    second = SMALL.replace(
        "    measures:\n", "    themes: [{code: b, title: B}, {code: a, title: A}]\n    measures:\n"
    )
    put(opened, second)
    swapped = second.replace(
        "{code: b, title: B}, {code: a, title: A}", "{code: a, title: A}, {code: b, title: B}"
    )
    assert put(opened, swapped).changes == ["safe theme: their order"]
    assert put(opened, swapped).changes == []
    assert taken(opened).index("code: a,") < taken(opened).index("code: b,")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: The plan", "title: Another"),
        ("title: Be safe", "title: Be safer"),
        ("words: Crime", "words: All crime"),
        ("title: Crime", "title: All crime"),
        ("target: Fewer than 100", "target: Fewer than 90"),
        ("value: 100}", "value: 101}"),
        ("    measures:\n", "    themes: [{code: a, title: New}]\n    measures:\n"),
        ("last_year: 2019-20", "last_year: 2020-21"),
    ],
)
def test_an_adopted_plan_stays_as_it_was_adopted(opened: Database, old: str, new: str) -> None:
    put(opened, ADOPTED)
    before = taken(opened)
    with pytest.raises(DocumentRefused) as caught:
        put(opened, ADOPTED.replace(old, new))
    assert {problem.code for problem in caught.value.errors} == {"adopted_plan"}
    assert "version: 2" in caught.value.errors[0].message
    assert taken(opened) == before


def test_an_adopted_plan_still_takes_figures_changes_and_agencies(opened: Database) -> None:
    put(opened, ADOPTED)
    text = ADOPTED.replace("2017-18-Q1: 25", "2017-18-Q1: 25\n        2017-18-Q2: 26")
    text = text.replace(
        "    target: Fewer than 100\n",
        "    target: Fewer than 100\n    published_changes:\n      - {period: 2017-04/2017-09, "
        "compared_with: 2016-04/2016-09, change: 8, words: Up 8%}\n",
    )
    text = text.replace(
        "agencies:\n", "agencies:\n  - {code: fire, name: Fire, kind: responsible_authority}\n"
    )
    outcome = put(opened, text)
    assert outcome.counts["figures_created"] == 1
    assert outcome.counts["created"] == 2
    assert put(opened, text).changes == []


def test_the_next_version_supersedes_and_loses_nothing(opened: Database) -> None:
    put(opened, ADOPTED)
    first = taken(opened, 1)
    outcome = put(opened, NEXT)
    assert "plan plan version 1 is superseded" in outcome.changes
    with opened.read() as session:
        plans = session.exec(select(Plan.version, Plan.status).order_by(col(Plan.version))).all()
        assert plans == [(1, "superseded"), (2, "adopted")]
    assert taken(opened, 1) == first.replace("status: adopted", "status: superseded")
    assert "Be safer" in taken(opened, 2)
    assert put(opened, ADOPTED).left_alone == ["plan plan version 1 stays superseded"]


def test_versions_come_one_after_another(opened: Database) -> None:
    put(opened, ADOPTED)
    text = ADOPTED.replace("version: 1", "version: 3")
    assert refusals(opened, text) == [(line_of(text, "version: 3"), "bad_version")]


def test_a_draft_is_adopted_in_place(opened: Database) -> None:
    put(opened, SMALL)
    assert put(opened, ADOPTED).changes == ["plan plan: status was draft, now adopted"]
    assert {code for _, code in refusals(opened, SMALL)} == {"adopted_plan"}


def test_a_figure_changes_with_a_reason_alone(opened: Database) -> None:
    put(opened, SMALL)
    text = SMALL.replace("2017-18-Q1: 25", "2017-18-Q1: 27")
    assert refusals(opened, text) == [(line_of(text, "2017-18-Q1: 27"), "reason_required")]
    outcome = put(opened, text.replace("      values:", "      reason: Late reports\n      values:"))
    assert outcome.counts["figures_revised"] == 1
    with opened.read() as session:
        revisions = session.exec(select(FigureRevision).order_by(col(FigureRevision.number))).all()
        assert [(str(row.value), row.reason) for row in revisions] == [("25", ""), ("27", "Late reports")]
        figure = session.exec(select(Figure)).one()
        assert (str(figure.value), figure.revision) == ("27", 2)
        assert revisions[0].recorded_at.date() == date(2017, 8, 1)
        assert revisions[1].recorded_at.date() == date(2017, 12, 20)


def test_an_old_file_takes_no_revision_back(opened: Database) -> None:
    put(opened, SMALL)
    revised = SMALL.replace("2017-18-Q1: 25", "2017-18-Q1: 27").replace(
        "      values:", "      reason: Late reports\n      values:"
    )
    put(opened, revised)
    assert refusals(opened, SMALL) == [(line_of(SMALL, "2017-18-Q1: 25"), "revised_since")]
    back = SMALL.replace("      values:", "      reason: It was right before\n      values:")
    assert [code for _, code in refusals(opened, back)] == ["recorded_out_of_order"]
    back = back.replace("2017-18-Q1: 25", "2017-18-Q1: 25 on 2017-12-20")
    assert put(opened, back).counts["figures_revised"] == 1
    assert put(opened, back).changes == []


@pytest.mark.parametrize("day", ["2017-12-21", "2018-08-01"])
def test_nothing_is_recorded_in_the_future(opened: Database, day: str) -> None:
    text = SMALL.replace("recorded_on: 2017-08-01", f"recorded_on: {day}")
    assert [code for _, code in refusals(opened, text)] == ["recorded_in_future"]
    text = SMALL.replace("target: Fewer than 100", f"target: {{words: Fewer than 100, recorded_on: {day}}}")
    assert [code for _, code in refusals(opened, text)] == ["recorded_in_future"]


def test_a_revision_is_not_recorded_before_what_it_revises(opened: Database) -> None:
    put(opened, SMALL)
    text = SMALL.replace("2017-18-Q1: 25", "2017-18-Q1: 27 on 2017-07-01").replace(
        "      values:", "      reason: Late reports\n      values:"
    )
    assert [code for _, code in refusals(opened, text)] == ["recorded_out_of_order"]


def test_a_draft_targets_versions_are_only_added(opened: Database) -> None:
    put(opened, SMALL)
    put(opened, SMALL.replace("target: Fewer than 100", "target: {words: Fewer than 90, reason: Bolder}"))
    with opened.read() as session:
        versions = session.exec(select(Target).order_by(col(Target.number))).all()
        assert [(row.number, row.words, row.reason) for row in versions] == [
            (1, "Fewer than 100", ""),
            (2, "Fewer than 90", "Bolder"),
        ]
    assert put(opened, SMALL).left_alone == ["a version of the target of crime is not in the document"]


def test_an_agency_of_others_keeps_its_name(opened: Database) -> None:
    put(opened, SMALL)
    other = SMALL.replace("testshire", "elsewhere").replace("Testshire Police", "Our Police")
    outcome = put(opened, other)
    assert any("police is known as Testshire Police" in words for words in outcome.left_alone)
    assert count(opened, Agency) == 1
    assert count(opened, Indicator) == 2


def test_only_ones_own_partnerships_are_changed(opened: Database) -> None:
    assert [code for _, code in refusals(opened, SMALL, allowed={"elsewhere"})] == ["not_your_partnership"]
    assert put(opened, SMALL, allowed={"testshire"}).counts["figures_created"] == 1


def test_plan_checks_are_warnings_with_lines(opened: Database) -> None:
    text = SMALL.replace("Fewer than 100", "Fewer than 120")
    warnings = put(opened, text).warnings
    assert [(warning.line, warning.code) for warning in warnings] == [
        (line_of(text, "  - code: crime"), "target_looser_than_baseline")
    ]


def test_an_edit_goes_up_in_version_for_whoever_else_is_editing(opened: Database) -> None:
    put(opened, SMALL)
    put(opened, SMALL.replace("title: Crime", "title: All crime"))
    with opened.read() as session:
        assert session.exec(select(Indicator.version)).one() == 2


def test_a_thousand_figures_take_as_many_statements_as_ten(opened: Database) -> None:
    def statements(years: range) -> int:
        values = "".join(f"        {y}-{m:02d}/{y}-{m:02d}: {m}\n" for y in years for m in range(1, 13))
        text = SMALL.replace("        2017-18-Q1: 25\n", values).replace("testshire", f"p{years.start}")
        run: list[str] = []
        event.listen(opened.engine, "before_cursor_execute", lambda *given: run.append(given[2]))
        outcome = put(opened, text)
        assert outcome.counts["figures_created"] == 12 * len(years)
        return len(run)

    assert statements(range(1930, 2014)) <= statements(range(2016, 2017)) + 40


def test_what_is_stored_and_refused_today_is_warned_of(opened: Database) -> None:
    """An export goes in again as it is; what it changes has to be good."""
    put(opened, SMALL)
    store_unchecked(opened, "2017-18-Q2", "1.5", tolerance="-3")
    text = taken(opened)
    again = put(opened, text)
    figure, indicator = line_of(text, "2017-18-Q2"), line_of(text, "tolerance: '-3'")
    assert [(warning.line, warning.code) for warning in again.warnings] == [
        (indicator, "negative"),
        (figure, "not_whole"),
    ]
    assert "value: This counts things" in again.warnings[-1].message
    assert again.changes == []
    assert refusals(opened, text.replace("2017-18-Q2: 1.5", "2017-18-Q2: 2.5")) >= [(figure, "not_whole")]
    assert refusals(opened, text.replace("'-3'", "'-4'")) == [(indicator, "negative")]


PARTED = SMALL.replace(
    "    responsible: police\n", "    responsible: police\n    breakdowns: {kind: [a, b]}\n"
).replace(
    "        2017-18-Q1: 25\n",
    "        2017-18-Q1: 25\n"
    "    - {breakdown: {kind: a}, values: {2017-18-Q1: PART}}\n"
    "    - {breakdown: {kind: b}, values: {2017-18-Q1: 10}}\n",
)


def test_parts_are_held_to_their_total(opened: Database) -> None:
    """Refused by each of their lines where they come to more, warned of at the total where to less."""
    text = PARTED.replace("PART", "20")
    lines = [line_of(text, "2017-18-Q1: 25"), line_of(text, "kind: a}"), line_of(text, "kind: b}")]
    assert refusals(opened, text) == [(line, "parts_exceed_total") for line in lines]
    assert put(opened, PARTED.replace("PART", "15"), dry_run=True).warnings == []
    warnings = put(opened, PARTED.replace("PART", "5")).warnings
    assert [(each.line, each.code) for each in warnings] == [(lines[0], "parts_differ_from_total")]


def test_figures_are_held_to_the_rules_between_indicators(opened: Database) -> None:
    rule = (
        "rules:\n  - code: none\n    title: No crime\n    left: [crime]\n    comparison: below\n"
        "    right: [crime]\n    severity: error\n"
    )
    text = SMALL.replace("figures:\n", f"{rule}figures:\n")
    assert refusals(opened, text) == [(line_of(text, "2017-18-Q1: 25"), "rule_broken")]


def test_what_was_mended_is_not_put_back(opened: Database) -> None:
    """That an earlier revision said it does not make it good."""
    put(opened, SMALL)
    store_unchecked(opened, "2017-18-Q2", "1.5")
    text = taken(opened)
    rows = "      rows:\n        - {period: 2017-18-Q2, value: VALUE, reason: WHY}\n"
    without = (
        "".join(line for line in text.splitlines(keepends=True) if "2017-18-Q2" not in line).rstrip() + "\n"
    )
    put(opened, without + rows.replace("VALUE", "2").replace("WHY", "mended"))
    again = without + rows.replace("VALUE", "1.5").replace("WHY", "back to the first")
    assert refusals(opened, again) == [(line_of(again, "2017-18-Q2"), "not_whole")]


def test_a_changed_definition_is_held_to_the_figures(opened: Database) -> None:
    """What fitted what was stored, and does not fit what the document makes of it, is refused."""
    text = SMALL.replace("2017-18-Q1: 25", "2017-18-Q1: 150")
    put(opened, text)
    changed = text.replace("measure: count", "measure: percentage")
    assert refusals(opened, changed) == [(line_of(text, "2017-18-Q1"), "over_100_percent")]


def test_a_wrong_total_is_not_held_against_its_parts(opened: Database) -> None:
    text = PARTED.replace("PART", "10").replace("2017-18-Q1: 25", "2017-18-Q1: 1.5")
    assert refusals(opened, text) == [(line_of(text, "2017-18-Q1: 1.5"), "not_whole")]


def test_a_difference_that_stands_is_not_asked_about_again(opened: Database) -> None:
    text = PARTED.replace("PART", "5")
    assert [each.code for each in put(opened, text).warnings] == ["parts_differ_from_total"]
    assert put(opened, text).warnings == []


@pytest.mark.parametrize(
    ("day", "is_taken"), [("2019-12-20", True), ("2019-12-21", False), ("9999-12-31", False)]
)
def test_a_figure_is_promised_within_two_years(opened: Database, day: str, is_taken: bool) -> None:
    row = f"rows:\n        - {{period: 2017-18-Q2, missing: awaited, expected_on: {day}}}"
    text = SMALL.replace("values:\n        2017-18-Q1: 25", row)
    if is_taken:
        put(opened, text)
    else:
        assert refusals(opened, text) == [(line_of(text, day), "bad_promise")]
