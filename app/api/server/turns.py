"""Limits the reads handled at a time; the others wait in a queue."""

from collections import deque
from collections.abc import Callable

from anyio import Event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.server.problem import Refused

MOST_WAITING = 1_000
"""Longest queue in one worker; one more request is refused with 503."""


END = "saferplan.end_turn"


def end_turn(scope: Scope) -> None:
    """Ends a request's turn early, before it waits for something else."""
    end: Callable[[], None] | None = scope.get(END)
    if end is not None:
        end()


def busy() -> Refused:
    """The refusal for a full queue."""
    message = "Too many are asking just now. Try again in a moment."
    return Refused(503, "busy", message, headers={"Retry-After": "2"})


class Turns:
    """Admits up to `at_once` requests at a time to an ASGI application, first come first served.

    A waiting request costs little: only its headers have been read. A turn ends when its response begins, so that a
    client that reads slowly delays nobody.
    """

    def __init__(self, at_once: int, most_waiting: int = MOST_WAITING) -> None:
        self.free = at_once
        self.most_waiting = most_waiting
        self.waiting: deque[Event] = deque()

    async def take(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application when it is this request's turn; raises Refused (503) if the queue is full."""
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
        """Removes a cancelled request from the queue; if its turn had come meanwhile, passes it to the next."""
        if turn.is_set():
            self._pass_on()
        else:
            self.waiting.remove(turn)

    def _pass_on(self) -> None:
        if self.waiting:
            self.waiting.popleft().set()
        else:
            self.free += 1
