"""A server as a process of its own, on a free port of the loopback address."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.forked import Forked

SAFERPLAN = Path(sys.executable).with_name("saferplan")
SECONDS_TO_START = 240.0
SECONDS_TO_STOP = 60.0
KEEPER = 'read -r _; kill -9 "$0"'
"""A shell's script: its pipe from this process closes however this process ends, and the server goes with it."""


class Worker:
    """One process that answers `health` with 200 once it is ready; it can be killed and started again."""

    def __init__(
        self,
        command: Callable[[int], Sequence[str | Path]],
        environment: dict[str, str],
        log: Path,
        health: str,
        *,
        afresh: bool = False,
        directory: Path | None = None,
    ) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [str(part) for part in command(self.port)]
        self._environment = os.environ | environment
        self._log = log
        self._health = health
        self._afresh = afresh
        self._directory = directory
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and return once it answers. Raises RuntimeError, with its log, when it does not."""
        self.launch()
        self.await_answer()

    def launch(self) -> None:
        """Begin to start; several may do so at the same time."""
        self._process = self._begin()
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, str(self._process.pid)], stdin=subprocess.PIPE, start_new_session=True
        )

    def _begin(self) -> subprocess.Popen[bytes] | Forked:
        if self._command[0] == str(SAFERPLAN) and not self._afresh:
            return Forked(self._command[1:], self._environment, self._log)
        with self._log.open("ab") as log:
            return subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def await_answer(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(
                    f"the server did not start:\n{self._log.read_text(errors='replace')[-2000:]}"
                )
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut would: nothing is finished, nothing is said. Safe to call twice."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as a service manager would. Safe to call twice."""
        self._end(signal.SIGTERM)

    def peak_memory(self) -> int:
        """The most memory it has held so far, in bytes; 0 where the system does not tell."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status")
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
        return int(found[1]) * 1024 if found else 0

    def log(self) -> str:
        """What it has written so far."""
        return self._log.read_text(errors="replace")

    def _end(self, with_signal: signal.Signals) -> None:
        if self._process is None:
            return
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.communicate()
            self._keeper = None
        self._process.send_signal(with_signal)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", self._health)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def running(*workers: Worker) -> Iterator[None]:
    """All of them started, and gone afterwards whatever happens meanwhile."""
    try:
        for worker in workers:
            worker.launch()
        for worker in workers:
            worker.await_answer()
        yield
    finally:
        for worker in workers:
            worker.stop()


def saferplan(database_url: str, log: Path, **settings: str) -> Worker:
    """`saferplan serve` in the middle of the demonstration's year; `settings` by their names there."""
    return Worker(serve, environment(database_url, settings), log, "/api/v1/health")


def saferplan_afresh(database_url: str, log: Path, **settings: str) -> Worker:
    """As `saferplan`, but as a process that imports the program itself: to be measured, or of several processes."""
    return Worker(serve, environment(database_url, settings), log, "/api/v1/health", afresh=True)


def serve(port: int) -> list[str | Path]:
    """The command of a server, for `Worker`."""
    return [SAFERPLAN, "serve", "--host", "127.0.0.1", "--port", str(port)]


def saferplan_worker(database_url: str, log: Path, **settings: str) -> Worker:
    """`saferplan worker` beside it: launched, never waited for, as it answers nobody."""
    return Worker(lambda _port: [SAFERPLAN, "worker"], environment(database_url, settings), log, "")


def environment(database_url: str, settings: dict[str, str]) -> dict[str, str]:
    """What a server is started with, `settings` above all."""
    return {
        "DATABASE_URL": database_url,
        "SAFERPLAN_TODAY": "2017-12-20",
        "SAFERPLAN_REQUESTS_A_MINUTE": "100000000",
        "SAFERPLAN_SECURE_COOKIES": "false",
        "SAFERPLAN_WORKER": "apart",
        "SAFERPLAN_WORKERS": "1",
        **settings,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
