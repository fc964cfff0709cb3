"""Bradford's paper, line by line; and what was invented beside it, never mixed up with it."""

import re
from decimal import Decimal

import pytest

from app.demo.content import BRADFORD
from app.document.load.history import histories
from app.document.read import parse_document
from app.document.shape import MeasureEntry
from app.domain.plan.target_shape import AsWritten
from app.domain.plan.target_words import parse
from tests.document.build import TODAY, database, put

DOCUMENT = parse_document(BRADFORD.read_bytes())
INDICATORS = {entry.code: entry for entry in DOCUMENT.indicators}
LINES: dict[str, MeasureEntry] = {
    measure.code: measure for priority in DOCUMENT.priorities for measure in priority.measures
}
HISTORIES = list(histories(DOCUMENT))

TABLE = [
    ("repeat-domestic-abuse", "41.4%", "Lower than 41.4%"),
    ("dv-serious-violence", "85", "Fewer than 85"),
    ("serious-sexual-offences", "1,407", "Fewer than 1,407"),
    ("cse-hub-referrals", "817", "Increase"),
    ("total-crime", "57,740", "Fewer than 59,757"),
    ("burglary-residential", "*", "Target to be set in 2018"),
    ("hate-crime", "1,353", "Fewer than 1,353"),
    ("police-satisfaction", "76%", "Greater than 76%"),
    ("asb-satisfaction", "72.6%", "Greater than 72.7%"),
    ("asb-incidents", "15, 487", "Fewer than 15,487"),
    ("pspo-awareness-sessions", "-", "Create baseline"),
    ("killed-seriously-injured", "137", "2018: fewer than 173; 2019: fewer than 167"),
    ("dwelling-fires", "311", "Target to be set in 2018"),
    ("fire-attended-collisions", "137", "Target to be set in 2018"),
    ("treatment-completion", "a) 4.7%, b) 40.4%", "a) 8%, b) 43%"),
    ("treatment-completion-alcohol", "39%", "35%"),
    (
        "cohesion-get-on-well",
        "62.6% **",
        "Target to be set in 2018 when we have baseline from new Your Views Survey",
    ),
    ("new-volunteers", "4,097", "Increase"),
    ("people-can-events", "219", "Increase"),
]


def test_three_priorities_with_their_lettered_themes_and_objectives() -> None:
    shape = [
        ("".join(theme.code for theme in priority.themes), len(priority.objectives))
        for priority in DOCUMENT.priorities
    ]
    assert shape == [("abcdefg", 7), ("abcde", 11), ("abcd", 7)]


def test_every_line_of_the_table_in_its_order() -> None:
    printed = [(code, line.baseline_words, line.target_words) for code, line in LINES.items()]
    assert printed == TABLE


@pytest.mark.parametrize("code", [code for line in LINES.values() for code in line.indicators])
def test_a_lines_indicator_says_what_the_line_says(code: str) -> None:
    line = next(line for line in LINES.values() if code in line.indicators)
    entry = INDICATORS[code]
    target = parse(entry.target[-1].words)
    assert not isinstance(target, AsWritten)
    assert entry.target[-1].words in (line.target_words or "")
    baseline = entry.baseline[-1]
    if baseline.value is not None:
        assert f"{baseline.value:,}" in (line.baseline_words or "").replace(", ", ",")
    else:
        assert line.baseline_words in ("*", "-")


def test_quarters_add_up_to_the_published_year() -> None:
    totals = {(h.indicator, str(h.period)): h.states[-1].value for h in HISTORIES if not h.breakdown}
    added = 0
    for code, entry in INDICATORS.items():
        quarters = [totals.get((code, f"2016-17-Q{n}")) for n in (1, 2, 3, 4)]
        if entry.adds_up == "sum" and entry.baseline and None not in quarters:
            assert sum(q for q in quarters if q is not None) == entry.baseline[-1].value, code
            added += 1
    assert added >= 9


def test_strands_add_up_to_all_hate_crime() -> None:
    parts: dict[str, Decimal] = {}
    for h in HISTORIES:
        if h.indicator == "hate-crime" and h.breakdown:
            parts[str(h.period)] = parts.get(str(h.period), Decimal(0)) + (h.states[-1].value or 0)
    whole = {
        str(h.period): h.states[-1].value
        for h in HISTORIES
        if h.indicator == "hate-crime" and not h.breakdown
    }
    assert parts == {period: whole[period] for period in parts}
    assert len(parts) == 5


def test_what_was_invented_is_marked_and_what_was_published_is_not() -> None:
    for history in HISTORIES:
        for state in history.states:
            invented = state.note.startswith("Illustrative: invented")
            assert invented != state.note.startswith("Published")
            assert (state.status == "final") != invented


def test_everything_was_known_before_the_demonstrations_day() -> None:
    days = [state.recorded_on for history in HISTORIES for state in history.states]
    assert all(day is not None and day < TODAY for day in days)
    days = [version.recorded_on for entry in DOCUMENT.indicators for version in entry.baseline]
    days += [version.recorded_on for entry in DOCUMENT.indicators for version in entry.target]
    assert all(day is not None and day < TODAY for day in days)


def test_some_figures_were_revised_with_a_reason() -> None:
    revised = [history for history in HISTORIES if len(history.states) > 1]
    assert len(revised) >= 3
    assert all(history.states[-1].reason for history in revised)


@pytest.mark.parametrize(
    ("code", "period", "breakdown"),
    [
        ("repeat-domestic-abuse", "2016-10/2017-09", ""),
        ("hate-crime", "2017-18-Q2", "strand=race"),
        ("asb-satisfaction", "2017-18-Q2", ""),
        ("treatment-completion-opiate", "2016-10/2017-09", ""),
    ],
)
def test_the_contracts_example_finds_its_places_free(code: str, period: str, breakdown: str) -> None:
    taken = {(h.indicator, str(h.period), h.breakdown) for h in HISTORIES}
    assert (code, period, breakdown) not in taken
    assert "co-located-analysts" in INDICATORS[code].suppliers


def test_main_series_are_long_enough_to_be_tested() -> None:
    for code in ("total-crime", "asb-incidents", "serious-sexual-offences", "killed-seriously-injured"):
        quarters = [h for h in HISTORIES if h.indicator == code and h.period.is_quarter]
        assert len(quarters) >= 16


def test_the_plans_oddities_are_all_asked_about(database_url: str) -> None:
    with database(database_url) as opened:
        outcome = put(opened, BRADFORD.read_bytes())
    found = {(warning.code, warning.line) for warning in outcome.warnings}
    places = {code: DOCUMENT.line("indicators", n) for n, code in enumerate(INDICATORS)}
    for code in ("total-crime", "killed-seriously-injured", "treatment-completion-alcohol"):
        assert ("target_looser_than_baseline", places[code]) in found
    assert ("baseline_contradicted", places["burglary-residential"]) in found
    assert ("baseline_other_period", places["cohesion-get-on-well"]) in found
    assert "identical_baselines" in {code for code, _ in found}
    assert ("target_looser_than_baseline", places["asb-satisfaction"]) not in found


def test_it_names_no_person_and_no_way_to_reach_one() -> None:
    text = BRADFORD.read_text(encoding="utf-8")
    assert "@" not in text
    assert re.search(r"\b0\d{3,4}[ -]?\d{5,6}\b", text) is None
    assert re.search(r"\b(Cllr|Councillor|Chief Superintendent|Mr|Mrs|Ms)\b", text) is None
