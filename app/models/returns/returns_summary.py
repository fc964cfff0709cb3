"""Summary of returns: totals by state and by quarter, and those that need attention now."""

from typing import Literal

from typing_extensions import TypedDict

from app.models.returns.agency_return import ReturnOut
from app.models.wire import DayText, PeriodWritten
from app.models.wire_enums import ReturnStateText, ToneText


class StateTotalOut(TypedDict):
    """Number of returns in one state."""

    state: ReturnStateText
    label: str
    tone: ToneText
    waits_for: Literal["agency", "partnership"] | None
    returns: int


class QuarterTotalsOut(TypedDict):
    """The figures of all returns of a quarter together."""

    period: PeriodWritten
    period_label: str
    period_name: str
    period_start: DayText
    period_end: DayText
    returns: int
    expected: int
    received: int
    checked: int
    """Figures in returns that have been checked."""


class ReturnsSummaryOut(TypedDict):
    states: list[StateTotalOut]
    """States with a return, most urgent first."""
    overdue: int
    """Returns with `is_overdue`: also those whose state is queried."""
    quarters: list[QuarterTotalsOut]
    """Quarters with a figure owed, oldest first."""
    newest: PeriodWritten | None
    """The newest quarter for which a figure may be available already; else the newest."""
    to_check: str | None
    """The id of the first return that waits to be checked."""
    attention: list[ReturnOut]
    """Returns overdue or queried without an answer: most urgent first, then oldest first."""
