"""Turns at reading: the few requests that are being worked on, and the queue of those that wait."""

from collections import deque
from collections.abc import Callable

from anyio import Event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.server.problem import Refused

MOST_WAITING = 1_000
"""In one worker. One more is told at once to come again."""


END = "saferplan.end_turn"


def end_turn(scope: Scope) -> None:
    """Ends a request's turn early: it is about to wait for something else."""
    end: Callable[[], None] | None = scope.get(END)
    if end is not None:
        end()


def busy() -> Refused:
    message = "Too many are asking just now. Try again in a moment."
    return Refused(503, "busy", message, headers={"Retry-After": "2"})


class Turns:
    """Admits so many requests at once to an ASGI application, first come first served.

    Those that wait cost little: nothing of theirs has been looked at beyond the headers. A turn ends where the
    answer begins to be sent, so that a client that reads slowly keeps nobody waiting.
    """

    def __init__(self, at_once: int, most_waiting: int = MOST_WAITING) -> None:
        self.free = at_once
        self.most_waiting = most_waiting
        self.waiting: deque[Event] = deque()

    async def take(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises Refused (503), before anything was sent, where too many wait already."""
        await self._begin()
        has_turn = True

        def end() -> None:
            nonlocal has_turn
            if has_turn:
                has_turn = False
                self._pass_on()

        async def sending(message: Message) -> None:
            end()
            await send(message)

        scope[END] = end
        try:
            await app(scope, receive, sending)
        finally:
            end()

    async def _begin(self) -> None:
        if self.free:
            self.free -= 1
            return
        if len(self.waiting) >= self.most_waiting:
            raise busy()
        turn = Event()
        self.waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            self._give_up(turn)
            raise

    def _give_up(self, turn: Event) -> None:
        """Whoever stops waiting leaves the queue; a turn that was given to them meanwhile goes to the next."""
        if turn.is_set():
            self._pass_on()
        else:
            self.waiting.remove(turn)

    def _pass_on(self) -> None:
        if self.waiting:
            self.waiting.popleft().set()
        else:
            self.free += 1
