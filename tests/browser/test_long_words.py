"""Figures whose words are long: their numbers stay whole, and nothing is printed over anything else."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page
from sqlmodel import select

from app.commands.change import Change
from app.db import Database
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role
from app.models.plan.partnership import Partnership
from tests.browser.live import Live, on_the_day
from tests.build import BUILDER, PASSWORD, TODAY, make_person

pytestmark = pytest.mark.browser

DOCUMENT = """
saferplan: 1
partnership: {code: town, name: Town Community Safety Partnership, short_name: Town, area: E08000032}
areas: [{code: E08000032, name: Town, kind: district}]
agencies: [{code: police, name: Town Police, kind: responsible_authority}]
plan:
  {code: plan, version: 1, title: Plan, status: adopted, first_year: 2017-18, last_year: 2019-20}
priorities:
  - code: homes
    title: Safer homes
    measures:
      - {code: rate, words: Burglary per thousand households, indicators: [burglary-rate]}
      - {code: cost, words: Cost of damage, indicators: [damage-cost]}
indicators:
  - code: burglary-rate
    title: Burglary
    measure: rate
    per: 1000
    denominator: "Households, 2021 Census"
    polarity: lower_is_better
    decimals: 2
    adds_up: ratio
    responsible: police
    baseline: {period: 2016-17, value: 2.30}
    target: {words: Fewer than 2.25}
  - code: damage-cost
    title: Cost of damage
    measure: money
    decimals: 2
    polarity: lower_is_better
    adds_up: sum
    responsible: police
    baseline: {period: 2016-17, value: 1210000.50}
    target: {words: "Less than £1,210,000.50"}
figures:
  burglary-rate:
    - {status: final, values: {2016-17-Q1: 2.31, 2016-17-Q2: 2.40, 2017-18-Q1: 2.25, 2017-18-Q2: 2.20}}
  damage-cost:
    - {status: final, values: {2016-17-Q1: 310000.50, 2016-17-Q2: 302000, 2017-18-Q1: 1210000.50}}
"""
EMAIL = "officer@saferplan.example"
WIDTHS = (1280, 800, 320)
SPOILT = """() => [...document.querySelectorAll('main td')].flatMap(cell => {
  const box = cell.getBoundingClientRect(), text = document.createRange(), found = [];
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.parentElement.closest('.govuk-visually-hidden')) continue;
    text.selectNodeContents(node);
    if ([...text.getClientRects()].some(each => each.left < box.left - 1 || each.right > box.right + 1))
      found.push(`overflows: ${node.data}`);
    for (const number of node.data.matchAll(/£?[0-9][0-9,]*([.][0-9]+)?/g)) {
      text.setStart(node, number.index);
      text.setEnd(node, number.index + number[0].length);
      if (new Set([...text.getClientRects()].map(each => each.top)).size > 1)
        found.push(`breaks: ${number[0]}`);
    }
  }
  return found;
})"""
"""Cells with words outside them, and numbers on more than one line."""


@pytest.fixture(scope="module")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The service with a plan that has a rate and a sum of money."""
    directory = tmp_path_factory.mktemp("town")
    path = directory / "saferplan.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        now = datetime(2017, 12, 1, 9, tzinfo=UTC)
        load(Change(session, BUILDER, None, TODAY, now), parse_document(DOCUMENT), partnerships_allowed=None)
        make_person(session, session.exec(select(Partnership)).one(), Role.OFFICER, email=EMAIL)
    database.close()
    with on_the_day(directory) as live:
        yield live


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/priorities/homes",
        "/indicators/burglary-rate",
        "/indicators/damage-cost",
        "/returns/2017-18-Q2~police",
    ],
)
def test_numbers_stay_whole_and_words_in_their_cells(page: Page, town: Live, path: str) -> None:
    credentials = {"email": EMAIL, "password": PASSWORD}
    session = (
        httpx.post(f"{town.url}/api/v1/sessions", json=credentials, timeout=60).raise_for_status().json()
    )
    page.context.add_cookies([{"name": "saferplan", "value": session["token"], "url": town.url}])
    page.goto(town.url + path)
    assert page.locator("main td").count()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SPOILT) == [], f"at {width}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} scrolls sideways"
