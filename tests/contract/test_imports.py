"""The walls between the parts of the program stand: each is shown by an import that breaks it.

All of them are put into one copy of the program, as one look at it takes some seconds.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import project_file

LAYERS = "every part has its layer, and imports those below it"
DOMAIN = "the domain imports itself, and these of the standard library"
UI = "the UI is a client: of ours it imports the settings, and how a chart is drawn"
MAIL = "mail is sent by what knows the settings alone"
SENT = "mail is sent by the worker"
SERVER = "the server is held to HTTP: of ours it imports the settings, and how the API words a refusal"
HTTP = "below the API nothing knows of HTTP"
AREAS = "in every layer the areas stand in one order, above what they share"
DOCUMENT = "a section of the plan document knows its own entries, and nothing of the whole"
ROUND = "no module imports itself, through however many others"
FILE = "the database's file is locked and watched by what opens it"

BREAKS = (
    (LAYERS, "queries/visible", "app.commands.figures.figure"),
    (LAYERS, "commands/figures/figure", "app.demo.account"),
    (LAYERS, "api/figures/figure", "app.ui.kit.visit"),
    (LAYERS, "models/figures/figure", "app.queries.visible"),
    (LAYERS, "record/row", "app.db"),
    (LAYERS, "config", "app.domain.period"),
    (DOMAIN, "domain/access/password", "argon2"),
    (DOMAIN, "domain/period", "app.gc_settings"),
    (DOMAIN, "domain/period", "os"),
    (DOMAIN, "domain/figures/rule", "app.models.figures.figure"),
    (UI, "ui/kit/forms", "app.gc_settings"),
    (UI, "ui/kit/forms", "app.domain.period"),
    (UI, "ui/kit/render", "sqlalchemy"),
    (MAIL, "mail/smtp", "app.models.access.outbox"),
    (MAIL, "mail/smtp", "httpx"),
    (SENT, "cli/worker", "app.mail"),
    (SERVER, "server/limits", "app.commands.figures.figure"),
    (SERVER, "server/limits", "app.domain.period"),
    (HTTP, "commands/figures/figure", "httpx"),
    (HTTP, "worker", "starlette"),
    (FILE, "queries/visible", "app.database_file"),
    (AREAS, "domain/plan/target_words", "app.domain.figures.figure"),
    (AREAS, "queries/figures/visibility", "app.queries.judgement.series"),
    (AREAS, "commands/audit", "app.commands.returns.reminder"),
    (AREAS, "ui/pages/access/key", "app.ui.pages.figures.upload"),
    (DOCUMENT, "document/section/areas", "app.document.yaml_text"),
    (DOCUMENT, "document/kit/row", "app.document.yaml_out"),
)
"""A contract, a module, and what it would have to import to break it."""
UNPLACED = "queries/helpers"
"""A module that stands in no area."""
CIRCLE = ("domain/errors", "app.domain.number")
"""What imports it imports."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a program with all of these imports, on lines as long as they come."""
    directory = tmp_path_factory.mktemp("walls")
    shutil.copytree(project_file("app"), directory / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project_file("pyproject.toml"), directory)
    (directory / "app" / f"{UNPLACED}.py").touch()
    for module, imported in [*(each[1:] for each in BREAKS), CIRCLE]:
        with (directory / "app" / f"{module}.py").open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    return _lint(directory)


def _lint(directory: Path) -> str:
    program = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [program, "--no-logo", "--no-cache"],
        cwd=directory,
        env={"COLUMNS": "500", "PYTHONPATH": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout + said.stderr


def _broken(report: str, contract: str) -> str:
    """What the report says of a contract, among those that are broken."""
    broken = report.partition("Broken contracts")[2]
    part = re.search(rf"^{re.escape(contract)}\n-+\n(.*?)(?=\n[^\n]+\n-{{10,}}\n|\Z)", broken, re.M | re.S)
    assert part is not None, report[:3_000]
    return part[1]


@pytest.mark.parametrize(("contract", "module", "imported"), BREAKS)
def test_an_import_that_breaks_a_wall_is_found(
    report: str, contract: str, module: str, imported: str
) -> None:
    part = _broken(report, contract)
    wanted = rf"app\.{module.replace('/', '.')} -> {re.escape(imported)}(?:\.\w+)? \(l"
    assert re.search(wanted, part), part


def test_a_module_in_no_area_is_found(report: str) -> None:
    assert f"- app.{UNPLACED.replace('/', '.')}\n" in _broken(report, AREAS)


def test_a_circle_is_found(report: str) -> None:
    """By the name of one of its two imports."""
    part = _broken(report, ROUND).partition("in app.domain.\n")[2].partition("No cycles")[0]
    assert re.search(r"\.errors -> \.number|\.number -> \.errors", part), part


def test_every_wall_is_shown(report: str) -> None:
    kept = re.findall(r"^(.+) (?:KEPT|BROKEN)", report, re.M)
    assert set(kept) == {*(contract for contract, _, _ in BREAKS), ROUND}
