"""A client made from the published description alone posts and reads, as a partner's own program would."""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.api.server.example import FIGURES
from app.config import project_file
from tests.api.conftest import Stock, stock
from tests.town import Town
from tests.worker import running, saferplan

__all__ = ["stock"]

PROGRAM = Path(sys.executable).with_name("openapi-python-client")
DESCRIPTION = project_file("openapi") / "openapi.json"
CONFIG = {"post_hooks": [], "package_name_override": "saferplan_client"}


@dataclass(frozen=True)
class Partner:
    """A live service and the client's own modules; `api("figures.list_figures")` is one operation."""

    url: str
    town: Town

    def api(self, name: str) -> ModuleType:
        return importlib.import_module(f"saferplan_client.api.{name}")

    def model(self, name: str) -> Any:
        return getattr(importlib.import_module("saferplan_client.models"), name)

    def signed_in(self, key: str) -> Any:
        client = importlib.import_module("saferplan_client").AuthenticatedClient
        return client(base_url=self.url, token=key)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client, importable while the module's tests run."""
    directory = tmp_path_factory.mktemp("client")
    config = directory / "config.json"
    config.write_text(json.dumps(CONFIG), encoding="utf-8")
    package = directory / "saferplan_client"
    command: list[str | Path] = [
        PROGRAM,
        "generate",
        "--meta",
        "none",
        "--path",
        DESCRIPTION,
        "--output-path",
        package,
        "--config",
        config,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sys.path.insert(0, str(directory))
    yield package
    sys.path.remove(str(directory))
    for name in [each for each in sys.modules if each.partition(".")[0] == "saferplan_client"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def partner(
    generated: Path, stock: Stock, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Partner]:
    directory = tmp_path_factory.mktemp("live")
    shutil.copyfile(sqlite_template, directory / "saferplan.db")
    url = stock.copy_to(f"sqlite:///{directory / 'saferplan.db'}")
    worker = saferplan(url, directory / "log")
    with running(worker):
        yield Partner(worker.url, stock.town_of(url))


def test_every_operation_is_there(generated: Path) -> None:
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    named = {each["operationId"] for methods in described["paths"].values() for each in methods.values()}
    made = {path.stem for path in generated.glob("api/*/*.py")} - {"__init__"}
    assert made == named - {"import_plan", "upload_file", "upload_stored_file"}, (
        "this generator knows neither YAML nor a file as it is"
    )


def test_it_posts_and_reads(partner: Partner) -> None:
    post, listing = partner.api("figures.post_figures"), partner.api("figures.list_figures")
    body = partner.model("FiguresIn").from_dict(FIGURES)
    with partner.signed_in(partner.town.analysts) as client:
        dry = post.sync(client=client, body=body, dry_run=True)
        receipt = post.sync(client=client, body=body, idempotency_key="once")
        again = post.sync_detailed(client=client, body=body, idempotency_key="once")
        assert (dry.dry_run, receipt.status.value, receipt.counts.created) == (True, "accepted", 4)
        assert dry.counts == receipt.counts
        assert (again.parsed, again.headers["idempotent-replayed"]) == (receipt, "true")
        page = listing.sync(client=client, indicator="repeat-domestic-abuse", period="2016-10/2017-09")
        (figure,) = page.items
        assert (figure.value, figure.status.value, figure.missing) == (43.3, "final", None)
        assert figure.period_end == date(2017, 9, 30)
        assert figure.recorded_at.astimezone(UTC) > datetime(2017, 12, 20, tzinfo=UTC)
        since = listing.sync(client=client, updated_since=page.as_of)
        assert since.items == []


def test_it_reads_judgements_and_edits(partner: Partner) -> None:
    indicators = partner.api("indicators.list_indicators")
    edit = partner.api("indicators.edit_an_indicator")
    with partner.signed_in(partner.town.staff) as client:
        items = {each.code: each for each in indicators.sync(client=client).items}
        assert items["asb-incidents"].rating.reason
        assert items["asb-incidents"].target.words == "Fewer than 15,487"
        patch = partner.model("IndicatorPatch")(reason="plainer", title="Nuisance")
        refused = edit.sync_detailed("asb-incidents", client=client, body=patch)
        assert (refused.status_code, refused.parsed.code) == (428, "if_match_required")
        done = edit.sync("asb-incidents", client=client, body=patch, if_match="*")
        assert (done.title, done.version) == ("Nuisance", 2)


def test_it_reads_a_refusal(partner: Partner) -> None:
    post = partner.api("figures.post_figures")
    wrong = {"figures": [{"indicator": "dwelling-fires", "period": "2017-18-Q2", "value": 3}]}
    with partner.signed_in(partner.town.analysts) as client:
        answer = post.sync_detailed(client=client, body=partner.model("FiguresIn").from_dict(wrong))
    assert (answer.status_code, answer.parsed.code) == (422, "rejected")
    (error,) = answer.parsed.errors
    assert (error.row, error.field, error.code) == (1, "indicator", "not_responsible")
