"""Imports and exports a plan document."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from app.cli.console import ACTOR, database, find_partnership, is_missing, trial_database
from app.cli.stop import Stop
from app.commands.change import Change
from app.config import settings_from_environment
from app.db import Database, forget
from app.document import print as plan_document
from app.document.kit.load import Outcome
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.period import year_named
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan

PartnershipOption = Annotated[
    str | None, typer.Option("--partnership", help="Its code; needed where there are several.")
]


WOULD_LABELS = {"created": "would create", "changed": "would change"}


def import_(
    file: Annotated[Path, typer.Argument(help="The plan document, or - for standard input.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and keep nothing.")
    ] = False,
) -> None:
    """Load a plan document: all of it, or nothing of it. Loading it again changes nothing."""
    source = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    is_first = dry_run and is_missing(settings_from_environment())
    with trial_database() if is_first else database() as opened:
        outcome = load_document(opened, source, dry_run=dry_run)
    for line in report_lines(outcome, dry_run):
        typer.echo(line)


def load_document(opened: Database, source: bytes, *, dry_run: bool = False) -> Outcome:
    """Reads and loads a document in one transaction; a dry run, or a load without changes, writes nothing."""
    settings = settings_from_environment()
    document = parse_document(source)
    with opened.write() as session:
        outcome = load(Change.of(session, ACTOR, settings), document, partnerships_allowed=None)
        if dry_run or not outcome.changes:
            forget(session)
    return outcome


def report_lines(outcome: Outcome, dry_run: bool) -> list[str]:
    """Lines for the terminal: changes, rows left alone, warnings, then the counts."""
    lines = [f"{WOULD_LABELS[done.kind] if dry_run else done.kind}: {done.what}" for done in outcome.done]
    lines += [f"line {each.line}: target of {each.indicator}: {each.sentence}" for each in outcome.targets]
    lines += [f"left alone: {what}" for what in outcome.left_alone]
    lines += [f"line {line}: to check: {message}" for line, _code, message in outcome.warnings]
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in outcome.counts.items() if count)
    end = "Nothing was kept: this was a dry run. " if dry_run else ""
    return [*lines, f"{end}{counts}" if outcome.changes else f"{end}Nothing to change. {counts}".strip()]


def export(
    partnership: PartnershipOption = None,
    plan: Annotated[str | None, typer.Option("--plan", help="Its code; else the one in force.")] = None,
    version: Annotated[int | None, typer.Option("--version", help="Of the plan; else the newest.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else standard output.")
    ] = None,
) -> None:
    """Print a partnership's plan as a plan document."""
    today = settings_from_environment().today()
    with database() as opened, opened.read() as session:
        owner = find_partnership(session, partnership)
        chosen = find_plan(session, owner, plan, version, today)
        text = plan_document.export_document(session, owner.id, chosen.id)
    if output is None:
        sys.stdout.buffer.write(text.encode())
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
        typer.echo(f"Written to {output}.", err=True)


def find_plan(
    session: Session, partnership: Partnership, code: str | None, version: int | None, today: date
) -> Plan:
    """Finds a plan by code and version: the adopted one that covers today, else the newest adopted, else the newest."""
    query = select(Plan).where(Plan.partnership_id == partnership.id)
    plans = session.exec(query.order_by(col(Plan.last_year).desc(), col(Plan.version).desc())).all()
    matching = [each for each in plans if code in (None, each.code) and version in (None, each.version)]
    if not matching:
        labels = ", ".join(f"{each.code} version {each.version}" for each in plans) or "none yet"
        raise Stop(f"There is no such plan of {partnership.code}. There is: {labels}.")
    adopted = [each for each in matching if each.status == "adopted"]
    return next((each for each in adopted if _covers(each, today)), (adopted or matching)[0])


def _covers(plan: Plan, today: date) -> bool:
    return year_named(plan.first_year).start <= today <= year_named(plan.last_year).end
