"""What a closed quarter refuses, and how it can be corrected all the same."""

from collections.abc import Mapping

from sqlmodel import Session

from app.commands.figures.check import message
from app.domain.access.author import author
from app.domain.returns.reporting import Step, quarter_of
from app.models.figures.submission import RowMessage
from app.queries.figures.period_progress import closes_by_quarter
from app.queries.returns.reporting_period import on_words


class Closed:
    """The partnership's closed quarters, asked of each figure that would change."""

    def __init__(self, session: Session, partnership_id: int, *, correction: bool) -> None:
        self._closes: Mapping[int, Step] = closes_by_quarter(session, partnership_id)
        self._correction = correction

    def refusal(self, last_month: int, reason: str | None) -> RowMessage | None:
        """Why a figure that ends in this month may not change; None where it may."""
        quarter = quarter_of(last_month)
        step = self._closes.get(quarter.first)
        if step is None:
            return None
        if not self._correction:
            closer = author(step.by).words
            return message(
                "period",
                "period_closed",
                f"{quarter.short_label} was closed on {on_words(step.at)} by {closer}. To correct it all "
                "the same, say why in “reason” and send it as a correction (correction=true): it is then marked as "
                "revised after close.",
            )
        if not reason:
            return message(
                "reason",
                "reason_required",
                f"{quarter.short_label} is closed. Say in “reason” why it is corrected.",
            )
        return None
