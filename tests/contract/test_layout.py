"""Rooms stay small: a module that outgrows a look is two."""

from app.config import project_file

MOST_LINES = 300


def test_no_module_is_long() -> None:
    modules = list(project_file("app").rglob("*.py"))
    assert len(modules) > 300
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path.name: count for path, count in lines.items() if count > MOST_LINES} == {}
