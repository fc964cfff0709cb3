"""What no template may hold, whichever page a test happens to fetch."""

import re
from pathlib import Path

import pytest

from app.ui.kit import render

TEMPLATES = Path(render.__file__).parent.parent / "templates"
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


def test_every_template_compiles() -> None:
    environment = render.environment()
    for path in TEMPLATES.rglob("*.html"):
        environment.get_template(f"ui/{path.relative_to(TEMPLATES)}")
