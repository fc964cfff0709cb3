"""Import and export from the command line."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.document.build import ADOPTED, SMALL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_in_and_out(run: Run, database_url: str, file: Path, tmp_path: Path) -> None:
    said = run("import", str(file), database=database_url)
    assert said.status == 0, said.err
    assert "1 figures created" in said.out
    assert "Nothing to change" in run("import", str(file)).out
    written = tmp_path / "out.yaml"
    assert run("export", "-o", str(written)).status == 0
    assert written.read_text(encoding="utf-8") == run("export", "--plan", "plan", "--version", "1").out
    assert "Nothing to change" in run("import", str(written)).out


def test_a_dry_run_keeps_nothing(run: Run, sqlite_url: str, file: Path) -> None:
    said = run("import", str(file), "--dry-run", database=sqlite_url)
    assert said.status == 0
    assert "would create: partnership testshire" in said.out
    assert "would change" not in said.out
    assert "no partnership yet" in run("export").err


def test_a_refusal_names_lines_and_has_a_status(run: Run, sqlite_url: str, file: Path) -> None:
    file.write_text(SMALL.replace("measure: count", "measure: cuont"), encoding="utf-8")
    said = run("import", str(file), database=sqlite_url)
    assert said.status == 1
    assert "nothing was kept" in said.err
    assert "line 22: measure: cuont is not one of" in said.err


def test_warnings_are_printed(run: Run, sqlite_url: str, file: Path) -> None:
    file.write_text(SMALL.replace("Fewer than 100", "Fewer than 120"), encoding="utf-8")
    assert "to check:" in run("import", str(file), database=sqlite_url).out


def test_a_file_that_is_not_there(run: Run, sqlite_url: str, tmp_path: Path) -> None:
    said = run("import", str(tmp_path / "none.yaml"), database=sqlite_url)
    assert said.status == 1
    assert "none.yaml" in said.err
    assert "Traceback" not in said.err


def test_which_plan_and_partnership(run: Run, sqlite_url: str, file: Path) -> None:
    run("import", str(file), database=sqlite_url)
    file.write_text(ADOPTED.replace("testshire", "elsewhere"), encoding="utf-8")
    run("import", str(file))
    assert "--partnership: elsewhere, testshire" in run("export").err
    assert "code: testshire" in run("export", "--partnership", "testshire").out
    assert "There is: plan version 1" in run("export", "--partnership", "testshire", "--version", "4").err
    assert "There is no partnership x" in run("export", "--partnership", "x").err
