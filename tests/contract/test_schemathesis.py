"""Schemathesis over the whole API as it is published: no fault of ours, nothing undocumented, nothing invalid taken.

It sends the same requests every time, with a key that may do everything. `--long` (`make fuzz`) sends more of each, and
chains of them: some 11,000 as each of six callers, about six minutes of processor time a caller.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from app.commands.access import password
from app.config import project_file
from app.db import Database
from app.domain.access.authority import Role, Scope
from app.models.access.outbox import OutboxMessage
from app.models.access.person import Person
from app.models.plan.partnership import Agency, Partnership
from tests.api.conftest import Stock
from tests.build import make_key, make_person, make_token
from tests.town import READS, Town
from tests.worker import Worker, running, saferplan

PROGRAM = Path(sys.executable).with_name("schemathesis")
LEAST_CASES = 10_000
EXAMPLES = {"short": 3, "long": 100}
"""Of each operation, beside those that its schema alone gives rise to, some 4,000 in all."""
PHASES = {"short": "examples,fuzzing", "long": "examples,coverage,fuzzing,stateful"}
"""The long form tries every bound of every field as well, and chains of requests."""
CHAINS = 25
"""Of requests that follow from one another, in the long form."""
SECONDS = {"short": 1_800, "long": 7_200}
NOT_ASKED = (
    # A schema cannot say what a figure's own indicator allows, so much that fits it is refused.
    "positive_data_acceptance",
    # It would take the two public routes for unguarded ones; test_need asks every route by name.
    "ignored_auth",
)
NAMES = {
    "path.code": ("plan", "people", "asb-incidents", "young-victims"),
    "path.figure_id": ("1", "2", "3"),
    "path.key_id": ("{key}",),
    "path.message_id": ("1",),
    "path.period": ("2017-18-Q1", "2017-18-Q2", "2017-18-Q3"),
    "path.reference": ("G1", "G2"),
    "path.number": ("1", "2"),
    "path.return_id": ("2017-18-Q2~analysts", "2017-18-Q2~council", "2017-18-Q1~police"),
    "path.submission_id": ("1",),
    "path.upload_id": ("1",),
    "path.user_id": ("{user}",),
    "query.agency": ("police", "analysts"),
    "query.area": ("E08000032", "E05001341"),
    "query.indicator": ("asb-incidents", "hate-crime", "young-victims"),
    "query.partnership": ("town",),
    "query.plan": ("plan",),
    "query.priority": ("people", "places"),
}
"""What is there to be found, which a generator would not guess. Other names are tried half the time."""
CALLERS: dict[str, Callable[[Session, Town], str]] = {
    "a key that may do everything": lambda _session, town: town.admin,
    "an agency's key": lambda _session, town: town.analysts,
    "a funder's key": lambda _session, town: town.funder,
    "a key that reads": lambda session, town: reading_key(session, town),
    "an officer": lambda session, town: signed_in(session, town, Role.OFFICER),
    "an administrator": lambda session, town: signed_in(session, town, Role.ADMINISTRATOR),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "caller" in metafunc.fixturenames:
        callers = list(CALLERS) if metafunc.config.getoption("--long") else list(CALLERS)[:1]
        metafunc.parametrize("caller", callers)


@pytest.mark.slow
def test_the_whole_api(sqlite_url: str, stock: Stock, tmp_path: Path, long_form: bool, caller: str) -> None:
    url = stock.copy_to(sqlite_url)
    token = prepare(url, stock.town_of(url), caller, tmp_path)
    worker: Worker = saferplan(url, tmp_path / "log")
    with running(worker):
        status = ask(worker.url, token, tmp_path, "long" if long_form else "short")
        me = httpx.get(f"{worker.url}/api/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    log = (tmp_path / "log").read_text(encoding="utf-8", errors="replace")
    report = (tmp_path / "report").read_text(encoding="utf-8")
    assert status == 0, report[-20_000:]
    assert "Traceback" not in log, log[-5_000:]
    assert "No issues found" in report or "passed" in report
    assert me.status_code == 200, "they shut themselves out, so little was asked"
    assert not long_form or cases(report) >= LEAST_CASES


def ask(url: str, token: str, directory: Path, form: str) -> int:
    """Runs it, writes what it says to `report`, and gives its status."""
    with (directory / "report").open("wb") as report:
        return subprocess.run(
            [
                PROGRAM,
                "run",
                project_file("openapi") / "openapi.json",
                f"--url={url}",
                f"--header=Authorization: Bearer {token}",
                "--generation-deterministic",
                f"--max-examples={EXAMPLES[form]}",
                f"--phases={PHASES[form]}",
                "--checks=all",
                f"--exclude-checks={','.join(NOT_ASKED)}",
                "--exclude-path=/api/v1/sessions/current",
                "--continue-on-failure",
                "--no-color",
            ],
            cwd=directory,
            stdout=report,
            stderr=subprocess.STDOUT,
            timeout=SECONDS[form],
            check=False,
        ).returncode


def cases(report: str) -> int:
    """How many requests it says it made up."""
    found = re.search(r"^Test cases:\n\s+([\d,]+) generated", report, re.MULTILINE)
    assert found is not None, report[-2_000:]
    return int(found[1].replace(",", ""))


def prepare(url: str, town: Town, caller: str, directory: Path) -> str:
    """Puts in what may be changed without the caller's own loss, says where it is, and gives the caller's token."""
    database = Database(url)
    with database.write() as session:
        partnership = session.get_one(Partnership, town.partnership.id)
        token = CALLERS[caller](session, town)
        spare = make_key(session, partnership, agency=agency(session, "police"))
        somebody = make_person(session, partnership, Role.READER)
        session.add(failed_message(partnership))
        session.flush()
        keep_out(session)
        (directory / "schemathesis.toml").write_text(
            config(str(spare.key.id), str(somebody.id)), encoding="utf-8"
        )
    database.close()
    return token


def config(key: str, user: str) -> str:
    """Schemathesis's own settings."""
    lists = [
        f'[dictionaries."{name}"]\nvalues = {[value.format(key=key, user=user) for value in values]}\n'
        for name, values in NAMES.items()
    ]
    uses = [f'"{name}" = {{ dictionary = "{name}", probability = 0.5 }}' for name in NAMES]
    chains = f"[phases.stateful.generation]\nmax-examples = {CHAINS}\n"
    return "\n".join([chains, *lists, "[parameters]", '"header.If-Match" = "*"', *uses, ""])


