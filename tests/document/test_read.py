"""Text to a typed document: what is refused, on which line, and with what help."""

from decimal import Decimal

import pytest

from app.document.read import parse_document
from app.document.reference import figure_problems
from app.document.refusal import DocumentRefused
from app.document.shape import PlanDocument
from tests.document.build import SMALL

TITLE = "  title: The plan\n"


def checked(text: str | bytes) -> None:
    """As a document is into a database that is empty."""
    if found := list(figure_problems(parse_document(text))):
        raise DocumentRefused(found)


def refused(text: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(DocumentRefused) as caught:
        checked(text)
    return [(line, code, message) for line, code, message in caught.value.errors]


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("title: The plan", "titel: The plan", "unknown_key", "Did you mean title?"),
        ("title: The plan", "title: [a]", "wrong_shape", "found a list"),
        ("status: draft", "status: adoptd", "not_a_choice", "Did you mean adopted?"),
        ("first_year: 2017-18", "first_year: 2017", "bad_period", "2017-18"),
        ("first_year: 2017-18", "first_year: 2017-09", "not_a_financial_year", "2017-18"),
        ("last_year: 2019-20", "last_year: 2016-17", "years_reversed", "before its first"),
        ("version: 1", "version: 1_0", "not_a_number", "plain digits"),
        ("version: 1", "version: 0o17", "not_a_number", "plain digits"),
        ("version: 1", "version: 0x1", "not_a_number", "plain digits"),
        ("version: 1", "version: 1.5", "not_whole", "whole number"),
        ("version: 1", "version: 0", "bad_version", "from 1"),
        ("measure: count", "measure: counts", "not_a_choice", "Did you mean count?"),
        ("polarity: lower_is_better", "polarity: lower is better", "not_a_choice", "lower_is_better"),
        ("    responsible: police", "    responsible: polise", "unknown_agency", "Did you mean police?"),
        ("    responsible: police", "    survey: perhaps", "not_yes_or_no", "yes or no"),
        ("    responsible: police", "    paired_with: crime", "unknown_indicator", "crime"),
        ("indicators: [crime]}", "indicators: [crimes]}", "unknown_indicator", "Did you mean crime?"),
        ("indicators: [crime]}", "indicators: [crime], theme: a}", "unknown_theme", "theme a"),
        ("area: T1}", "area: T2}", "unknown_area", "Known here: T1."),
        ("value: 100}", "value: 1,00}", "unknown_key", "00"),
        ("value: 100}", "value: '1,00'}", "not_a_number", "without commas"),
        ("value: 100}", "value: 100, year: 2017-18}", "bad_baseline", "one of the three"),
        ("2017-18-Q1: 25", "2017-18-Q5: 25", "bad_period", "Q1 to Q4"),
        ("2017-18-Q1: 25", "2017-Q2: 25", "bad_period", "2017-18"),
        ("2017-18-Q1: 25", "2017-18-Q1: 25.5", "not_whole", "whole number"),
        ("2017-18-Q1: 25", "2017-18-Q1: -1", "negative", "zero or more"),
        ("2017-18-Q1: 25", "2017-18-Q1: 25 on 1 August", "not_a_number", "plain digits"),
        ("2017-18-Q1: 25", "2017-18-Q1: 25 on 2017-13-01", "not_a_date", "YYYY-MM-DD"),
        ("2017-18-Q1: 25", "2017-18-Q1:", "wrong_shape", "found nothing"),
        ("2017-18-Q1: 25", "2017-18-Q1: 1e3", "not_a_number", "plain digits"),
        ("2017-18-Q1: 25", "2017-18-Q1: .nan", "not_a_number", "plain digits"),
        ("2017-18-Q1: 25", "2017-18-Q1: 1234567890123456", "too_many_digits", "1,000,000"),
        ("recorded_on: 2017-08-01", "recorded_on: 2017-8-1", "not_a_date", "YYYY-MM-DD"),
        ("title: The plan", "title: &here The plan", "anchor", "anchor"),
        ("title: The plan", "title: *here", "alias", "alias"),
        ("title: The plan", "title: !!str The plan", "tag", "every value is text"),
        ("title: The plan", "title: !!python/object:os.system x", "tag", "every value is text"),
        ("title: The plan", "title: The plan\n  title: Again", "duplicate_key", "already given on line"),
        ("title: The plan", "? [a]\n  : b\n  title: The plan", "bad_key", "name before the colon"),
        ("title: The plan", "title: ''", "empty", "something here"),
        ("title: The plan", "title: 'a\u202eb'", "bad_character", "ordinary text"),
        ("title: The plan", 'title: "a\\0b"', "bad_character", "cannot be shown"),
        ("    responsible: police", "    decimals: 2000000000", "too_large", "at most 6"),
        ("    responsible: police", "    publication_lag_days: 99999", "too_large", "at most 3660"),
        ("    responsible: police", "    unit: " + "x" * 81, "too_long", "80 characters"),
        ("code: plan", "code: pl\u0430n", "bad_code", "letters, digits"),
        ("code: T1, name", "code: T1, kind: district, name", "duplicate_key", "already given"),
        ("saferplan: 1", "saferplan: 2", "not_a_choice", "1"),
    ],
)
def test_a_mistake_is_named_by_its_line(old: str, new: str, code: str, says: str) -> None:
    text = changed(old, new)
    found = refused(text)
    assert code in [found_code for _, found_code, _ in found]
    line, message = next((line, message) for line, found_code, message in found if found_code == code)
    expected = line_of(SMALL, old) + (new.count("\n") if code == "duplicate_key" else 0)
    assert line == expected
    assert says in message


