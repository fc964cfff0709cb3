"""The command line: how a partnership starts, upgrades and keeps its deployment."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from app import heap
from app.cli.stop import Stop

COMMANDS = {
    "init": ("start", "init"),
    "migrate": ("migrate", "migrate"),
    "serve": ("serve", "serve"),
    "worker": ("worker", "worker"),
    "import": ("document", "import_"),
    "export": ("document", "export"),
    "user": ("person", "app"),
    "key": ("key", "app"),
    "backup": ("keep", "backup"),
    "restore": ("restore", "restore"),
    "restored": ("restore", "restored"),
    "audit": ("audit", "app"),
    "demo": ("demo", "demo"),
    "openapi": ("openapi", "openapi"),
}
"""The module of each command, and what in it. Only the one asked for is imported: a start takes half as long."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. What a person can mend is said in plain words, with exit status 1."""
    heap.collect_seldom()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _commands(given)(args=given)
    except (Stop, OSError) as error:
        _say(str(error))
    except Exception as error:
        _say(_plain_words(error))


def _commands(given: list[str]) -> typer.Typer:
    app = typer.Typer(
        name="saferplan",
        help="Where a Community Safety Partnership keeps its plan, and measures it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_saferplan)
    for name in [given[0]] if given and given[0] in COMMANDS else COMMANDS:
        module, attribute = COMMANDS[name]
        command = getattr(import_module(f"app.cli.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _saferplan() -> None:
    """Where a Community Safety Partnership keeps its plan, and measures it."""


def _say(words: str) -> None:
    typer.echo(f"saferplan: {words}", err=True)
    sys.exit(1)


def _plain_words(error: Exception) -> str:
    """What the domain or a document's reader said; anything else is a fault of ours and is raised again."""
    from pydantic import ValidationError

    from app.config import Settings
    from app.document.refusal import DocumentRefused
    from app.domain.errors import Error

    if isinstance(error, DocumentRefused):
        return f"nothing was kept.\n{error}"
    if isinstance(error, Error):
        return str(error)
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        return "\n".join(_setting(each["loc"], each["msg"]) for each in error.errors())
    raise error


def _setting(place: tuple[int | str, ...], message: str) -> str:
    return f"{place[0]}: {message}" if place else message
