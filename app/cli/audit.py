"""Prints the head of the chain of audit events, and verifies the chain."""

from typing import Annotated

import typer
from sqlmodel import select

from app.cli.console import database
from app.cli.stop import Stop
from app.commands import audit
from app.models.record.ledger import Ledger
from app.record.columns import not_covered

app = typer.Typer(help="The record of changes.", no_args_is_help=True)


@app.command()
def head() -> None:
    """Print the last event's hash. Keep it elsewhere: only with it can a missing end be detected."""
    with database() as opened, opened.read() as session:
        typer.echo(session.exec(select(Ledger.head)).one())


@app.command()
def verify(
    head: Annotated[str | None, typer.Option(help="A head that was written down earlier.")] = None,
) -> None:
    """Check that no event, and no row that events cover, was changed, removed, put in or cut off."""
    with database() as opened, opened.read() as session:
        findings = list(audit.verify(session, head))
        since = audit.covered_since(session)
    for line in (*since, *not_covered()):
        typer.echo(f"Not vouched for: {line}")
    if findings:
        for finding in findings:
            typer.echo(finding, err=True)
        raise Stop("The record is not whole.")
    typer.echo("The record is whole.")
