"""A group: its kind, its place below others, and the days that it exists."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
"""Id or code of a group."""


class GroupKind(StrEnum):
    BOARD = "board"
    STEERING = "steering"
    DELIVERY = "delivery"
    OPERATIONAL = "operational"
    PANEL = "panel"
    TASK_GROUP = "task_group"
    WHEN_REQUIRED = "when_required"
    OTHER_BODY = "other_body"

    @property
    def label(self) -> str:
        words = {"when_required": "Meets when required", "other_body": "Another body"}
        return words.get(self.value, self.value.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included; None is open."""

    begins_on: date | None = None
    ends_on: date | None = None

    @property
    def is_reversed(self) -> bool:
        return self.begins_on is not None and self.ends_on is not None and self.ends_on < self.begins_on

    def has(self, day: date) -> bool:
        return (self.begins_on is None or self.begins_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )

    def overlaps(self, other: "Span") -> bool:
        return (self.begins_on is None or other.ends_on is None or self.begins_on <= other.ends_on) and (
            other.begins_on is None or self.ends_on is None or other.begins_on <= self.ends_on
        )


def ancestors(group: K, parents: Mapping[K, K | None]) -> Iterator[K]:
    """The groups above a group, nearest first. Ends where a circle closes."""
    seen = {group}
    above = parents.get(group)
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        above = parents.get(above)


def makes_circle(group: K, parent: K | None, parents: Mapping[K, K | None]) -> bool:
    """Whether a group would come to stand below itself with this parent."""
    return parent is not None and (parent == group or group in ancestors(parent, parents))
