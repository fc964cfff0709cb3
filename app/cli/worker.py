"""Reminders, mail and uploads, in a process of their own."""

import signal
from typing import Annotated

import typer

from app.cli.console import database
from app.config import settings_from_environment
from app.worker import Worker


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end.")] = False,
) -> None:
    """Remind, send mail and work on uploads, beside a server that has SAFERPLAN_WORKER=apart."""
    settings = settings_from_environment()
    if settings.mail_goes_by is None:
        typer.echo("No mail is set up: messages wait in the outbox. See SAFERPLAN_SMTP_URL in the README.")
    with database(settings) as opened:
        made = Worker(opened, settings)
        if once:
            made.finish()
            return
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: made.stop_soon())
        typer.echo("Working. Ctrl-C ends it.")
        made.run()
