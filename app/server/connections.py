"""The open connections of one process, and which of them makes room for another."""

import resource
from enum import Enum, auto
from typing import Protocol

from app.server.limits import FILES_BESIDE, MOST_CONNECTIONS


class Phase(Enum):
    """What a connection is waiting for. In this order connections are closed to make room."""

    CLOSING = auto()
    """Its sender has its answer, or is to read the rest of it, and then it ends."""
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    """The application works for it: it is never closed to make room."""


class Connection(Protocol):
    def make_room(self) -> None:
        """Ends the connection at once."""


class Connections:
    """At most `most`; those of one phase are in the order in which they entered it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._phases: dict[Phase, dict[Connection, None]] = {phase: {} for phase in Phase}

    def __len__(self) -> int:
        return sum(map(len, self._phases.values()))

    def move(self, connection: Connection, old: Phase | None, new: Phase | None) -> None:
        """None is for one that is not open yet, or no longer."""
        if old is not None:
            self._phases[old].pop(connection, None)
        if new is not None:
            self._phases[new][connection] = None

    def has_room(self) -> bool:
        """Whether one more may stay, the longest waiting one being closed for it where need be."""
        if len(self) < self.most:
            return True
        for phase in (Phase.CLOSING, Phase.HEAD, Phase.BODY):
            for oldest in self._phases[phase]:
                self.move(oldest, phase, None)
                oldest.make_room()
                return True
        return False


def most_connections() -> int:
    """How many connections the file handles of this process allow."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, soft - FILES_BESIDE))
