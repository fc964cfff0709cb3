"""Starts the server. The parent of several processes only supervises them, so it imports little."""

import ipaddress
import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from app import server
from app.config import Settings, settings_from_environment
from app.database_file import DatabaseFile


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes.")] = None,
) -> None:
    """Serve the pages and the API."""
    settings = settings_from_environment()
    count = workers or settings.workers
    is_public = not is_loopback(host)
    path = _check(is_public) if count == 1 else _check_in_subprocess(is_public)
    if path is not None:
        _lock_file(path)
    if is_public:
        _warn_of_public_url(settings)
    os.environ["SAFERPLAN_WORKERS"] = str(count)
    server.run(host, port, workers=count)


def _check(is_public: bool) -> Path | None:
    from app.cli.before_serving import check

    return check(is_public)


def _check_in_subprocess(is_public: bool) -> Path | None:
    """Checks in a process that ends: its imports take 50 MB, which this one would never use again."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(_check, is_public).result()


def _lock_file(path: Path) -> None:
    """Locks the database until this process ends, so that no restore replaces it before a server opens it."""
    file = DatabaseFile(path)
    file.open()
    file.stay_locked()


def _warn_of_public_url(settings: Settings) -> None:
    """Warns if the public address is this machine's: requests for any other host are refused."""
    if is_loopback(urlsplit(settings.public_url).hostname or ""):
        typer.echo(
            f"SAFERPLAN_PUBLIC_URL is {settings.public_url}: only this machine's names are answered to. "
            "Set it to the address where people open the pages.",
            err=True,
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
