"""The file of a SQLite database: who has it open, and whether it is still the one at its path.

An idle SQLite connection holds no lock that a replacement would meet, and a server whose file was renamed goes on
writing to it. So each process that has the database open shares a lock on a file beside it, and whoever replaces
the database takes that lock alone. The kernel frees the lock however a process ends. Where there are no such locks
(Windows, some network drives) SQLite's own are all there is.
"""

import errno
import os
import sqlite3
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from app.domain.errors import Error

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS})
ATTEMPTS, SECONDS_BETWEEN = 20, 0.05
"""Another process that is just opening the database holds the lock alone for a moment."""
Identity = tuple[int, int]
"""Device and inode. (0, 0) where there is no file."""
NOTE = struct.Struct("<QQ")
_alone: set[Path] = set()
"""Locks that this process holds alone: its own connections need not ask."""


class DatabaseInUse(Error):
    """Another process has the database open, or has it alone."""


class DatabaseReplaced(Error):
    """Another file was put in the place of the one that is open: what is written to that would be lost."""

    def __init__(self) -> None:
        super().__init__(
            "Another file was put in the database's place while it was open. Nothing more is stored: "
            "stop every process that uses it, then start the service again."
        )


class DatabaseFile:
    """Holds the shared lock from the first connection until `close`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._opening = threading.Lock()
        self._lock: int | None = None
        self._identity: Identity | None = None
        self._stays_locked = False

    def open(self) -> None:
        """To be called before each connection is made. A new file is made, its owner's alone.

        Raises sqlite3.OperationalError, as the driver does, where the place cannot be used.
        """
        with self._opening:
            if self._identity is None:
                try:
                    self._lock, self._identity = _share(self.path)
                except OSError as error:
                    raise _cannot_open(error) from error
        if self.is_replaced():
            raise DatabaseReplaced

    def is_replaced(self) -> bool:
        return self._identity is not None and _identity(self.path) != self._identity

    def require_in_place(self, connection: sqlite3.Connection) -> None:
        """Raises DatabaseReplaced. The log of last writes is emptied first, into the file it belongs to:
        SQLite finds a log by its name, and would apply it to the other file."""
        if self.is_replaced():
            connection.execute("PRAGMA busy_timeout = 1000")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            raise DatabaseReplaced

    def stay_locked(self) -> None:
        """Keeps the lock until this process ends."""
        self._stays_locked = True

    def close(self) -> None:
        if self._lock is not None and not self._stays_locked:
            os.close(self._lock)
            self._lock = None
        self._identity = None


def _cannot_open(error: OSError) -> sqlite3.OperationalError:
    made = sqlite3.OperationalError(f"unable to open database file: {error}")
    made.sqlite_errorname = "SQLITE_FULL" if error.errno == errno.ENOSPC else "SQLITE_CANTOPEN"
    return made


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the lock exclusively. Raises DatabaseInUse where any other process has the database open."""
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_lock(path)
    try:
        if not _locked(descriptor, alone=True):
            raise DatabaseInUse("The database is in use by another process: stop the service first.")
        _alone.add(lock_path(path))
        yield
    finally:
        _alone.discard(lock_path(path))
        os.close(descriptor)


def lock_path(path: Path) -> Path:
    """Beside the file itself where `path` is a link to it. It is never removed: who waits may have it open."""
    real = path.resolve()
    return real.with_name(f"{real.name}.lock")


def _share(path: Path) -> tuple[int | None, Identity]:
    """The lock, and the file that it stands for: the first to share the lock notes that, later ones read it."""
    if fcntl is None or lock_path(path) in _alone:
        return None, _made(path)
    descriptor = _open_lock(path)
    for _ in range(ATTEMPTS):
        if _locked(descriptor, alone=True):
            identity = _made(path)
            os.pwrite(descriptor, NOTE.pack(*identity), 0)
            if _locked(descriptor, alone=False):
                return descriptor, identity
        elif _locked(descriptor, alone=False):
            return descriptor, _noted(descriptor) or _made(path)
        time.sleep(SECONDS_BETWEEN)
    os.close(descriptor)
    raise DatabaseInUse("The database is being restored or migrated: start again when that has ended.")


def _noted(descriptor: int) -> Identity | None:
    note = os.pread(descriptor, NOTE.size, 0)
    return cast(Identity, NOTE.unpack(note)) if len(note) == NOTE.size else None


def _open_lock(path: Path) -> int:
    """As with SQLite's own files beside it, its mode and owner are the database's: who may open that may share."""
    place = lock_path(path)
    is_new = not place.exists()
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    if is_new and path.exists():
        keep_access(path, place)
    return descriptor


def keep_access(source: Path, target: Path) -> None:
    """Gives `target` the mode of `source`, and, where this is root's doing, its owner."""
    facts = source.stat()
    os.chmod(target, facts.st_mode & 0o777)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(target, facts.st_uid, facts.st_gid)


def _locked(descriptor: int, *, alone: bool) -> bool:
    """Whether the lock was to be had, without waiting."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
    return True


def _made(path: Path) -> Identity:
    """The file at the path. It holds password hashes: a new one is its owner's alone, and those beside it follow."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return _identity(path)


def _identity(path: Path) -> Identity:
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return facts.st_dev, facts.st_ino
