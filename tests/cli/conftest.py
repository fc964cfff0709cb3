"""The command line as a person meets it: arguments in, words and an exit status out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command; `database` sets where it works from then on."""

    def command(*arguments: str, database: str | None = None) -> Said:
        if database is not None:
            monkeypatch.setenv("DATABASE_URL", database)
        monkeypatch.setenv("SAFERPLAN_TODAY", "2017-12-20")
        try:
            main(arguments)
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return command


@pytest.fixture
def place(tmp_path: Path) -> str:
    """The URL of a database that is not there yet."""
    return f"sqlite:///{tmp_path / 'new.db'}"
