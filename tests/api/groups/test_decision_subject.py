"""What a decision is about may be put right, in a page or by the document: who shows it learns of it either way."""

import pytest

from tests.build import Service
from tests.town import DOCUMENT, Town

FIRST, SECOND = "2017-18-Q1", "2017-18-Q2"
LINE = "text: Visit every repeat victim}"


def about(quarter: str) -> str:
    subject = f"subject: {{kind: reporting-periods, ref: {quarter}}}"
    assert DOCUMENT.count(LINE) == 1
    return DOCUMENT.replace(LINE, f"text: Visit every repeat victim, {subject}}}")


async def load(service: Service, town: Town, document: str) -> None:
    headers = {"Content-Type": "application/yaml"}
    answer = await service.post("/plans/import", town.staff, content=document.encode(), headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("way", ["document", "page", "taken away"])
async def test_both_quarters_are_told(service: Service, town: Town, way: str) -> None:
    await load(service, town, about(FIRST))
    page = (await service.get("/reporting-periods", town.staff)).json()
    shown = {each["id"]: each["decision"] for each in page["items"]}
    assert shown[FIRST] == "/api/v1/decisions/board-d1"
    if way == "document":
        await load(service, town, about(SECOND))
    else:
        subject = {"kind": "reporting-periods", "ref": SECOND} if way == "page" else None
        etag = (await service.get("/decisions/board-d1", town.staff)).headers["etag"]
        answer = await service.ask(
            "PATCH",
            "/decisions/board-d1",
            town.staff,
            json={"subject": subject},
            headers={"If-Match": etag},
        )
        assert answer.status_code == 200, answer.text
    since = await service.get(f"/reporting-periods?updated_since={page['as_of']}", town.staff)
    changed = {each["id"]: each["decision"] for each in since.json()["items"]}
    assert changed[FIRST] is None
    assert (SECOND in changed) == (way != "taken away")
