"""Reads from an OpenDocument spreadsheet which styles strike text through, raise or lower it, or hide a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.files.guard import Parts
from app.files.workbook import walk

CONTENT = "content.xml"
STYLES = "styles.xml"
NONE = ("none", "", "0%")


@dataclass(slots=True)
class OdsStyles:
    """Effects of each style by name: "struck", "raised", "hidden". A style has its parent's too."""

    effects: dict[str, set[str]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> set[str]:
        effects: set[str] = set()
        for _ in range(len(self.parents) + 1):
            effects |= self.effects.get(name, set())
            if name not in self.parents:
                break
            name = self.parents[name]
        return effects


def read_ods_styles(parts: Parts) -> OdsStyles:
    styles = OdsStyles()
    name = ""

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal name
        named = local(attributes)
        if tag == "style":
            name = named.get("name", "")
            styles.effects[name] = set()
            if parent := named.get("parent-style-name"):
                styles.parents[name] = parent
        elif tag in ("text-properties", "table-properties"):
            styles.effects.setdefault(name, set()).update(_effects(named))

    for part in (STYLES, CONTENT):
        if part in parts:
            walk(parts, part, start)
    return styles


def _effects(properties: Mapping[str, str]) -> set[str]:
    """A position is "super 58%", "sub 58%" or in per cent of the height: "33% 58%"; none is "0% 100%"."""
    struck = any(
        properties.get(f"text-line-through-{kind}", "none") not in NONE for kind in ("style", "type")
    )
    is_raised = properties.get("text-position", "0%").split(" ")[0] not in NONE
    is_hidden = properties.get("display") == "false"
    effects = (("struck", struck), ("raised", is_raised), ("hidden", is_hidden))
    return {effect for effect, has in effects if has}


def local(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by their names without a namespace."""
    return {name.rpartition(" ")[2]: text for name, text in attributes.items()}
