"""A partnership with a plan in force, and a key for each kind of program that comes to it.

`town.yaml` goes in as a plan document, so a test finds what a real partnership's import would leave behind.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.commands.change import Change
from app.commands.figures import upload
from app.commands.groups.recommendation import attach_evidence
from app.commands.record.stored_file import NewFile, sha256_of, store_file
from app.config import Settings
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Scope
from app.domain.record.file_kind import FileKind
from app.files.csv_file import from_csv
from app.files.vocabulary import Vocabulary
from app.models.groups.recommendation import Recommendation
from app.models.plan.partnership import Agency, Partnership
from app.models.record.stored_file import FileIn
from app.queries.access.actor import actor_of
from tests.build import BUILDER, TODAY, make_agency, make_key, make_partnership
from tests.grants import make_grants

DOCUMENT = Path(__file__).with_name("town.yaml").read_text(encoding="utf-8")
NOW = datetime(2017, 12, 1, 9, tzinfo=UTC)
"""When the plan came in: some days before TODAY, so that "as known on" has an earlier day to ask about."""
EVIDENCE = b"conference,seen on\nNorth,2017-10-03\n"
EVIDENCE_SHA256 = sha256_of(EVIDENCE)
READS = (Scope.READ, Scope.READ_FIGURES)
STAFF = (
    *READS,
    Scope.WRITE_PLAN,
    Scope.POST_FIGURES,
    Scope.READ_SUBMISSIONS,
    Scope.CHECK_RETURNS,
    Scope.READ_AUDIT,
)


@dataclass(frozen=True)
class Town:
    """Secrets of keys, by whose they are."""

    partnership: Partnership
    analysts: str
    """Answer for some indicators and supply others."""
    police: str
    staff: str
    funder: str
    """Outside the information-sharing agreement, and only reads."""
    admin: str
    stranger: str
    """May do everything, in another partnership."""


def make_town(session: Session) -> Town:
    load(Change(session, BUILDER, None, TODAY, NOW), parse_document(DOCUMENT), partnerships_allowed=None)
    session.flush()
    town = session.exec(select(Partnership)).one()
    agencies = {agency.code: agency for agency in session.exec(select(Agency))}
    elsewhere = make_partnership(session, "elsewhere")
    outsider = make_agency(session, elsewhere, code="outsider")

    def secret(agency: str, *scopes: Scope) -> str:
        return make_key(session, town, agency=agencies[agency], scopes=scopes).secret

    admin = make_key(session, town, agency=agencies["council"], scopes=tuple(Scope))
    make_upload(session, town, f"key:{admin.key.id}")
    make_evidence(session, town)
    make_grants(session, town)
    return Town(
        partnership=town,
        analysts=secret("analysts", *READS, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS),
        police=secret("police", *READS, Scope.POST_FIGURES, Scope.READ_SUBMISSIONS),
        staff=secret("council", *STAFF),
        funder=secret("commissioner", *READS),
        admin=admin.secret,
        stranger=make_key(session, elsewhere, agency=outsider, scopes=tuple(Scope)).secret,
    )


def make_upload(session: Session, town: Partnership, caller: str) -> None:
    """A file of one figure, checked and not yet sent."""
    content = b"indicator,period,value\ndwelling-fires,2017-18-Q2,12\n"
    actor = actor_of(session, caller, datetime.now(UTC))
    assert actor is not None
    change = Change(session, actor, town.id, TODAY, NOW)
    stored = upload.store(change, "fires.csv", "csv", content)
    stored.uploaded_at = datetime(2017, 12, 20, tzinfo=UTC)  # or it would be a file to drop
    upload.check(change, stored, from_csv(content, Vocabulary()))


def make_evidence(session: Session, town: Partnership) -> None:
    """A file that the town's recommendation refers to."""
    file = NewFile(town.id, EVIDENCE_SHA256, FileKind.CSV, EVIDENCE)
    store_file(session.connection(), file, Settings(), datetime.now(UTC))
    recommendation = session.exec(select(Recommendation)).one()
    change = Change(session, BUILDER, town.id, TODAY, NOW)
    named = FileIn(sha256=EVIDENCE_SHA256, name="conferences.csv", title="Conferences seen")
    attach_evidence(change, recommendation, named)


def row(indicator: str = "asb-incidents", period: str = "2017-18-Q2", **rest: Any) -> dict[str, Any]:
    """A figure as it is sent, a valid count unless told otherwise."""
    return {"indicator": indicator, "period": period, "value": 4200, **rest}


def figures(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"figures": list(rows)}
