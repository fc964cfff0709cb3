"""How often a group meets: the rule behind its words, and the days that follow from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.domain.errors import RuleBroken

SHORT_FORMS = {
    "weekly": "every 1 weeks",
    "fortnightly": "every 2 weeks",
    "monthly": "every 1 months",
    "quarterly": "every 3 months",
    "twice a year": "every 6 months",
    "yearly": "every 12 months",
}
RULE = re.compile(r"every(?: ([1-9][0-9]?))? (week|month)s?")
MOST_WEEKS, MOST_MONTHS = 52, 24


@dataclass(frozen=True, slots=True)
class Cycle:
    count: int
    unit: Literal["week", "month"]

    @property
    def rule_text(self) -> str:
        """As a rule is written: "every 6 weeks"."""
        return f"every {self.unit}" if self.count == 1 else f"every {self.count} {self.unit}s"

    def days_after(self, day: date) -> Iterator[date]:
        """Days that follow a meeting of that day, without end.

        Months are counted from that day: after 31 January come 28 February and 31 March.
        """
        number = 0
        while True:
            number += 1
            yield self._day(day, number * self.count)

    def _day(self, day: date, count: int) -> date:
        if self.unit == "week":
            return day + timedelta(weeks=count)
        years, month = divmod(day.month - 1 + count, 12)
        year, month = day.year + years, month + 1
        return date(year, month, min(day.day, _days_of(year, month)))


def parse_cycle(text: str) -> Cycle:
    """Parses "every 6 weeks", "every 3 months" or a short form such as "quarterly". RuleBroken says what to write."""
    plain_text = " ".join(text.casefold().split())
    match = RULE.fullmatch(SHORT_FORMS.get(plain_text, plain_text))
    if match is None:
        raise _refused(
            "Expected a rule such as “every 6 weeks”, “every 3 months”, “quarterly” or “fortnightly”."
        )
    count = int(match[1] or 1)
    if match[2] == "week":
        return _within(Cycle(count, "week"), MOST_WEEKS)
    return _within(Cycle(count, "month"), MOST_MONTHS)


def _within(cycle: Cycle, most: int) -> Cycle:
    if cycle.count > most:
        raise _refused(f"Expected at most every {most} {cycle.unit}s.")
    return cycle


def days_due(cycle: Cycle, last_day: date, until: date) -> list[date]:
    """Days after the last meeting, up to and with `until`, on which the group should meet again."""
    days = []
    for day in cycle.days_after(last_day):
        if day > until:
            break
        days.append(day)
    return days


def _days_of(year: int, month: int) -> int:
    first_after = date(year + month // 12, month % 12 + 1, 1)
    return (first_after - timedelta(days=1)).day


def _refused(message: str) -> RuleBroken:
    return RuleBroken("cycle_rule", "bad_cycle", message)