def keep_out(session: Session) -> None:
    """Gives everybody another password than the description's own example: to sign in with a session ends it."""
    unknown = password.new_hash("thimble quarry lantern osprey", ())
    for person in session.exec(select(Person)):
        person.password_hash = unknown


def failed_message(partnership: Partnership) -> OutboxMessage:
    now = datetime.now(UTC)
    return OutboxMessage(
        partnership_id=partnership.id,
        kind="reminder_due",
        once="failed",
        to="analyst@agency.example",
        subject="Figures are due",
        body="Figures are due.",
        state="failed",
        attempts=9,
        not_before=now,
        recorded_at=now,
        seq=1,
    )


def reading_key(session: Session, town: Town) -> str:
    scopes = (*READS, Scope.READ_SUBMISSIONS, Scope.READ_AUDIT, Scope.READ_PEOPLE)
    partnership = session.get_one(Partnership, town.partnership.id)
    return make_key(session, partnership, agency=agency(session, "council"), scopes=scopes).secret


def signed_in(session: Session, town: Town, role: Role) -> str:
    partnership = session.get_one(Partnership, town.partnership.id)
    return make_token(session, make_person(session, partnership, role, agency=agency(session, "council")))


def agency(session: Session, code: str) -> Agency:
    return session.exec(select(Agency).where(Agency.code == code)).one()
