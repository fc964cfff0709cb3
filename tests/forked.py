"""`saferplan` as a process of its own, forked from one that has imported it: each import would take seconds."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        __name__,
        "app.main",
        *(f"app.cli.{name}" for name in ("serve", "before_serving", "worker", "keep", "restore")),
    ]
)


class Forked:
    """One command with its environment, at work; what it says goes to files. Used as a `subprocess.Popen`."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], out: Path, error: Path | None = None
    ) -> None:
        for path in (out, error or out):
            path.touch()
        self._process = CONTEXT.Process(target=_run, args=(arguments, dict(environment), out, error or out))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("saferplan", timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run(
    arguments: Sequence[str | Path], environment: Mapping[str, str], timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    words = [str(each) for each in arguments]
    with tempfile.TemporaryDirectory() as directory:
        out, error = Path(directory, "out"), Path(directory, "error")
        process = Forked(words, environment, out, error)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
        return subprocess.CompletedProcess(words, status, out.read_text(), error.read_text())


def _run(arguments: Sequence[str], environment: dict[str, str], out: Path, error: Path) -> None:
    from app.cli import main

    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, error)):
        opened = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main(arguments)
