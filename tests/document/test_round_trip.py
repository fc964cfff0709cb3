"""Exporting, importing into an empty database and exporting again: the same bytes, and the same facts."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.document.load.history import histories
from app.document.read import parse_document
from app.document.shape import PlanDocument
from app.document.yaml_out import Flow, FlowList, document
from app.document.yaml_text import parse
from tests.document.build import ADOPTED, DOCUMENTS, SMALL, database, put, taken

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cn", "Co"), exclude_characters="\ufffe\uffff"))
PRINTED = TEXT.filter(lambda text: all(c >= " " or c in "\n\t\r" for c in text) and "\x7f" not in text)
LATER = date(2018, 6, 1)


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Path:
    """The file of another database, for what came out of the first."""
    return Path(shutil.copyfile(sqlite_template, tmp_path / "empty.db"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_published_plan_comes_back_the_same(path: Path, database_url: str, empty: Path) -> None:
    source = path.read_bytes()
    with database(database_url) as opened:
        put(opened, source)
        first = taken(opened)
        assert put(opened, source).changes == []
        assert put(opened, first).changes == []
    assert again(first, empty) == first
    assert facts(parse_document(source)) == facts(parse_document(first))


def test_versions_and_revisions_come_back_the_same(database_url: str, empty: Path) -> None:
    with database(database_url) as opened:
        put(opened, SMALL, today=date(2017, 9, 1))
        changed = SMALL.replace("target: Fewer than 100", "target: {words: Fewer than 90, reason: Bolder}")
        changed = changed.replace("value: 100}", "value: 101, reason: Counted again}")
        changed = changed.replace("      values:", "      reason: Late reports\n      values:")
        put(opened, changed.replace("2017-18-Q1: 25", "2017-18-Q1: 27"))
        first = taken(opened)
    assert all(words in first for words in ("Bolder", "Counted again", "Late reports", "2017-09-01"))
    assert again(first, empty) == first


def test_years_that_would_read_two_ways_elsewhere(database_url: str, empty: Path) -> None:
    """2011-12 is December too where a month may stand; as a plan's year it can only be the year."""
    early = SMALL.replace("first_year: 2017-18", "first_year: 2011-12").replace(
        "last_year: 2019-20", "last_year: 2011-04/2012-03"
    )
    assert early != SMALL
    with database(database_url) as opened:
        put(opened, early)
        first = taken(opened)
        assert put(opened, first).changes == []
    assert "last_year: 2011-12" in first
    assert again(first, empty) == first


def test_a_later_version_of_an_adopted_plan_stands_alone(database_url: str, empty: Path) -> None:
    with database(database_url) as opened:
        put(opened, ADOPTED)
        put(opened, ADOPTED.replace("version: 1", "version: 2").replace("Be safe", "Be safer"))
        assert again(taken(opened, 2), empty) == taken(opened, 2)


def again(text: str, empty: Path) -> str:
    """Through the empty database of that file, on a later day."""
    with database(f"sqlite:///{empty}") as opened:
        put(opened, text, today=LATER)
        return taken(opened)


def facts(document: PlanDocument) -> dict[str, Any]:
    """All that a document says, but for the days it left to its reader and the order of its figures."""
    said = document.model_dump(exclude={"figures"}, exclude_none=True)
    for indicator in said["indicators"]:
        for version in indicator["target"]:
            version.setdefault("from_period", document.plan.first_year)
        for version in [*indicator["target"], *indicator["baseline"]]:
            version.pop("recorded_on", None)
    said["partnership"]["short_name"] = document.partnership.short_name or document.partnership.name
    said["figures"] = sorted((h.identity, h.states) for h in histories(document))
    for grant in said["grants"]:
        for lines in ("lines", "at_award"):
            grant[lines] = [even_or_by_quarter(line) for line in grant.get(lines, [])]
    return said


def even_or_by_quarter(line: dict[str, Any]) -> dict[str, Any]:
    """A grant's line; the same amount in every quarter is written as one amount."""
    amounts = [each["amount"] for each in line["profile"]]
    if len(amounts) < 2 or len(set(amounts)) > 1:
        return line
    return {**line, "amount": sum(amounts), "profile": []}


@given(PRINTED.filter(bool))
def test_any_text_is_written_so_that_it_reads_back(text: str) -> None:
    written = document({"a": {"key": text}, "b": [text, {"c": text}]})
    assert parse(written) == {"a": {"key": text}, "b": [text, {"c": text}]}


@given(PRINTED.filter(bool))
def test_any_text_is_written_so_in_one_line_too(text: str) -> None:
    written = document({"a": Flow(key=text), "b": FlowList([text, text])})
    assert parse(written) == {"a": {"key": text}, "b": [text, text]}


@given(PRINTED.filter(bool))
def test_other_readers_of_yaml_see_the_same(text: str) -> None:
    assert yaml.load(document({"a": [text]}), Loader=yaml.BaseLoader) == {"a": [text]}
