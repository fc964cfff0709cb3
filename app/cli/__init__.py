"""The command line: how a partnership starts, upgrades and keeps its deployment."""

import sys
from collections.abc import Sequence

import typer

from app.cli import audit, demo, document, keep, key, openapi, person, start
from app.cli.console import Stop
from app.commands.plan_document.refusal import DocumentRefused
from app.domain.errors import Error

app = typer.Typer(
    name="saferplan",
    help="Where a Community Safety Partnership keeps its plan, and measures it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(start.init)
app.command()(start.migrate)
app.command()(start.serve)
app.command("import")(document.import_)
app.command()(document.export)
app.command()(keep.backup)
app.command()(keep.restore)
app.command()(demo.demo)
app.command()(openapi.openapi)
app.add_typer(person.app, name="user")
app.add_typer(key.app, name="key")
app.add_typer(audit.app, name="audit")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. What a person can mend is said in plain words, with exit status 1."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except DocumentRefused as refused:
        for problem in refused.errors:
            typer.echo(f"line {problem.line}: {problem.message}", err=True)
        typer.echo("Nothing was kept.", err=True)
        sys.exit(1)
    except (Stop, Error, OSError) as error:
        typer.echo(f"saferplan: {error}", err=True)
        sys.exit(1)
