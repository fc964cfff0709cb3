"""A meeting's steps: when each is refused, with its code."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.access.authority import Access, Role
from app.domain.groups.attendance import AttendanceStatus
from app.domain.groups.meeting import MeetingKind, MeetingState
from app.domain.groups.meeting_steps import STEPS, MeetingFacts
from app.domain.groups.quorum import Quorum, quorum
from app.domain.workflow import may

TODAY = date(2017, 12, 20)
TOMORROW = date(2017, 12, 21)
OFFICER = Access.of_role((1, "town"), Role.OFFICER)
ENOUGH, TOO_FEW, UNTOLD = Quorum(4, 4, 0), Quorum(4, 3, 0), Quorum(4, 3, 1)
PLANNED = MeetingFacts(MeetingKind.ORDINARY, MeetingState.PLANNED, TODAY, TODAY, UNTOLD, 0, 0)
HELD, CANCELLED, INQUORATE = MeetingState.HELD, MeetingState.CANCELLED, MeetingState.INQUORATE
CIRCULATED = MeetingKind.CIRCULATED
BY_NAME = {step.name: step for step in STEPS}


@pytest.mark.parametrize(
    ("changed", "refusals"),
    [
        ({}, {"take_back": "no_step_taken"}),
        (
            {"day": TOMORROW},
            {"hold": "not_held_yet", "inquorate": "not_held_yet", "take_back": "no_step_taken"},
        ),
        ({"quorum": ENOUGH}, {"inquorate": "quorate", "take_back": "no_step_taken"}),
        ({"quorum": TOO_FEW}, {"hold": "not_quorate", "take_back": "no_step_taken"}),
        ({"quorum": Quorum(None, 0, 0)}, {"take_back": "no_step_taken"}),
        ({"kind": CIRCULATED, "quorum": TOO_FEW}, {"inquorate": "circulated", "take_back": "no_step_taken"}),
        ({"state": HELD}, {"hold": "already_held", "cancel": "already_held"}),
        (
            {"state": HELD, "decisions": 2},
            {"hold": "already_held", "cancel": "already_held", "take_back": "has_decisions"},
        ),
        (
            {"state": HELD, "ratified": 1},
            {
                "hold": "already_held",
                "cancel": "already_held",
                "inquorate": "has_ratified",
                "take_back": "has_ratified",
            },
        ),
        (
            {"state": CANCELLED},
            {"hold": "meeting_cancelled", "cancel": "meeting_cancelled", "inquorate": "meeting_cancelled"},
        ),
        (
            {"state": INQUORATE},
            {"hold": "already_inquorate", "cancel": "already_inquorate", "inquorate": "already_inquorate"},
        ),
    ],
)
def test_each_step_is_refused_with_its_rule(changed: dict[str, Any], refusals: dict[str, str]) -> None:
    facts = replace(PLANNED, **changed)
    refused = {step.name: step.refusal(facts, OFFICER) for step in STEPS}
    assert {name: refusal[0] for name, refusal in refused.items() if refusal is not None} == refusals
    assert may(STEPS, facts, OFFICER) == [name for name in BY_NAME if name not in refusals]


def test_a_reader_takes_none() -> None:
    assert may(STEPS, PLANNED, Access.of_role((1, "town"), Role.READER)) == []


STATUSES = dict(zip("PDRAX-", AttendanceStatus, strict=False))


@pytest.mark.parametrize(
    ("needed", "letters", "is_met", "words"),
    [
        (4, "PPDR", True, "4 came; the quorum is 4."),
        (4, "PPDA", False, "3 came; the quorum is 4."),
        (4, "PPD-", None, "3 came, 1 not recorded; the quorum is 4."),
        (4, "PPAX-", False, "2 came, 1 not recorded; the quorum is 4."),
        (None, "PPPP", None, "No quorum is set."),
        (1, "", False, "0 came; the quorum is 1."),
    ],
)
def test_quorum(needed: int | None, letters: str, is_met: bool | None, words: str) -> None:
    counted = quorum(needed, [STATUSES[letter] for letter in letters])
    assert (counted.is_met, counted.sentence) == (is_met, words)
