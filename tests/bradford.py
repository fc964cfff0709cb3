"""A database with the demonstration's plan, and somebody of each of four roles, for tests of the pages."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, select

from app.commands.change import Change
from app.config import project_file
from app.db import Database
from app.demo.funding import load_funding_history
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Role
from app.models.plan.partnership import Agency, Partnership
from tests.build import BUILDER, TODAY, make_person

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
ADMINISTRATOR, OFFICER, ANALYST, SUPPLIER, READER = (
    f"{name}@saferplan.example" for name in ("administrator", "officer", "analyst", "supplier", "reader")
)


def fill(path: Path) -> None:
    """Fills a migrated, empty SQLite file."""
    database = Database(f"sqlite:///{path}")
    document = parse_document(project_file("app/demo/bradford.yaml").read_bytes())
    with database.write() as session:
        load(Change(session, BUILDER, None, TODAY, NOON), document, partnerships_allowed=None)
    with database.write() as session:
        _people(session)
    load_funding_history(database)
    database.close()


def _people(session: Session) -> None:
    here = session.exec(select(Partnership)).one()
    police = session.exec(select(Agency).where(Agency.code == "west-yorkshire-police")).one()
    analysts = session.exec(select(Agency).where(Agency.code == "co-located-analysts")).one()
    make_person(session, here, Role.ADMINISTRATOR, email=ADMINISTRATOR, name="Partnership manager")
    make_person(session, here, Role.OFFICER, email=OFFICER, name="Community safety officer")
    make_person(session, here, Role.CONTRIBUTOR, agency=police, email=ANALYST, name="Police analyst")
    make_person(session, here, Role.CONTRIBUTOR, agency=analysts, email=SUPPLIER, name="Co-located analyst")
    make_person(session, here, Role.READER, email=READER, name="Board member")
