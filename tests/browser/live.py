"""The service as people run it: its own process, on a free port of the loopback address."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.build import TODAY

PROGRAM = Path(sys.executable).with_name("saferplan")
SECONDS_TO_START = 240.0
SECONDS_TO_STOP = 60.0


class Live:
    """`saferplan serve` over the SQLite file `saferplan.db` in a directory, which also takes its log."""

    def __init__(self, directory: Path) -> None:
        self.database_url = f"sqlite:///{directory / 'saferplan.db'}"
        self.url = ""
        self._log = directory / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return once the service answers. Raises RuntimeError, with its log, if it does not."""
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--host", "127.0.0.1", "--port", str(port)],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the service did not start:\n{self._log.read_text(errors='replace')}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End the service as a service manager would; safe to call twice."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def run(self, *arguments: str) -> str:
        """What another `saferplan` command prints, over the same database. Raises CalledProcessError."""
        return subprocess.run(
            [PROGRAM, *arguments],
            check=True,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def _environment(self) -> dict[str, str]:
        return os.environ | {"DATABASE_URL": self.database_url, "SAFERPLAN_SECURE_COOKIES": "false"}

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v1/health", timeout=10).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@contextmanager
def on_the_day(directory: Path) -> Iterator[Live]:
    """The service on the tests' day, without a worker: nothing happens there but what a test does."""
    live = Live(directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFERPLAN_TODAY", TODAY.isoformat())
        patch.setenv("SAFERPLAN_WORKER", "apart")
        live.start()
        try:
            yield live
        finally:
            live.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
