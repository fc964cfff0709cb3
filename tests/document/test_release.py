"""Who may see an indicator's figures, in the document: an audience alone, or with approvals; only ever added to."""

import shutil
from pathlib import Path

import pytest

from app.document.refusal import DocumentRefused
from app.document.shape import schema
from app.models.figures.release import Release
from tests.document.build import SMALL, count, database, put, taken
from tests.document.test_schema import VALIDATOR, as_editors_see

MEASURED = "    adds_up: sum\n"
KEPT = SMALL.replace(MEASURED, f"{MEASURED}    release: partnership\n")
FIRST = "{period: 2017-18-Q1, to: public, from: 2017-09-01, reason: Cleared, recorded_on: 2017-08-30}"
SECOND = "{period: 2017-18-Q1, to: board, from: 2018-01-08, recorded_on: 2017-12-18}"


def approved(*approvals: str, to: str = "partnership") -> str:
    lines = "".join(f"        - {each}\n" for each in approvals)
    return SMALL.replace(MEASURED, f"{MEASURED}    release:\n      to: {to}\n      approvals:\n{lines}")


@pytest.mark.parametrize(
    "document", [SMALL, KEPT, approved(FIRST, SECOND), approved(SECOND, FIRST, to="submitter")]
)
def test_it_comes_out_as_it_went_in(
    database_url: str, document: str, sqlite_template: Path, tmp_path: Path
) -> None:
    with database(database_url) as opened:
        put(opened, document)
        written = taken(opened)
        assert put(opened, written).changes == []
    assert ("release:" in written) == ("release:" in document)
    assert "release: partnership\n" in written or document != KEPT
    another = shutil.copyfile(sqlite_template, tmp_path / "another.db")
    with database(f"sqlite:///{another}") as again:
        put(again, written)
        assert taken(again) == written


def test_everybody_is_left_out(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, approved(FIRST, to="public"))
        assert "      approvals:\n" in taken(opened)
        assert "to: public\n" not in taken(opened)


def test_approvals_are_only_added(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, approved(FIRST))
        outcome = put(opened, approved(FIRST, SECOND))
        assert "release of crime for 2017-18-Q1" in outcome.changes
        assert count(opened, Release) == 2
        fewer = put(opened, approved(SECOND))
        assert (fewer.changes, count(opened, Release)) == ([], 2)
        assert "an approval to release crime is not in the document" in fewer.left_alone


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (KEPT.replace("release: partnership", "release: press"), "board"),
        (approved(FIRST.replace("2017-18-Q1", "2018")), "2018"),
        (approved(FIRST.replace("2017-08-30", "2018-08-30")), "has not come yet"),
    ],
)
def test_what_is_not_taken(sqlite_url: str, document: str, said: str) -> None:
    with database(sqlite_url) as opened:
        with pytest.raises(DocumentRefused) as refused:
            put(opened, document)
        assert said in str(refused.value.errors)
        assert count(opened, Release) == 0


@pytest.mark.parametrize(
    ("document", "fits"),
    [(KEPT, True), (approved(FIRST), True), (KEPT.replace("release: partnership", "release: press"), False)],
)
def test_editors_know_both_forms(document: str, fits: bool) -> None:
    assert VALIDATOR.is_valid(as_editors_see(document)) == fits
    assert "release" in schema()["$defs"]["IndicatorEntry"]["properties"]
