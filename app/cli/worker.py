"""Runs the worker (reminders, mail, uploads) in a process of its own."""

import signal
from typing import Annotated

import typer

from app.cli.console import database
from app.config import settings_from_environment
from app.worker import Worker


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end.")] = False,
) -> None:
    """Remind, send mail and check uploads, for a server with SAFERPLAN_WORKER=apart."""
    settings = settings_from_environment()
    if settings.mail_goes_by is None:
        typer.echo("No mail is set up: messages wait in the outbox. See SAFERPLAN_SMTP_URL in the README.")
    with database(settings) as opened:
        background_worker = Worker(opened, settings)
        if once:
            background_worker.finish()
            return
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, lambda *_: background_worker.stop_soon())
        typer.echo("Working. Ctrl-C ends it.")
        background_worker.run()
