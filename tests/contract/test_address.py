"""Addresses are written by the API alone: below it, an answer holds links."""

from app.config import project_file

CLIENTS = ("app/ui/", "app/cli/")
"""They call the API by its address."""


def test_no_address_is_written_below_the_api() -> None:
    root = project_file("app").parent
    modules = [path for path in (root / "app").rglob("*.py") if "/api/v1" in path.read_text("utf-8")]
    names = [path.relative_to(root).as_posix() for path in modules]
    assert [name for name in names if not name.startswith(("app/api/", *CLIENTS))] == []
    assert "app/api/server/link.py" in names
