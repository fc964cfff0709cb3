"""Wraps the application for one request: early answers and failures."""

import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.server.refusal import BROKEN, answer_parts

logger = logging.getLogger("uvicorn.error")


def wrap_app(cycle: RequestResponseCycle, app: ASGIApp) -> ASGIApp:
    """Wraps `app` for one request.

    An answer sent before the whole body was received closes the connection. An exception is answered with a problem
    document; a client that disconnects while it sends is no failure.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_closing(message: Message) -> None:
            await send(_with_close(cycle, message) if cycle.more_body else message)

        try:
            await app(scope, receive, send_closing)
        except ClientDisconnect:
            logger.debug("A client left before it had sent everything.")
        except Exception:
            if cycle.response_started or cycle.disconnected:
                raise
            logger.exception("Exception in the application")
            await _send_broken(send_closing)

    return answer


def _with_close(cycle: RequestResponseCycle, message: Message) -> Message:
    """Marks an early answer for closing. The protocol closes the connection after the client had time to read it."""
    if message["type"] == "http.response.start":
        return {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
    if not message.get("more_body", False):
        cycle.keep_alive = True
    return message


async def _send_broken(send: Send) -> None:
    status, headers, body = answer_parts(BROKEN)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
