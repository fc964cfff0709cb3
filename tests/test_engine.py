"""A database server that does not answer is waited for once, not by everybody in turn."""

import socket
import time

import pytest
from sqlalchemy.exc import OperationalError

from app import engine
from app.db import Database


def test_while_a_server_is_silent_others_fail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "POOL_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # the kernel takes connections, and nobody answers
        database = Database(f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing")
        for most in (30.0, 0.9):
            began = time.monotonic()
            with pytest.raises(OperationalError), database.read():
                pass
            assert time.monotonic() - began < most
        database.close()
