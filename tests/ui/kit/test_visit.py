import pytest

from app.ui.kit.visit import safe_next


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        (None, "/"),
        ("", "/"),
        ("/indicators/asb?period=2017-18-Q2", "/indicators/asb?period=2017-18-Q2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\..\\evil", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("/?a=%2F%2Fevil", "/?a=%2F%2Fevil"),
        ("/naïve", "/na%C3%AFve"),
    ],
)
def test_only_pages_of_this_site_are_gone_on_to(asked: str | None, goes_to: str) -> None:
    assert safe_next(asked) == goes_to
