import pytest
from starlette.requests import Request

from app.ui.kit import csrf


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw})


def test_each_page_has_a_token_of_its_own_and_every_one_is_good() -> None:
    tokens = {csrf.token("a session") for _ in range(20)}
    assert len(tokens) == 20
    assert all(csrf.is_valid("a session", token) for token in tokens)


@pytest.mark.parametrize("text", ["", "no", "ÿ", "AAAA", "A" * 88])
def test_no_other_text_is_good(text: str) -> None:
    assert not csrf.is_valid("a session", text)


@pytest.mark.parametrize("other", ["another session", ""])
def test_no_other_session_s_token_is_good(other: str) -> None:
    assert not csrf.is_valid("a session", csrf.token(other))


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"origin": "https://plan.example", "host": "plan.example"}, True),
        ({"origin": "https://evil.example", "host": "plan.example"}, False),
        ({"origin": "null", "host": "plan.example"}, True),
        ({}, True),
    ],
)
def test_a_form_from_another_site_is_known(headers: dict[str, str], allowed: bool) -> None:
    assert csrf.is_from_this_site(request(**headers)) is allowed
