"""The server's HTTP protocol: uvicorn's, with limits on sizes and waiting times.

Bytes are counted before they are stored, so a refused request costs no memory.
"""

import asyncio
from functools import cache
from typing import Any, NoReturn, cast

import httptools
from starlette.types import ASGIApp
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.api.server.problem import Refused
from app.config import settings_from_environment
from app.server import limits, refusal
from app.server.answering import wrap_app
from app.server.connections import Connections, Phase, most_connections
from app.server.head import Head
from app.server.host import Hosts, hosts_of


@cache
def _connections() -> Connections:
    """The open connections of this process, which serves one address."""
    return Connections(most_connections())


@cache
def _hosts() -> Hosts:
    return hosts_of(settings_from_environment())


class LimitedProtocol(HttpToolsProtocol):
    """One connection. Each phase in which it waits for the client has a timer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phase: Phase | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._progress = 0
        """The count of `_count` when the timer was last started."""
        self._head = Head()
        self._in_head = True
        self._framing = 0
        """Bytes of the body with its chunk framing, less the bytes that its content may take."""
        self._received = 0
        self._discarded = 0
        self._is_finished = False
        """Whether reading has ended; further bytes are discarded."""
        self._refused: Refused | None = None
        """The refusal for which a callback stopped the parser."""
        self._running: RequestResponseCycle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        has_room = _connections().has_room()
        self._enter(Phase.HEAD)
        if not has_room:
            self._refuse(refusal.FULL)
            self._enter_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._enter(None)
        self._disconnect_requests()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def make_room(self) -> None:
        """Ends the connection at once, so that another can be opened."""
        self._phase = None
        self._stop_clock()
        self._abort()

    def _abort(self) -> None:
        self._disconnect_requests()
        self.transport.abort()

    def _disconnect_requests(self) -> None:
        """Tells the application that the client has gone, for the running request and those waiting."""
        for cycle in filter(None, (self._running, *(cycle for cycle, _ in self.pipeline))):
            cycle.disconnected = True
            cycle.message_event.set()
        self.pipeline.clear()

    def data_received(self, data: bytes) -> None:
        if self._is_finished:
            self._discard(len(data))
            return
        self._unset_keepalive_if_required()
        try:
            self._read(memoryview(data))
        except refusal.Stopped as stopped:
            self._refuse(stopped.refused)
        self._enter_next()

    def _read(self, unread: memoryview) -> None:
        while unread and not self._is_finished:
            size = self._head.next_size() if self._in_head else limits.SLICE
            self._feed(unread[:size])
            unread = unread[size:]

    def _feed(self, piece: memoryview) -> None:
        if self._in_head:
            self._head.raw += len(piece)
        else:
            self._framing += len(piece)
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            self._end_after_answer()
        except httptools.HttpParserError as error:
            refused = self._refused or refusal.parser_refusal(error, bytes(piece[:32]))
            raise refusal.Stopped(refused) from None
        if self._framing > limits.LONGEST_FRAMING:
            raise refusal.Stopped(refusal.FRAMING_TOO_LONG)

    def _discard(self, size: int) -> None:
        self._discarded += size
        if self._discarded > limits.MOST_DISCARDED:
            self._abort()

    # What the parser calls

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= limits.MOST_PIPELINED:
            self._stop_parser(refusal.TOO_MANY_WAITING)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._stop_if_refused(self._head.line_refusal(self.parser.get_method(), len(self.url) + len(url)))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers are dropped: added to the headers, they would pass for headers that were checked.
        if self._in_head:
            self._stop_if_refused(self._head.header_refusal(len(name) + len(value)))
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        here = self.server[0] if self.server else ""
        self._stop_if_refused(self._head.refusal(self.parser, self.url, self.headers, _hosts(), here))
        super().on_headers_complete()
        self._head = Head()
        self._in_head = False
        self._framing = self._received = 0

    def on_body(self, body: bytes) -> None:
        self._received += len(body)
        self._framing -= limits.FRAMED_BYTE * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head = True

    def _stop_if_refused(self, refused: Refused | None) -> None:
        if refused is not None:
            self._stop_parser(refused)

    def _stop_parser(self, refused: Refused) -> NoReturn:
        self._refused = refused
        raise refusal.Stopped(refused)

    # Answers

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        wrapped = wrap_app(cycle, cast(ASGIApp, app))
        super()._start_asgi_task(cycle, cast(ASGI3Application, wrapped))

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body and not self.transport.is_closing():
            self.cycle.body.clear()
            self._finish()
        self._enter_next()

    def _refuse(self, refused: Refused) -> None:
        """Answers the request that is being read, and reads nothing more.

        While earlier requests of the connection wait for their answers, it gets none: the client would take it
        for one of theirs.
        """
        if not self._in_head:
            self._drop_current()
        self._is_finished = True
        if self._is_answering():
            self._end_after_answer()
        elif not self.transport.is_closing():
            self._log(refused.status)
            with_body = self.parser.get_method() != b"HEAD"
            always = self.server_state.default_headers
            self.transport.write(refusal.answer_bytes(refused, always, with_body=with_body))
            self._finish()

    def _drop_current(self) -> None:
        """Drops the request whose body is being read: the application no longer answers it."""
        current = self.cycle
        if self._running is not current:
            self.pipeline.popleft()
            self.cycle = self.pipeline[0][0] if self.pipeline else cast(RequestResponseCycle, self._running)
        elif current.response_started:
            self.transport.close()
        current.disconnected = True
        current.message_event.set()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not (self.cycle.response_complete or self.cycle.disconnected)

    def _end_after_answer(self) -> None:
        """Reads nothing more; the connection ends after the last pending answer."""
        self._is_finished = True
        self.cycle.keep_alive = False

    def _finish(self) -> None:
        """Ends sending, and goes on discarding for a while: a client cut off at once might never read the answer."""
        self._is_finished = True
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _log(self, status: int) -> None:
        if self.access_log:
            client = "{}:{}".format(*self.client) if self.client else ""
            self.access_logger.info('%s - "%s %s HTTP/%s" %d', client, "-", "-", "1.1", status)

    # Phases and their clocks

    def _enter_next(self) -> None:
        """Enters the phase that follows from the state of the requests."""
        if self._phase is None:
            return
        if self._is_answering():
            self._enter(Phase.ANSWER if self._in_head or self._is_finished else Phase.BODY)
        else:
            is_over = self._is_finished or self.transport.is_closing()
            self._enter(Phase.CLOSING if is_over else Phase.HEAD)

    def _enter(self, phase: Phase | None) -> None:
        if phase is self._phase:
            return
        _connections().move(self, self._phase, phase)
        self._phase = phase
        self._stop_clock()
        if phase is not None and (phase is not Phase.ANSWER or self.flow.write_paused):
            self._start_clock()

    def _start_clock(self) -> None:
        self._progress = self._count()
        is_answered = self._phase is Phase.CLOSING and self.transport.get_write_buffer_size() == 0
        span = limits.LINGER if is_answered else limits.PATIENCE
        self._clock = self.loop.call_later(span, self._time_is_up)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _count(self) -> int:
        """Bytes of the body received, or minus the bytes of answers not yet taken; grows as the client progresses."""
        return self._received if self._phase is Phase.BODY else -self.transport.get_write_buffer_size()

    def _time_is_up(self) -> None:
        self._clock = None
        if self._has_progressed():
            self._start_clock()
        elif self._phase is Phase.BODY:
            self._refuse(refusal.BODY_TOO_SLOW)
        elif self._phase is Phase.HEAD and self._head.raw:
            self._refuse(refusal.TOO_SLOW)
        else:
            self._abort()
        self._enter_next()

    def _has_progressed(self) -> bool:
        """Whether the client progressed enough to get more time; or we had paused reading its body."""
        progress = self._count() - self._progress
        if self._phase is Phase.BODY:
            return self.flow.read_paused or progress >= limits.LEAST_PROGRESS
        return self._phase is not Phase.HEAD and progress >= limits.LEAST_PROGRESS

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._enter_next()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._phase is Phase.ANSWER and self._clock is None:
            self._start_clock()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._phase is Phase.ANSWER:
            self._stop_clock()
