"""A rating: its status with label and tone, and the reason that always goes with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Tone = Literal["good", "near", "bad", "none"]


class RatingStatus(StrEnum):
    MET = "met"
    NEAR = "near"
    MISSED = "missed"
    ON_TRACK = "on_track"
    OFF_TRACK = "off_track"
    TOO_EARLY = "too_early"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"
    NO_BASELINE = "no_baseline"
    TARGET_DEFERRED = "target_deferred"
    BASELINE_YEAR = "baseline_year"
    NOT_COMPARABLE = "not_comparable"
    REPORTING_SENSITIVE = "reporting_sensitive"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> Tone:
        """Colour to show, never without the label."""
        return _TONES.get(self, "none")

    @property
    def judges(self) -> bool:
        """Whether it is a verdict on a figure, rather than a reason for having none."""
        return self in _JUDGED


_LABELS = {
    RatingStatus.MET: "Target met",
    RatingStatus.NEAR: "Narrowly missed",
    RatingStatus.MISSED: "Target missed",
    RatingStatus.ON_TRACK: "On track",
    RatingStatus.OFF_TRACK: "Off track",
    RatingStatus.TOO_EARLY: "Too early to say",
    RatingStatus.NO_DATA: "No figure yet",
    RatingStatus.NO_TARGET: "No target",
    RatingStatus.NO_BASELINE: "No baseline",
    RatingStatus.TARGET_DEFERRED: "Target to be set",
    RatingStatus.BASELINE_YEAR: "Baseline year",
    RatingStatus.NOT_COMPARABLE: "Not comparable",
    RatingStatus.REPORTING_SENSITIVE: "Read with care",
}
_TONES: dict[RatingStatus, Tone] = {
    RatingStatus.MET: "good",
    RatingStatus.ON_TRACK: "good",
    RatingStatus.NEAR: "near",
    RatingStatus.TOO_EARLY: "near",
    RatingStatus.MISSED: "bad",
    RatingStatus.OFF_TRACK: "bad",
}
_JUDGED = frozenset(_TONES)


@dataclass(frozen=True, slots=True)
class Rating:
    """A status and its reason. `second` is the second line, for facts that a colour hides; often empty.

    `short_reason`: for tables that already show figure and target.
    """

    status: RatingStatus
    reason: str
    second: str = ""
    short_reason: str = ""

    @property
    def brief(self) -> str:
        return self.short_reason or self.reason

    @property
    def label(self) -> str:
        return _LABELS[self.status]

    @property
    def tone(self) -> Tone:
        return _TONES.get(self.status, "none")
