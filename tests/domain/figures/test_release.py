"""Who may see a figure from when: the newest approval whose day has come counts."""

from datetime import date

import pytest

from app.domain.access.audience import Audience
from app.domain.figures.release import Approval, HiddenReason, hidden_reason, next_release, released_to

TODAY = date(2017, 12, 20)
EARLIER, LATER, LATER_STILL = date(2017, 12, 1), date(2018, 1, 8), date(2018, 2, 1)
SUBMITTER, PARTNERSHIP, BOARD, PUBLIC = Audience


@pytest.mark.parametrize(
    ("approvals", "now", "coming"),
    [
        ((), PARTNERSHIP, None),
        (((PUBLIC, EARLIER),), PUBLIC, None),
        (((PUBLIC, TODAY),), PUBLIC, None),
        (((PUBLIC, LATER),), PARTNERSHIP, (PUBLIC, LATER)),
        (((BOARD, EARLIER), (PUBLIC, LATER)), BOARD, (PUBLIC, LATER)),
        (((PUBLIC, EARLIER), (SUBMITTER, EARLIER)), SUBMITTER, None),
        # A newer approval, already in force, stands when the older one's day comes.
        (((PUBLIC, LATER), (BOARD, EARLIER)), BOARD, None),
        (((PUBLIC, LATER_STILL), (BOARD, LATER)), PARTNERSHIP, (BOARD, LATER)),
        (((PUBLIC, LATER), (BOARD, LATER)), PARTNERSHIP, (BOARD, LATER)),
    ],
)
def test_who_may_see_it(
    approvals: tuple[tuple[Audience, date], ...], now: Audience, coming: tuple[Audience, date] | None
) -> None:
    given = [Approval(*each) for each in approvals]
    assert released_to(PARTNERSHIP, given, TODAY) is now
    assert next_release(given, TODAY) == (Approval(*coming) if coming else None)


@pytest.mark.parametrize("viewer", Audience)
def test_an_audience_includes_the_narrower(viewer: Audience) -> None:
    order = list(Audience)
    for audience in Audience:
        assert audience.includes(viewer) == (order.index(viewer) <= order.index(audience))


OF_PEOPLE, NOT_RELEASED = HiddenReason.OF_PEOPLE, HiddenReason.NOT_RELEASED


@pytest.mark.parametrize(
    ("viewer", "released", "of_people", "why"),
    [
        (Audience.SUBMITTER, Audience.SUBMITTER, True, None),
        (Audience.PARTNERSHIP, Audience.SUBMITTER, False, NOT_RELEASED),
        (Audience.PARTNERSHIP, Audience.PARTNERSHIP, False, None),
        (Audience.BOARD, Audience.PARTNERSHIP, False, NOT_RELEASED),
        (Audience.BOARD, Audience.PUBLIC, False, None),
        (Audience.PUBLIC, Audience.BOARD, False, NOT_RELEASED),
        (Audience.PUBLIC, Audience.PUBLIC, False, None),
        (Audience.PUBLIC, Audience.PUBLIC, True, OF_PEOPLE),
        (Audience.BOARD, Audience.SUBMITTER, True, OF_PEOPLE),
        (None, Audience.PUBLIC, False, OF_PEOPLE),
    ],
)
def test_why_it_is_not_shown(
    viewer: Audience | None, released: Audience, of_people: bool, why: HiddenReason | None
) -> None:
    assert hidden_reason(viewer, released, of_people=of_people) is why
