"""The day it is: in London, the whole of a request, and on a day that was fixed."""

from datetime import UTC, date, datetime, tzinfo

import pytest

from app import config
from app.config import LONDON, Settings
from tests.build import TODAY, Service
from tests.town import Town


class Late(datetime):
    """Half past eleven at night in UTC, on a winter's day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Late":
        return cls(2026, 1, 21, 23, 30, tzinfo=UTC).astimezone(tz)


@pytest.mark.parametrize("day", [date(2017, 12, 20), date(2017, 7, 1)])
def test_what_is_recorded_on_a_fixed_day_is_of_that_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """In summer half past eleven in UTC is tomorrow in London: "as known at" that day would miss it."""
    monkeypatch.setattr(config, "datetime", Late)
    now = Settings(database_url="sqlite://", today_is=day).now()
    assert now.tzinfo is UTC
    assert now.astimezone(LONDON).date() == day


async def test_a_request_has_one_day(
    one_service: Service, one_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Midnight passes while it is answered: what was judged on the old day must not be kept as the new one's."""
    days = [TODAY, date(2018, 1, 1)]
    monkeypatch.setattr(Settings, "today", lambda _self: days.pop(0) if len(days) > 1 else days[0])
    before = await one_service.get("/me", one_town.staff)
    assert before.json()["today"] == "2017-12-20"
    assert (await one_service.get("/me", one_town.staff)).json()["today"] == "2018-01-01"
