"""Every command of the README runs as it is written, in a copy of the repository on ports of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from app.cli import COMMANDS, main
from app.config import project_file
from app.demo.account import DEMO_PEOPLE
from app.domain.access.authority import Role

README = project_file("README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
BLOCK_OF_SHELL = re.compile(r"^ *```sh$", re.MULTILINE)
PROGRAM = "var/send.py"
STARTED_SECONDS = 90
START_FOR_REAL = len(BLOCK_OF_SHELL.findall(README.partition("## Start for real")[0]))
"""Number of the shell blocks before that heading: they are about the demonstration."""


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, without the indent of the list that they stand in."""
    return [
        "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
        for indent, kind, text in BLOCK.findall(README)
        if kind == language
    ]


def test_each_block_says_what_it_is() -> None:
    assert {kind for _, kind, _ in BLOCK.findall(README)} == {"sh", "python", "text"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files of the repository, set up already as `make demo` leaves them; nothing is fetched."""
    place = tmp_path / "saferplan"
    left_out = shutil.ignore_patterns(".git", ".venv", ".tools", "var", "tests", ".*_cache", ".hypothesis")
    shutil.copytree(project_file(""), place, ignore=left_out)
    environment = place / ".venv"
    venv.create(environment, symlinks=True, with_pip=False)
    library = Path(
        sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)})
    )
    (library / "saferplan.pth").write_text(f"{place}\n{sysconfig.get_path('purelib')}\n")
    command = environment / "bin" / "saferplan"
    command.write_text(f"#!{environment}/bin/python\nfrom app.cli import main\n\nmain()\n")
    command.chmod(0o755)
    for stamp in ("TOOLS_STAMP", "RUN"):
        path = place / made_by_make(place, stamp)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return place


def made_by_make(place: Path, variable: str) -> str:
    """The value that the Makefile gives a variable."""
    database = subprocess.run(
        ["make", "-pn", "help"], cwd=place, capture_output=True, text=True, check=True, env=environment_of(0)
    )
    return re.search(rf"^{variable} := (.*)$", database.stdout, re.MULTILINE)[1]  # type: ignore[index]


def environment_of(port: int) -> dict[str, str]:
    """The caller's environment without what a test run adds to it; `PORT` is make's own."""
    ours = ("DATABASE_URL", "SAFERPLAN_", "PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PORT": str(port)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Terminal:
    """Runs blocks one after another, as somebody would who copies them: what one exports the next has."""

    def __init__(self, place: Path, port: int) -> None:
        self.place, self.port, self.state = place, port, place.parent / "state.sh"
        self.state.write_text("")

    def script(self, block: str) -> str:
        block = block.replace("--port 8000", f"--port {self.port}")
        return f"set -euo pipefail\n. {self.state}\n{block}\nexport -p > {self.state}\n"

    def run(self, block: str) -> str:
        ended = subprocess.run(
            ["bash", "-c", self.script(block)],
            cwd=self.place,
            env=environment_of(self.port),
            capture_output=True,
            text=True,
            timeout=STARTED_SECONDS,
        )
        assert ended.returncode == 0, f"{block}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    @contextmanager
    def serving(self, block: str) -> Iterator[None]:
        """Runs a block that serves until Ctrl-C, which ends it well."""
        server = subprocess.Popen(
            ["bash", "-c", self.script(block)],
            cwd=self.place,
            env=environment_of(self.port),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            wait_until_served(self.port, server)
            yield
        finally:
            os.killpg(server.pid, signal.SIGINT)
            printed, _ = server.communicate(timeout=30)
        assert "Traceback" not in printed, printed


def wait_until_served(port: int, server: subprocess.Popen[str]) -> None:
    until = time.monotonic() + STARTED_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, server.communicate()[0]
        try:
            with urlopen(f"http://127.0.0.1:{port}/api/v1/health") as answer:
                assert answer.status == 200
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("it was not served")


def on_the_path() -> str:
    return next(block for block in blocks("sh") if block.startswith("export PATH"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's first sample needs curl")
def test_every_command_about_the_demonstration_runs_as_it_is_written(clone: Path) -> None:
    terminal = Terminal(clone, free_port())
    first, *others = blocks("sh")[:START_FOR_REAL]
    assert first.strip() == "make demo"
    (program,) = blocks("python")
    with terminal.serving(first):
        (clone / PROGRAM).write_text(program, encoding="utf-8")
        printed = {block: terminal.run(block) for block in others}
    posted = next(text for block, text in printed.items() if "curl" in block)
    assert json.loads(posted)["status"] == "accepted"
    assert printed[f"python {PROGRAM}\n"].startswith("accepted\n")
    assert "officer@demonstration.example" in "".join(printed.values())
    assert "code: bradford" in (clone / "var/bradford.yaml").read_text(encoding="utf-8")


def test_every_command_of_a_deployment_runs_as_it_is_written(clone: Path) -> None:
    terminal = Terminal(clone, free_port())
    shell = blocks("sh")[START_FOR_REAL:]
    served = next(number for number, block in enumerate(shell) if block.startswith("saferplan serve"))
    printed = [terminal.run(block) for block in (on_the_path(), *shell[:served])]
    with terminal.serving(shell[served]):
        printed += [terminal.run(block) for block in shell[served + 1 :]]
    assert any("is understood as: below 85 each year" in text for text in printed)
    assert any("/password/" in text for text in printed)
    assert {"saferplan.db", "backup.db"} <= {path.name for path in (clone / "var").iterdir()}


def test_the_program_is_saved_where_the_readme_says() -> None:
    assert f"saved as `{PROGRAM}`" in README
    assert any(block.strip() == f"python {PROGRAM}" for block in blocks("sh"))


def test_whoever_may_sign_in_is_in_the_table() -> None:
    named = set(re.findall(r"`(\w+)@demonstration\.example`", README))
    assert named == {person.role.value for person in DEMO_PEOPLE} == {role.value for role in Role}


def test_every_command_named_in_a_sentence_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    makefile = project_file("Makefile").read_text(encoding="utf-8")
    inline = re.findall(r"`(make|saferplan) ([a-z][a-z-]*)(?: ([a-z]+)\b(?!\.))?[^`]*`", README)
    assert len(inline) > 15
    for program, command, part in inline:
        if program == "make":
            assert re.search(rf"^{command}:", makefile, re.MULTILINE), command
        else:
            assert command in COMMANDS
            with pytest.raises(SystemExit) as ended:
                main([command, *([part] if COMMANDS[command][1] == "app" and part else []), "--help"])
            assert ended.value.code in (0, None), (command, part)
    capsys.readouterr()
