"""Keeps GOV.UK Frontend's own examples of its components, to hold the macros against.

    npm pack govuk-frontend@6.3.0, unpack it, then python -m tests.ui.govuk_fixtures PATH_OF_PACKAGE

MIT licence, as `app/ui/static/vendor/govuk-frontend.LICENSE`.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("govuk-frontend-6.3.0-fixtures.json.gz")


def keep(package: Path) -> None:
    """Of each example its name, options and HTML."""
    found = [
        {"component": each["component"], "name": one["name"], "options": one["options"], "html": one["html"]}
        for each in map(_read, sorted((package / "dist/govuk/components").glob("*/fixtures.json")))
        for one in each["fixtures"]
    ]
    KEPT.write_bytes(gzip.compress(json.dumps(found, ensure_ascii=False).encode(), 9, mtime=0))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def kept() -> list[dict[str, Any]]:
    examples: list[dict[str, Any]] = json.loads(gzip.decompress(KEPT.read_bytes()))
    return examples


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
