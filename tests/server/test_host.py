"""Which hosts are answered to."""

from pathlib import Path

import pytest

from app.config import Settings
from app.server.host import TWICE, UNKNOWN, Hosts, hosts_of
from tests.server.raw import HEALTH, exchange, request
from tests.server.test_limits import assert_refused
from tests.worker import Worker


@pytest.mark.parametrize(
    "host",
    [
        "plan.example",
        "PLAN.example:443",
        "plan.example.",
        "localhost:1",
        "127.0.0.1",
        "[::1]:80",
        "web",
        "proxy.internal",
    ],
)
def test_the_services_own_and_this_machines(server: Worker, host: str) -> None:
    assert exchange(server.port, request(host=host))[0].status == 200
    assert exchange(server.port, request("/sign-in", host=host))[0].status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "plan.example.evil.example",
        "evil.example:80@plan.example",
        "plan.example/../evil",
        "plan.example, evil.example",
        "sub.plan.example",
        "localhost.evil.example",
        "api.invalid",
        "0.0.0.0",
        "10.0.0.1",
        "[::]",
        "127.0.0.1.evil.example",
        "2130706433",
        "plan.example:port",
        "plan.exämple",
        "",
    ],
)
def test_no_other(server: Worker, host: str) -> None:
    for target in (HEALTH, "/", "/sign-in"):
        assert_refused(exchange(server.port, request(target, host=host))[0], 400, "unknown_host")


def test_one_host_is_named_and_once(server: Worker) -> None:
    assert_refused(exchange(server.port, request(host=None))[0], 400, "host_required")
    for second in ("Host: localhost", "Host: evil.example", "host: plan.example"):
        assert_refused(exchange(server.port, request(HEALTH, second))[0], 400, "host_twice")


def test_a_whole_address_names_a_host_too(server: Worker) -> None:
    assert exchange(server.port, request(f"http://plan.example{HEALTH}"))[0].status == 200
    for target, host in (("http://evil.example/", "localhost"), ("http://localhost/", "evil.example")):
        assert_refused(exchange(server.port, request(target, host=host))[0], 400, "unknown_host")


@pytest.mark.parametrize(
    ("here", "host", "is_known"),
    [
        ("10.1.2.3", b"10.1.2.3:8000", True),
        ("::ffff:10.1.2.3", b"10.1.2.3", True),
        ("fd00::1", b"[fd00:0::1]:8000", True),
        ("10.1.2.3", b"10.1.2.4", False),
        ("127.0.0.1", b"127.8.8.8", True),
        ("", b"10.1.2.4", False),
    ],
)
def test_a_health_check_may_name_the_address_it_came_to(here: str, host: bytes, is_known: bool) -> None:
    found = Hosts([]).refusal([host], None, "1.1", here)
    assert found is (None if is_known else UNKNOWN)


def test_a_name_outside_ascii_is_known_as_it_is_sent() -> None:
    hosts = hosts_of(Settings(public_url="https://plän.example"))
    assert hosts.refusal([b"xn--pln-rla.example"], None, "1.1", "") is None
    assert hosts.refusal([b"a", b"a"], None, "1.0", "") is TWICE


@pytest.mark.parametrize("value", ["http://web", "web:8000", "*", "a/b", "[::1]", "x" * 64])
def test_a_host_that_is_none_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SAFERPLAN_HOSTS", value)
    with pytest.raises(ValueError, match="host names without ports"):
        Settings()


def test_links_that_a_person_is_given_begin_with_the_public_address(tmp_path: Path) -> None:
    settings = Settings(public_url="https://plan.example/saferplan/")
    assert settings.link("password/x") == "https://plan.example/saferplan/password/x"
    assert settings.link("password/x", base="http://here/") == "http://here/password/x"
