"""Writes `static/vendor` from two unpacked npm packages.

    npm pack govuk-frontend@6.3.0 htmx.org@4.0.1, unpack each, then
    python -m app.ui.vendor PATH_OF_GOVUK_FRONTEND PATH_OF_HTMX

The GDS Transport font and the crown and crest are licensed to GOV.UK alone, so rules that use them are removed.
"""

import re
import sys
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"


def without_crown_and_font(stylesheet: str) -> str:
    """Removes the GDS Transport font and the images of crown and crest from GOV.UK Frontend's stylesheet."""
    stylesheet = re.sub(r"@font-face\{[^}]*\}", "", stylesheet)
    stylesheet = re.sub(r'"?GDS Transport"?,', "", stylesheet)
    stylesheet = re.sub(r"url\(/assets/images/[^)]*\)", "none", stylesheet)
    return re.sub(r"\n?/\*# sourceMappingURL=.*?\*/\n?", "", stylesheet)


def make(govuk_frontend: Path, htmx: Path) -> None:
    """Writes the vendored files and their licences."""
    stylesheet = (govuk_frontend / "dist/govuk/govuk-frontend.min.css").read_text(encoding="utf-8")
    (VENDOR / "govuk-frontend.css").write_text(without_crown_and_font(stylesheet), encoding="utf-8")
    script = (htmx / "dist/htmx.min.js").read_text(encoding="utf-8")
    script = re.sub(r"\n?//# sourceMappingURL=.*\n?", "\n", script)
    (VENDOR / "htmx.js").write_text(script, encoding="utf-8")
    (VENDOR / "htmx.LICENSE").write_bytes((htmx / "LICENSE").read_bytes())


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
