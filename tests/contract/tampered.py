"""A deployment with a row in every table, and changes made to it by somebody with the database in their hands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import Session, select

from app.commands.access import one_time_link, person
from app.commands.audit import verify
from app.commands.change import Change
from app.commands.figures.figure import Manner, submit_figures
from app.db import Database, seq
from app.domain.access.authority import Actor, Role
from app.domain.period_text import parse_period
from app.models.access.key import ApiKey
from app.models.access.outbox import OutboxMessage
from app.models.access.person import SignInGuess
from app.models.figures.figure import FigureIn
from app.models.figures.published_change import ExceptionalPeriod
from app.models.figures.release import Release
from app.models.figures.sent_row import SentRow
from app.models.plan.partnership import Partnership
from app.models.record.idempotency import RememberedAnswer
from app.models.record.ledger import Ledger
from app.models.returns.agency_return import ReturnDraft, ReturnEvent
from app.models.returns.reporting_period import PeriodEvent, Snapshot
from app.queries.access.actor import actor_of
from tests.build import TODAY, change_in, make_person, make_token
from tests.town import NOW, make_town

QUARTER = parse_period("2017-18-Q2").first


def make_deployment(database: Database) -> str:
    """Gives the head of its record."""
    with database.write() as session:
        make_town(session)
    for value in (4200, 4201, 4202):
        with database.write() as session:
            _send(session, value)
    with database.write() as session:
        _add_people(session)
    with database.write() as session:
        _add_quarter(session)
    with database.read() as session:
        return session.exec(select(Ledger.head)).one()


def _send(session: Session, value: int) -> None:
    town = session.exec(select(Partnership).where(Partnership.code != "elsewhere")).one()
    actor = _admin(session)
    sent = FigureIn(indicator="asb-incidents", period="2017-18-Q2", value=value, reason="recount")
    receipt = submit_figures(
        Change(session, actor, town.id, TODAY, NOW), [SentRow(1, sent)], Manner("json", is_atomic=True)
    )
    assert receipt["id"] is not None
    session.add(
        RememberedAnswer(
            caller="0" * 64,
            key=f"batch “{value}”",
            request_hash="1" * 64,
            status=201,
            location="/api/v1/submissions/2",
            body=b"{}",
            created_at=NOW,
        )
    )


def _admin(session: Session) -> Actor:
    keys = session.exec(select(ApiKey).order_by(ApiKey.id)).all()  # type: ignore[arg-type]
    found = (actor_of(session, f"key:{key.id}", datetime.now(UTC)) for key in keys)
    return next(actor for actor in found if actor is not None)


def _add_people(session: Session) -> None:
    town = session.exec(select(Partnership).where(Partnership.code != "elsewhere")).one()
    officer = make_person(session, town, name="Officer")
    make_token(session, officer)
    invited = make_person(session, town, Role.APPROVER, signed_up=False)
    one_time_link.make(change_in(session, now=NOW), invited, datetime.now(UTC))
    person.rename(change_in(session, town, NOW), officer, "An officer")
    session.add(SignInGuess(account="2" * 64, origin="192.0.2.1", budget="first", at=NOW))
    session.flush()


def _add_quarter(session: Session) -> None:
    stamp: dict[str, Any] = {"recorded_at": NOW, "recorded_by": "test", "seq": seq(session)}
    quarter: dict[str, Any] = {"partnership_id": 1, "first_month": QUARTER}
    cut_off = PeriodEvent(kind="cut_off", **quarter, **stamp)
    session.add_all(
        [
            cut_off,
            PeriodEvent(kind="closed", **quarter, **stamp),
            ReturnEvent(agency_id=1, kind="late", text="The system was down.", **quarter, **stamp),
            Release(
                partnership_id=1,
                indicator_id=1,
                last_month=QUARTER + 2,
                audience="board",
                from_on=NOW.date(),
                **stamp,
            ),
            ReturnDraft(
                agency_id=1, rows=[{"value": "1"}], saved_at=NOW, saved_by="test", seq=seq(session), **quarter
            ),
            ExceptionalPeriod(
                partnership_id=1,
                position=1,
                period="2020-21",
                reason="Pandemic",
                recorded_at=NOW,
                seq=seq(session),
            ),
        ]
    )
    session.add(_message(session))
    session.flush()
    session.add(Snapshot(event_id=cut_off.id, items=[{"rating": "met"}], seq=seq(session)))


def _message(session: Session) -> OutboxMessage:
    return OutboxMessage(
        partnership_id=1,
        kind="reminder_due",
        once="return 1",
        to="a@agency.example",
        subject="Due",
        body="It is due.",
        state="waiting",
        not_before=NOW + timedelta(days=1),
        recorded_at=NOW,
        seq=seq(session),
    )


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """A connection on which no trigger and no foreign key stands in the way; nothing done on it stays."""
    with database.engine.connect() as connection:
        connection.execution_options(saferplan_write=True)
        driver: Any = connection.connection.dbapi_connection
        if database.is_sqlite:
            driver.execute("PRAGMA foreign_keys = OFF")
        _drop_guards(connection)
        try:
            yield connection
        finally:
            connection.rollback()
            if database.is_sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


def _drop_guards(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def problems(connection: Connection, head: str | None = None) -> list[str]:
    with Session(bind=connection, join_transaction_mode="rollback_only") as session:
        return list(verify(session, head))
