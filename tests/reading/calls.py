"""Records which module of `app` calls which, while one function runs.

A call is recorded where a function's frame begins, if a module of `app` makes it. What a library calls back
(SQLAlchemy's events and column types) is no step that the caller's text shows, and is left out.
Methods that `dataclass` writes are left out: making an instance runs no code of the module that defines its class.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

PACKAGE = "app."
WRITTEN_BY_DATACLASS = "<string>"

Calls = list[tuple[str, str]]
"""Names of the calling and the called module, in the order of the calls; never a module's calls of itself."""


@dataclass
class Recorder:
    """Records from the start of `first` to the last call of `last` inside it."""

    first: CodeType
    last: CodeType
    calls: Calls = field(default_factory=list)
    _call_count: int = 0
    """Calls recorded when `last` was last called."""
    _is_on: bool = False

    def profile(self, frame: FrameType, event: str, _argument: Any) -> None:
        code = frame.f_code
        if code is self.first:
            self._is_on = event == "call"
        elif self._is_on and event == "call":
            if code is self.last:
                self._call_count = len(self.calls)
            elif _is_ours(frame) and code.co_filename != WRITTEN_BY_DATACLASS:
                self._add(frame)

    def _is_called_back(self, frame: FrameType | None) -> bool:
        """Whether a library called it, or what called it, since the first function began."""
        while frame is not None and frame.f_code is not self.first:
            if _is_of_library(frame):
                return True
            frame = frame.f_back
        return False

    def finish(self) -> Calls:
        return self.calls[: self._call_count]

    def _add(self, frame: FrameType) -> None:
        caller = frame.f_back
        if caller is None or not _is_ours(caller) or self._is_called_back(caller):
            return
        if _module_of(caller) != _module_of(frame):
            self.calls.append((_module_of(caller), _module_of(frame)))


def _is_of_library(frame: FrameType) -> bool:
    return "site-packages" in frame.f_code.co_filename


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _is_ours(frame: FrameType) -> bool:
    return _module_of(frame).startswith(PACKAGE)


@contextmanager
def recording(first: Callable[..., Any], last: Callable[..., Any]) -> Iterator[Recorder]:
    """Records in threads that start while the block runs, as those that handle requests do."""
    recorder = Recorder(first.__code__, last.__code__)
    earlier = threading.getprofile()
    threading.setprofile(recorder.profile)
    try:
        yield recorder
    finally:
        threading.setprofile(earlier)


def list_callers(calls: Iterable[tuple[str, str]]) -> list[str]:
    """Modules that call another, in the order in which they first do."""
    return list(dict.fromkeys(caller for caller, _ in calls))


def tree_lines(calls: Calls) -> list[str]:
    """Every module once, below the one that called it first, with a star where it calls others itself."""
    callers = set(list_callers(calls))
    children: dict[str, list[str]] = {}
    placed = {calls[0][0]} if calls else set()
    for caller, called in calls:
        if called not in placed:
            placed.add(called)
            children.setdefault(caller, []).append(called)

    def lines_below(module: str, depth: int) -> Iterator[str]:
        yield f"{'*' if module in callers else ' '} {'  ' * depth}{module}"
        for child in children.get(module, []):
            yield from lines_below(child, depth + 1)

    return list(lines_below(calls[0][0], 0)) if calls else []
