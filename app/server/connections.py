"""The open connections of one process, and the order in which they are closed for a new one."""

import resource
from enum import Enum, auto
from typing import Protocol

from app.server.limits import FILES_BESIDE, MOST_CONNECTIONS


class Phase(Enum):
    """Phase of a connection. In this order connections are closed to make room."""

    CLOSING = auto()
    """The last answer is sent or being sent; then it ends."""
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    """The application works on its request: it is never closed to make room."""


class Connection(Protocol):
    def make_room(self) -> None:
        """Ends the connection at once."""


class Connections:
    """Up to `most` connections; those of one phase in the order in which they entered it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._phases: dict[Phase, dict[Connection, None]] = {phase: {} for phase in Phase}

    def __len__(self) -> int:
        return sum(map(len, self._phases.values()))

    def move(self, connection: Connection, old: Phase | None, new: Phase | None) -> None:
        """Moves a connection to another phase; None is for one not open yet, or closed."""
        if old is not None:
            self._phases[old].pop(connection, None)
        if new is not None:
            self._phases[new][connection] = None

    def has_room(self) -> bool:
        """Whether one more may open; if the limit is reached, closes the one that waits longest."""
        if len(self) < self.most:
            return True
        for phase in (Phase.CLOSING, Phase.HEAD, Phase.BODY):
            for oldest in self._phases[phase]:
                self.move(oldest, phase, None)
                oldest.make_room()
                return True
        return False


def most_connections() -> int:
    """Number of connections that this process's limit of file handles allows."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, soft - FILES_BESIDE))
