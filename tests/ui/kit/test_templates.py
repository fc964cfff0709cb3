"""What no template may hold, whichever page a test happens to fetch."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from app.ui.kit import render

TEMPLATES = Path(render.__file__).parent.parent / "templates"
LONGEST_LINE = 160
BANNED = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "an event handler": re.compile(r"\son[a-z]+\s*="),
    "htmx that evaluates": re.compile(r"hx-on|hx-vals\s*=\s*[\"']js:|hx-trigger\s*=\s*[\"'][^\"']*\["),
    "a script's address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b"),
    "another site": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//"),
}


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_holds_nothing_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for name, pattern in BANNED.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_template_has_no_line_that_runs_off_the_screen(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []


def test_a_template_imports_only_what_it_uses() -> None:
    """And of the components, each is drawn somewhere, and has a name of its own."""
    components: list[str] = []
    taken: set[str] = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        tree = render.environment().parse(path.read_text(encoding="utf-8"))
        used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
        if path.parent.name == "components":
            components += [macro.name for macro in tree.find_all(nodes.Macro)]
            taken |= used
        for imported in tree.find_all(nodes.FromImport):
            names = [(each, each) if isinstance(each, str) else each for each in imported.names]
            taken |= {name for name, _ in names}
            assert {here for _, here in names} <= used, path
    assert len(components) == len(set(components))
    assert set(components) <= taken


def test_every_template_compiles() -> None:
    environment = render.environment()
    for path in TEMPLATES.rglob("*.html"):
        environment.get_template(f"ui/{path.relative_to(TEMPLATES)}")
