"""The timing of a return that has no query, by its state."""

from app.domain.returns.return_status import ReturnState, Timing

TIMINGS = {
    ReturnState.NOT_DUE: Timing.NOT_DUE,
    ReturnState.DUE: Timing.DUE,
    ReturnState.OVERDUE: Timing.OVERDUE,
    ReturnState.LATE_REASON_GIVEN: Timing.PROMISED,
    ReturnState.SUBMITTED: Timing.COMPLETE,
    ReturnState.QUERIED: Timing.COMPLETE,
    ReturnState.CHECKED: Timing.COMPLETE,
}
