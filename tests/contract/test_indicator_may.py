"""What `may` says of indicators, in the list and of each, is what goes through for everybody; nothing else does."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.build import Service, serving
from tests.held_back import QUARTER, HeldBack, Viewer, make
from tests.town import figures

DEEDS = ("edit", "post", "release")


@dataclass(frozen=True)
class Attempt:
    deed: str
    who: str
    indicator: str
    is_offered: bool
    is_refused: bool
    """For who asks; what else stands against it is not what `may` is about."""
    said: str


@pytest.fixture(scope="module")
async def attempts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Attempt]:
    path = tmp_path_factory.mktemp("indicator_may") / "own.db"
    shutil.copyfile(sqlite_template, path)
    found = []
    async with serving(f"sqlite:///{path}", requests_a_minute=1_000_000) as service:
        held: HeldBack = await make(service, path)
        for viewer in held.viewers.values():
            for item in await service.items("/indicators", viewer.token):
                whole = (await service.get(f"/indicators/{item['code']}", viewer.token)).json()
                assert item["may"] == whole["may"]
                found += [await _attempt(service, viewer, deed, item) for deed in DEEDS]
    return found


async def _attempt(service: Service, viewer: Viewer, deed: str, item: dict[str, Any]) -> Attempt:
    """What is stored changes nothing of what anybody may."""
    code = item["code"]
    match deed:
        case "edit":
            sent = {"note": "Read with care", "reason": "Asked for"}
            headers = {"If-Match": "*"}
            answer = await service.ask(
                "PATCH", f"/indicators/{code}", viewer.token, json=sent, headers=headers
            )
        case "post":
            row = {"indicator": code, "period": QUARTER, "value": None, "missing": "not_available"}
            tried = figures({**row, "reason": "Never collected"})
            answer = await service.post("/figures?dry_run=true", viewer.token, json=tried)
        case _:
            period = item["latest"]["period"] if item["latest"] else QUARTER
            approved = {"indicator": code, "period": period, "audience": "submitter", "from_on": "2018-03-01"}
            answer = await service.post("/releases", viewer.token, json={**approved, "reason": "Kept back"})
    is_refused = answer.status_code in (403, 404) or "not_responsible" in answer.text
    assert deed != "edit" or is_refused or answer.status_code == 200, answer.text
    return Attempt(deed, viewer.name, code, deed in item["may"], is_refused, answer.text[:300])


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_may_be_done_is_what_is_not_refused(attempts: list[Attempt], deed: str) -> None:
    tried = [each for each in attempts if each.deed == deed]
    assert {each.is_offered for each in tried} == {True, False}
    for each in tried:
        assert each.is_offered is not each.is_refused, each
