"""A page of figures is what reading them all one by one would give, whatever is asked and however it is stored."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from app.db import Database
from app.domain.period import Period
from app.domain.period_text import parse_period
from app.models.column import table
from app.models.figures.figure import Figure, FigureRevision
from app.models.figures.release import Release
from app.models.figures.submission import Submission
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Partnership
from app.models.record.ledger import AuditEvent
from app.queries.figures.day_reached import day_reached
from app.queries.figures.read import change as figure_change
from app.queries.figures.read import page as figure_page
from app.queries.figures.read.change import Changes
from app.queries.figures.read.page import FigureFilters, PageQuery, Search

TODAY = date(2017, 12, 20)
START = datetime(2017, 12, 1, 12, tzinfo=UTC)
MONTHS = range(24200, 24206)
AREAS = ("north", "south")
FIGURES = 90
Row = dict[str, Any]


def put(session: Session, model: Any, rows: list[Row]) -> list[Row]:
    session.connection().execute(insert(table(model)), rows)
    return rows


class World:
    """Figures of two partnerships, sent in any order of months, changed and released now and then."""

    def __init__(self, session: Session, seed: int) -> None:
        self.random = random.Random(seed)
        self.session = session
        words = {"name": "Somewhere", "short_name": "Some", "area_code": "north", "seq": 1}
        put(session, Partnership, [{"id": id_, "code": f"p{id_}", **words} for id_ in (1, 2)])
        self.indicators = put(session, Indicator, [self._indicator(number) for number in range(1, 6)])
        self.submissions = put(session, Submission, [self._submission(number) for number in range(1, 10)])
        put(session, AuditEvent, [self._event(number) for number in range(1, 30)])
        self.figures, self.revisions = self._figures()
        put(session, Figure, self.figures)
        put(session, FigureRevision, self.revisions)
        self.releases = put(session, Release, [self._release(number) for number in range(1, 6)])

    def _indicator(self, number: int) -> Row:
        """The second code is in both partnerships."""
        facts = {
            "title": "t", "definition": "", "measure": "count", "denominator": "", "polarity": "monitor",
            "frequency": "month", "window": "period", "publication_lag_days": 0, "unit": "", "decimals": 0,
            "adds_up": "sum", "survey": False, "counts_people": False, "release_to": "public",
            "reporting_sensitive": False, "suppliers": [], "breakdowns": {}, "breaks": [], "note": "",
            "retired_reason": "", "position": number, "version": 1, "seq": 1,
        }  # fmt: skip
        facts = {name: value for name, value in facts.items() if name in table(Indicator).c}
        place = {1: (1, "a"), 2: (1, "b"), 3: (1, "c"), 4: (2, "b"), 5: (2, "d")}[number]
        return {"id": number, "partnership_id": place[0], "code": place[1], **facts}

    def _submission(self, number: int) -> Row:
        via = "plan_document" if number % 4 == 0 else "json"
        at = START + timedelta(days=number)
        facts = {"status": "accepted", "counts": {}, "rows": [], "recorded_by": "", "seq": number * 3}
        return {"id": number, "partnership_id": 1, "via": via, "recorded_at": at, **facts}

    def _event(self, number: int) -> Row:
        facts = {"actor": "", "action": "", "subject_kind": "", "subject": "", "data": "{}", "previous": ""}
        return {
            "id": number,
            "seq": number,
            "at": START + timedelta(days=number / 3),
            "hash": str(number),
            **facts,
        }

    def _figures(self) -> tuple[list[Row], list[Row]]:
        identities = [
            (indicator["id"], area, first, last)
            for indicator in self.indicators
            for area in AREAS
            for last in MONTHS
            for first in (last, last - 11)
        ]
        figures, revisions = [], []
        chosen = self.random.sample(identities, FIGURES)
        for id_, (indicator, area, first, last) in enumerate(chosen, 1):
            sent = sorted(
                self.random.choices(self.submissions, k=self.random.choice((1, 1, 2))), key=lambda s: s["id"]
            )
            said = [self._revision(id_, number, by) for number, by in enumerate(sent, 1)]
            revisions += said
            newest = {
                name: said[-1][name]
                for name in ("recorded_at", "submission_id", "status", "qualifier", "note")
            }
            seq = self.random.choice((said[-1]["seq"], said[-1]["seq"], 28))
            identity = {"indicator_id": indicator, "area_code": area, "breakdown": "", "first_month": first}
            figures.append(
                {"id": id_, **identity, "last_month": last, "revision": len(said), **newest, "seq": seq}
            )
        return figures, revisions

    def _revision(self, figure: int, number: int, sent: Row) -> Row:
        """What a document says may have been known before it came."""
        earlier = timedelta(days=self.random.randint(0, 9) if sent["via"] == "plan_document" else 0)
        facts = {"status": "final", "qualifier": "exact", "note": "", "reason": "", "recorded_by": ""}
        stamp = {
            "recorded_at": sent["recorded_at"] - earlier,
            "submission_id": sent["id"],
            "seq": sent["seq"],
        }
        return {"figure_id": figure, "number": number, **facts, **stamp}

    def _release(self, number: int) -> Row:
        indicator = self.random.choice(self.indicators)
        day = TODAY - timedelta(days=self.random.randint(-3, 12))
        of = {"partnership_id": indicator["partnership_id"], "indicator_id": indicator["id"]}
        facts = {
            "audience": "public",
            "from_on": day,
            "reason": "",
            "recorded_at": START,
            "recorded_by": "",
            "seq": 1,
        }
        return {"id": number, **of, "last_month": self.random.choice(MONTHS), **facts}

    def question(self) -> tuple[tuple[int, ...], FigureFilters, PageQuery, int | None]:
        maybe = self.random.choice
        period = str(Period(maybe(MONTHS), 1))
        filters = FigureFilters(
            indicator=maybe((None, None, "a", "b", "none")),
            period=maybe((None, None, period, str(Period(maybe(MONTHS) - 11, 12)))),
            area=maybe((None, None, None, "north")),
            from_=maybe((None, None, period)),
            to=maybe((None, None, str(Period(maybe(MONTHS), 1)))),
            submission=maybe((None, None, None, None, 3)),
        )
        at = maybe((None, None, START + timedelta(days=self.random.randint(-5, 14))))
        page_query = PageQuery(maybe((0, 0, self.random.randint(1, FIGURES))), maybe((2, 5, 40)), at)
        return (
            maybe(((1,), (2,), (1, 2), ())),
            filters,
            page_query,
            maybe((None, 0, 27, self.random.randint(1, 28))),
        )

    def expected(
        self, partnerships: tuple[int, ...], filters: FigureFilters, page_query: PageQuery, since: int | None
    ) -> list[int]:
        ids = [
            row["id"]
            for row in self.figures
            if row["id"] > page_query.after
            and self._passes(row, partnerships, filters)
            and (page_query.known_at is None or self._was_known(row, page_query.known_at))
            and (since is None or row["seq"] > since or self._came(row, since))
        ]
        return ids[: page_query.limit]

    def _passes(self, row: Row, partnerships: tuple[int, ...], filters: FigureFilters) -> bool:
        indicator = self.indicators[row["indicator_id"] - 1]
        period = Period(row["first_month"], row["last_month"] - row["first_month"] + 1)
        return (
            indicator["partnership_id"] in partnerships
            and filters.indicator in (None, indicator["code"])
            and filters.area in (None, row["area_code"])
            and filters.submission in (None, row["submission_id"])
            and filters.period in (None, str(period))
            and (filters.from_ is None or period.last >= parse_period(filters.from_).first)
            and (filters.to is None or period.last <= parse_period(filters.to).last)
        )

    def _was_known(self, row: Row, at: datetime) -> bool:
        return any(each["figure_id"] == row["id"] and each["recorded_at"] <= at for each in self.revisions)

    def _came(self, row: Row, since: int) -> bool:
        day = day_reached(self.session, since)
        return any(
            (each["indicator_id"], each["last_month"]) == (row["indicator_id"], row["last_month"])
            and day < each["from_on"] <= TODAY
            for each in self.releases
        )


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """Rows are put in as they are, without the record of changes: nothing of it is read here."""
    database = Database(database_url)
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        with Session(bind=connection, expire_on_commit=False) as session:
            session.info["seq"] = 1
            yield session
    database.close()


@pytest.mark.parametrize(("ahead", "few"), [(2_000, 5_000), (4, 3), (1, 0)])
def test_a_page_is_what_reading_every_figure_gives(
    session: Session, monkeypatch: pytest.MonkeyPatch, ahead: int, few: int
) -> None:
    monkeypatch.setattr(figure_page, "AHEAD", ahead)
    monkeypatch.setattr(figure_change, "FEW", few)
    world = World(session, seed=ahead)
    found = 0
    for _ in range(150):
        partnerships, filters, page_query, since = world.question()
        search = Search(session, partnerships, filters, page_query)
        page = search.page() if since is None else Changes(session, search, since, TODAY).page()
        assert page == world.expected(partnerships, filters, page_query, since), (
            partnerships,
            filters,
            page_query,
            since,
        )
        found += len(page)
    assert found > 200, "it asked for nothing"
