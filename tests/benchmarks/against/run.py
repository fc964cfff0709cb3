"""From the name of a commit to a written report."""

import signal
import sys
import tempfile
from pathlib import Path

from app.config import project_file
from tests.benchmarks.against.commit import BadCommit, find, lay_out
from tests.benchmarks.against.measure import measure
from tests.benchmarks.against.stages import How
from tests.benchmarks.against.tell import is_failure, tell
from tests.benchmarks.against.version import Version
from tests.benchmarks.wrk import find_wrk

ROUNDS = 5
LOCK = "requirements.lock"


def run(commit: str, only: str, rounds: int | None, seconds: int) -> int:
    """0 when nothing is worse and nothing over its bound, 1 when something is, 2 for a bad commit."""
    # Whoever ends it finds nothing left: neither a tree nor gigabytes of figures.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tree = project_file(".")
    with tempfile.TemporaryDirectory(prefix="saferplan-against-") as name:
        directory = Path(name)
        try:
            old = _other(commit, tree, directory / "tree")
        except BadCommit as bad:
            print(bad, file=sys.stderr)
            return 2
        how = How(find_wrk(), rounds or ROUNDS, seconds)
        found = measure(Version("new", tree), old, directory, only, how)
        same_packages = _lock(tree) == _lock(old.tree)
    text = tell(found, old.name, how, same_packages=same_packages)
    if not only:
        Path("var").mkdir(exist_ok=True)
        Path("var", "bench-against.md").write_text(text, encoding="utf-8")
    print(text)
    return int(is_failure(found))


def _lock(tree: Path) -> bytes:
    path = tree / LOCK
    return path.read_bytes() if path.exists() else b""


def _other(commit: str, repository: Path, tree: Path) -> Version:
    whole = find(commit, repository)
    lay_out(whole, repository, tree)
    return Version(whole[:9], tree)
