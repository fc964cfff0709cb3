import base64

import pytest

from app.ui import held


def test_what_was_previewed_comes_back_byte_for_byte() -> None:
    content = b"indicator,period\r\n\xef\xbb\xbf\x00odd,\n"
    assert held.release("a session", held.hold("a session", content)) == content


def test_another_session_cannot_send_it() -> None:
    with pytest.raises(held.CannotHold):
        held.release("another", held.hold("a session", b"figures"))


@pytest.mark.parametrize("text", ["", "not base64!", base64.b64encode(b"x" * 40).decode()])
def test_anything_else_is_refused_unread(text: str) -> None:
    with pytest.raises(held.CannotHold):
        held.release("a session", text)


def test_a_changed_file_is_refused() -> None:
    text = held.hold("a session", b"value\n12\n")
    raw = bytearray(base64.b64decode(text))
    raw[-1] ^= 1
    with pytest.raises(held.CannotHold):
        held.release("a session", base64.b64encode(bytes(raw)).decode())


def test_too_large_a_file_is_not_carried() -> None:
    with pytest.raises(held.CannotHold):
        held.hold("a session", b"0" * (held.MOST + 1))
