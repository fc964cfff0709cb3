"""wrk, which asks faster than Python can; it is installed where it may be, and done without where not."""

import os
import re
import shutil
import subprocess

from tests.benchmarks.load import Load, keep_asking

SCALE = {"us": 0.001, "ms": 1.0, "s": 1000.0}
INSTALL = (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "wrk"])


def find_wrk() -> str | None:
    """Its path. Where it is absent and this is root on Debian, its package is tried first."""
    if shutil.which("wrk") is None and shutil.which("apt-get") is not None and os.geteuid() == 0:
        print("Installing wrk", flush=True)
        for command in INSTALL:
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    return shutil.which("wrk")


def flood(
    program: str | None, url: str, headers: dict[str, str], *, seconds: int, connections: int, status: int
) -> Load:
    """As many requests as fit, on so many connections."""
    if program is None:
        return keep_asking(
            url, headers, seconds=seconds, connections=connections, status=status, before=lambda: None
        )
    command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, url], capture_output=True, text=True, timeout=seconds + 60, check=True)
    return read_report(done.stdout)


def read_report(text: str) -> Load:
    """Raises RuntimeError where some requests failed."""
    if trouble := re.search(r"Socket errors.*|Non-2xx.*", text):
        raise RuntimeError(trouble[0])
    requests = re.search(r"(\d+) requests in", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p50, p99 = (re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", text) for percent in (50, 99))
    if requests is None or rate is None or p50 is None or p99 is None:
        raise RuntimeError(f"wrk said something else: {text[:500]}")
    milliseconds = [float(found[1]) * SCALE[found[2]] for found in (p50, p99)]
    return Load(int(requests[1]), float(rate[1]), *milliseconds)
