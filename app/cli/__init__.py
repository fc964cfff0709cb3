"""The command line, with which a partnership sets up, upgrades and maintains its deployment."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from app import gc_settings
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
"""Module and attribute of each command. Only the one that is run is imported, which halves the start."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. An error that the person can correct prints a message, with exit status 1."""
    gc_settings.collect_seldom()
    argv = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _make_app(argv)(args=argv)
    except (Stop, OSError) as error:
        _fail(str(error))
    except Exception as error:
        _fail(_error_message(error))


def _make_app(argv: list[str]) -> typer.Typer:
    app = typer.Typer(
        name="saferplan",
        help="Where a Community Safety Partnership keeps its plan, and measures it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_saferplan)
    for name in [argv[0]] if argv and argv[0] in COMMANDS else COMMANDS:
        module, attribute = COMMANDS[name]
        command = getattr(import_module(f"app.cli.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _saferplan() -> None:
    """Where a Community Safety Partnership keeps its plan, and measures it."""


def _fail(message: str) -> None:
    typer.echo(f"saferplan: {message}", err=True)
    sys.exit(1)


def _error_message(error: Exception) -> str:
    """Message of an error in the input, a rule or a setting; raises any other error again, as a fault of ours."""
    from pydantic import ValidationError

    from app.config import Settings
    from app.document.refusal import DocumentRefused
    from app.domain.errors import Error

    if isinstance(error, DocumentRefused):
        return f"nothing was kept.\n{error}"
    if isinstance(error, Error):
        return str(error)
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        return "\n".join(_setting_message(each["loc"], each["msg"]) for each in error.errors())
    raise error


def _setting_message(place: tuple[int | str, ...], message: str) -> str:
    return f"{place[0]}: {message}" if place else message
