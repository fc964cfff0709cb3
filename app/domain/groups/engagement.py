"""An engagement: where the partnership heard people, and whether something was done about it."""

from enum import StrEnum


class EngagementFollowUp(StrEnum):
    """Whether what was heard has been answered by something done."""

    DONE = "done"
    NOT_RECORDED = "not_recorded"


def follow_up(done: str) -> EngagementFollowUp:
    return EngagementFollowUp.DONE if done.strip() else EngagementFollowUp.NOT_RECORDED