def test_all_mistakes_are_found_at_once() -> None:
    text = changed("title: The plan", "titel: x").replace("measure: count", "measure: bag")
    text = text.replace("2017-18-Q1: 25", "2017-18-Q1: many").replace("kind: district", "kind: distric")
    assert [code for _, code, _ in refused(text)] == [
        "not_a_choice",
        "missing_key",
        "unknown_key",
        "not_a_choice",
        "not_a_number",
    ]


def test_the_same_months_written_two_ways_are_one_figure() -> None:
    text = changed("2017-18-Q1: 25", "2017-18-Q1: 25\n        2017-04/2017-06: 26")
    line = line_of(text, "2017-04/2017-06")
    first = line - 1
    assert refused(text) == [
        (
            line,
            "repeated_figure",
            f"The figure for 2017-18-Q1 is already given on line {first}: keep one of them.",
        )
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{period: 2017-18-Q2}", "value_required"),
        ("{period: 2017-18-Q2, value: 1, missing: confidential}", "value_and_missing"),
        ("{period: 2017-18-Q2, numerator: 1}", "part_required"),
        ("{period: 2017-18-Q2, numerator: 1, denominator: 2}", "not_a_ratio"),
        ("{period: 2017-18-Q2, missing: awaited}", "date_required"),
        ("{period: 2017-18-Q2, value: 1, expected_on: 2018-01-01}", "not_awaited"),
        ("{period: 2017-18-Q2, value: 1, earlier: [{value: 2, recorded_on: 2017-01-01}]}", "reason_needed"),
        (
            "{period: 2017-18-Q2, value: 1, reason: r, earlier: [{value: 2, recorded_on: 2017-09-01}]}",
            "recorded_out_of_order",
        ),
        ("{period: 2017-18-Q2, value: 1, margin_of: both}", "not_a_choice"),
        ("{period: 2017-18-Q2, value: 1, missing: unknown}", "not_a_choice"),
    ],
)
def test_a_figures_rules(row: str, code: str) -> None:
    text = f"{SMALL}      rows:\n        - {row}\n"
    found = refused(text)
    assert (text.count("\n"), code) in [(line, found_code) for line, found_code, _ in found]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        (b"saferplan: 1\nname: \xff\n", "bad_encoding", 2),
        ("saferplan: 1".encode("utf-16"), "bad_encoding", 1),
        ("a: \ud800", "bad_encoding", 1),
        ('a:\n  "\\ud800"', "bad_yaml", 2),
        ("a: b\nc: \x00", "bad_character", 2),
        ("", "empty", 1),
        ("# nothing\n", "empty", 1),
        ("- a\n", "wrong_shape", 1),
        ("just text", "wrong_shape", 1),
        ("a: b\n---\na: c\n", "second_document", 2),
        ("a: [b\nc: d\n", "bad_yaml", 2),
        ("a:\n\t- b\n", "bad_yaml", 2),
        ("[" * 100_000, "too_deep", 1),
        ("a: " + "{a: " * 100_000, "too_deep", 1),
        ("%TAG ! tag:example,2000:\n---\na: b\n", "tag", 1),
        ("a: " + "x" * (5 * 1024 * 1024), "too_large", 1),
        ("a: [" + "b," * 400_001 + "]", "too_many_values", 1),
    ],
)
def test_text_that_is_no_plain_yaml(source: str | bytes, code: str, line: int) -> None:
    found = refused(source)
    assert (line, code) in [(at, found_code) for at, found_code, _ in found]


def test_laughter_is_refused_at_its_first_anchor() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
    codes = {code for _, code, _ in refused(text)}
    assert codes == {"anchor", "alias"}


def test_what_looks_like_a_number_or_a_truth_stays_text() -> None:
    odd = ["no", "yes", "2018", "1_000", "0o17", "2017-12-20", "~", "null", "1e3", "12:30"]
    text = changed(TITLE, TITLE + "  principles: [" + ", ".join(odd) + "]\n")
    assert parse_document(text).plan.principles == odd


def test_numbers_are_exact() -> None:
    document = parse_document(changed("value: 100}", "value: 100.000001}"))
    assert document.indicators[0].baseline[0].value == Decimal("100.000001")


def test_yes_and_no_are_read_where_they_are_asked_for() -> None:
    document = parse_document(changed("    responsible: police", "    survey: yes\n    counts_people: no"))
    assert (document.indicators[0].survey, document.indicators[0].counts_people) == (True, False)


def test_a_key_with_nothing_after_it_is_left_out() -> None:
    document = parse_document(changed(TITLE, TITLE + "  adopted_on:\n  principles:\n"))
    assert document.plan.adopted_on is None
    assert "principles" not in document.plan.model_fields_set


def test_targets_stand_as_words_a_mapping_or_versions() -> None:
    as_words = parse_document(SMALL).indicators[0].target
    mapping = (
        parse_document(changed("target: Fewer than 100", "target: {words: Fewer than 100}"))
        .indicators[0]
        .target
    )
    listed = changed("target: Fewer than 100", "target: [{words: A}, {words: B, reason: C}]")
    assert [version.words for version in as_words] == [version.words for version in mapping]
    assert [version.words for version in parse_document(listed).indicators[0].target] == ["A", "B"]


def test_a_windows_file_with_a_byte_order_mark_reads_the_same() -> None:
    text = "\ufeff" + SMALL.replace("\n", "\r\n")
    assert parse_document(text.encode()).model_dump() == parse_document(SMALL).model_dump()


def test_a_document_knows_its_lines() -> None:
    document: PlanDocument = parse_document(SMALL)
    assert document.line("indicators", 0, "target") == line_of(SMALL, "target: Fewer")
    assert document.line("figures", "crime", 0, "values", "2017-18-Q1") == line_of(SMALL, "2017-18-Q1: 25")
    assert document.line("figures", "crime", 7, "nothing") == line_of(SMALL, "  crime:\n")
