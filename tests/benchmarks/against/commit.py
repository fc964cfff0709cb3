"""Another commit's files, laid out in a directory. The repository itself is only read."""

import io
import subprocess
import tarfile
from pathlib import Path

NEEDED = ("tests/benchmarks/stock.py", "tests/benchmarks/change.py")


class BadCommit(Exception):
    """The message is for whoever named it."""


def find(name: str, repository: Path) -> str:
    """The whole id of the commit that goes by this name. Raises BadCommit."""
    said = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if said.returncode != 0:
        raise BadCommit(f"There is no commit {name!r} here: `git log --oneline` lists those there are.")
    return said.stdout.decode().strip()


def lay_out(commit: str, repository: Path, directory: Path) -> None:
    """Raises BadCommit where it has nothing to be measured with."""
    said = _git(repository, "archive", "--format=tar", commit)
    if said.returncode != 0:
        raise BadCommit(f"Commit {commit[:9]} cannot be read: {said.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(said.stdout)) as archive:
        archive.extractall(directory, filter="data")
    if not all((directory / name).is_file() for name in NEEDED):
        raise BadCommit(
            f"Commit {commit[:9]} has no benchmark: a database could not be filled by its own code."
        )


def _git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise BadCommit("To compare with another commit, git has to be installed.") from None
