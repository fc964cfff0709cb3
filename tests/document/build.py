"""Documents to begin a test from, and a database to put them in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from sqlmodel import select

from app.commands.change import Change
from app.commands.figures.decision import RowDecision
from app.commands.figures.receipt import keep_submission
from app.commands.figures.row_check import RowCheck
from app.commands.figures.store import VALUE_COLUMNS, FigureChange, NewRevision
from app.db import Database, forget
from app.demo.content import BRADFORD
from app.document.kit.load import Outcome
from app.document.load.load import load
from app.document.print import export_document
from app.document.read import parse_document
from app.domain.access.authority import Actor
from app.domain.period_text import parse_period
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan

TODAY = date(2017, 12, 20)
ACTOR = Actor.of_service("command line")
DOCUMENTS = [BRADFORD, *sorted(Path(__file__).with_name("documents").glob("*.yaml"))]

SMALL = """\
saferplan: 1
partnership: {code: testshire, name: Testshire Partnership, area: T1}
areas:
  - {code: T1, name: Testshire, kind: district}
agencies:
  - {code: police, name: Testshire Police, kind: responsible_authority}
plan:
  code: plan
  version: 1
  title: The plan
  status: draft
  first_year: 2017-18
  last_year: 2019-20
priorities:
  - code: safe
    title: Be safe
    measures:
      - {code: crime, words: Crime, indicators: [crime]}
indicators:
  - code: crime
    title: Crime
    measure: count
    polarity: lower_is_better
    adds_up: sum
    responsible: police
    baseline: {period: 2016-17, value: 100}
    target: Fewer than 100
figures:
  crime:
    - status: final
      recorded_on: 2017-08-01
      values:
        2017-18-Q1: 25
"""
ADOPTED = SMALL.replace("status: draft", "status: adopted")


@contextmanager
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    try:
        yield opened
    finally:
        opened.close()


def put(
    opened: Database,
    text: str | bytes,
    *,
    today: date = TODAY,
    dry_run: bool = False,
    allowed: set[str] | None = None,
) -> Outcome:
    """Reads and loads as a caller does; nothing stays of a refusal or a dry run."""
    document = parse_document(text)
    now = datetime.combine(today, time(15), UTC)
    with opened.write() as session:
        outcome = load(Change(session, ACTOR, None, today, now), document, partnerships_allowed=allowed)
        if dry_run:
            forget(session)
    return outcome


def taken(opened: Database, version: int | None = None) -> str:
    """The only partnership's plan as a document; the newest version of it, or the one named."""
    with opened.read() as session:
        partnership = session.exec(select(Partnership)).one()
        plans = session.exec(select(Plan).order_by(Plan.version.desc())).all()  # type: ignore[attr-defined]
        plan = next(each for each in plans if version in (None, each.version))
        return export_document(session, partnership.id, plan.id)


def count(opened: Database, model: type) -> int:
    with opened.read() as session:
        return len(session.exec(select(model)).all())


def store_unchecked(opened: Database, period: str, value: str, *, tolerance: str | None = None) -> None:
    """A figure of `crime` as an older version would have taken it, past the check of today."""
    at = datetime.combine(TODAY, time(9), UTC)
    run = parse_period(period)
    with opened.write() as session:
        indicator = session.exec(select(Indicator)).one()
        if tolerance is not None:
            indicator.tolerance = Decimal(tolerance)
        values = {**dict.fromkeys(VALUE_COLUMNS), "status": "final", "qualifier": "exact", "note": ""}
        values["value"] = Decimal(value)
        identity = (indicator.id, "T1", "", run.first, run.last)
        change = FigureChange(identity, None, (NewRevision(values, "", at),))
        checked = RowCheck(indicator, run, identity, values)
        sender = Change(session, Actor.of_service("an older version"), indicator.partnership_id, TODAY, at)
        keep_submission(
            sender, [RowDecision(1, None, "created", checked, change)], "plan_document", "accepted", None
        )
