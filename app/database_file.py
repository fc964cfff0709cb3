"""Locks the file of a SQLite database against replacement, and notices a replaced one.

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
"""Another process that is opening the database holds the lock exclusively for a moment."""
Identity = tuple[int, int]
"""Device and inode of a file. (0, 0) where there is none."""
IDENTITY_FORMAT = struct.Struct("<QQ")
_exclusive_locks: set[Path] = set()
"""Locks that this process holds exclusively: its own connections need none."""


class DatabaseInUse(Error):
    """Raised where another process has the database open, or holds its lock exclusively."""


class DatabaseReplaced(Error):
    """Raised where another file replaced the one that is open: writes to that would be lost."""

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
        """Takes the shared lock. Called before each connection; creates a missing file, readable by its owner alone.

        Raises sqlite3.OperationalError, as the driver does, where the path cannot be used.
        """
        with self._opening:
            if self._identity is None:
                try:
                    self._lock, self._identity = _share_lock(self.path)
                except OSError as error:
                    raise _cannot_open(error) from error
        if self.is_replaced():
            raise DatabaseReplaced

    def is_replaced(self) -> bool:
        return self._identity is not None and _identity(self.path) != self._identity

    def require_in_place(self, connection: sqlite3.Connection) -> None:
        """Raises DatabaseReplaced where the file was replaced.

        First empties the log of last writes into the file it belongs to: SQLite finds a log by its name, and would
        apply it to the other file.
        """
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
    driver_error = sqlite3.OperationalError(f"unable to open database file: {error}")
    driver_error.sqlite_errorname = "SQLITE_FULL" if error.errno == errno.ENOSPC else "SQLITE_CANTOPEN"
    return driver_error


@contextmanager
def lock_exclusively(path: Path) -> Iterator[None]:
    """Holds the lock exclusively. Raises DatabaseInUse where any other process has the database open."""
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_lock(path)
    try:
        if not _try_lock(descriptor, is_exclusive=True):
            raise DatabaseInUse("The database is in use by another process: stop the service first.")
        _exclusive_locks.add(lock_path(path))
        yield
    finally:
        _exclusive_locks.discard(lock_path(path))
        os.close(descriptor)


def lock_path(path: Path) -> Path:
    """Path of the lock file, beside the real file where `path` is a link. Never removed: others may have it open."""
    real = path.resolve()
    return real.with_name(f"{real.name}.lock")


def _share_lock(path: Path) -> tuple[int | None, Identity]:
    """Takes the shared lock; returns it and the file's identity, which the first to take it writes for the others."""
    if fcntl is None or lock_path(path) in _exclusive_locks:
        return None, _create_if_missing(path)
    descriptor = _open_lock(path)
    for _ in range(ATTEMPTS):
        if _try_lock(descriptor, is_exclusive=True):
            identity = _create_if_missing(path)
            os.pwrite(descriptor, IDENTITY_FORMAT.pack(*identity), 0)
            if _try_lock(descriptor, is_exclusive=False):
                return descriptor, identity
        elif _try_lock(descriptor, is_exclusive=False):
            return descriptor, _read_identity(descriptor) or _create_if_missing(path)
        time.sleep(SECONDS_BETWEEN)
    os.close(descriptor)
    raise DatabaseInUse("The database is being restored or migrated: start again when that has ended.")


def _read_identity(descriptor: int) -> Identity | None:
    note = os.pread(descriptor, IDENTITY_FORMAT.size, 0)
    return cast(Identity, IDENTITY_FORMAT.unpack(note)) if len(note) == IDENTITY_FORMAT.size else None


def _open_lock(path: Path) -> int:
    """Opens the lock file, with the database's mode and owner, as SQLite's own files: the same users may lock it."""
    place = lock_path(path)
    is_new = not place.exists()
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    if is_new and path.exists():
        keep_access(path, place)
    return descriptor


def keep_access(source: Path, target: Path) -> None:
    """Gives `target` the mode of `source`, and, if this process is root's, its owner."""
    facts = source.stat()
    os.chmod(target, facts.st_mode & 0o777)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(target, facts.st_uid, facts.st_gid)


def _try_lock(descriptor: int, *, is_exclusive: bool) -> bool:
    """Tries to take the lock without waiting; returns whether it succeeded."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if is_exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
    return True


def _create_if_missing(path: Path) -> Identity:
    """Identity of the file at the path, created if missing. For its owner alone, as it holds password hashes."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return _identity(path)


def _identity(path: Path) -> Identity:
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return facts.st_dev, facts.st_ino
