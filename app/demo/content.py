"""Loads Bradford's published plan; its figures are recorded on the days on which they became known."""

from pathlib import Path

from app.commands.change import Change
from app.config import Settings
from app.db import Database
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Actor

BRADFORD = Path(__file__).with_name("bradford.yaml")
LOADER = Actor.of_service("demonstration")


def load_plan(settings: Settings, opened: Database) -> None:
    document = parse_document(BRADFORD.read_bytes())
    with opened.write() as session:
        load(Change.of(session, LOADER, settings), document, partnerships_allowed=None)
