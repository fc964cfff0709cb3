"""Schemathesis over the whole API as it is published: no fault of ours, nothing undocumented, nothing invalid taken.

It sends the same requests every time. `--long` sends more of each, and chains of them.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from app.config import project_file
from tests.api.conftest import Stock
from tests.worker import Worker, running, saferplan

PROGRAM = Path(sys.executable).with_name("schemathesis")
NOT_ASKED = (
    # A schema cannot say what a figure's own indicator allows, so much that fits it is refused.
    "positive_data_acceptance",
    # It would take the two public routes for unguarded ones; test_need asks every route by name.
    "ignored_auth",
)
CONFIG = """\
[parameters]
"header.If-Match" = "*"
"path.figure_id" = "1"
"path.submission_id" = "1"
"path.upload_id" = "1"
"""


@pytest.mark.slow
def test_the_whole_api(sqlite_url: str, stock: Stock, tmp_path: Path, long_form: bool) -> None:
    worker: Worker = saferplan(stock.copy_to(sqlite_url), tmp_path / "log")
    (tmp_path / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    with running(worker):
        run = subprocess.run(
            [
                PROGRAM,
                "run",
                project_file("openapi") / "openapi.json",
                f"--url={worker.url}",
                f"--header=Authorization: Bearer {stock.town_of(sqlite_url).admin}",
                "--generation-deterministic",
                f"--max-examples={200 if long_form else 5}",
                f"--phases=examples,coverage,fuzzing{',stateful' if long_form else ''}",
                "--checks=all",
                f"--exclude-checks={','.join(NOT_ASKED)}",
                "--exclude-path=/api/v1/sessions/current",
                "--continue-on-failure",
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=1_200 if long_form else 150,
            check=False,
        )
    log = (tmp_path / "log").read_text(encoding="utf-8", errors="replace")
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
    assert "Traceback" not in log, log[-5_000:]
    assert "No issues found" in run.stdout or "passed" in run.stdout
