"""Words for the state of a return: what makes it so."""

from datetime import date

from app.domain.day import day_words
from app.domain.returns.return_status import ReturnState
from app.queries.returns.agency_return import Return


def state_words(agency_return: Return, today: date) -> str:
    """The state's details in few words, as in a table."""
    counts = agency_return.status.counts
    due = agency_return.status.next_due_on or agency_return.status.due_on
    some = f"{counts.received} of {counts.expected} in"
    match agency_return.status.state:
        case ReturnState.NOT_DUE:
            missing = (each.figure for each in agency_return.owed if each.figure.received_at is None)
            first = day_words(min(each.available_on for each in missing))
            return (
                f"the rest exists from {first}; {some}" if counts.received else f"figures exist from {first}"
            )
        case ReturnState.DUE:
            return f"by {day_words(due)}; {some}"
        case ReturnState.OVERDUE:
            return f"{days_words((today - due).days)}; {some}"
        case ReturnState.LATE_REASON_GIVEN:
            promised = agency_return.status.promised_on
            return f"promised for {day_words(promised)}; {some}" if promised is not None else some
        case ReturnState.QUERIED if agency_return.status.is_overdue:
            return f"{_queried_words(agency_return)}; {days_words((today - due).days)} overdue, {some}"
        case ReturnState.QUERIED:
            return _queried_words(agency_return)
    last_received_at = max(
        (each.figure.received_at for each in agency_return.owed if each.figure.received_at), default=None
    )
    late = f"{counts.late} late" if counts.late else ""
    if 0 < counts.checked < counts.expected:
        return f"{counts.expected - counts.checked} of {counts.expected} to check"
    if agency_return.status.state is ReturnState.CHECKED or last_received_at is None:
        return late
    return f"sent {day_words(last_received_at.date())}" + (f"; {late}" if late else "")


def _queried_words(agency_return: Return) -> str:
    about = queried_codes(agency_return)
    titles = [each.defined.title for each in agency_return.owed if each.figure.indicator in about]
    if len(titles) == len(agency_return.owed) > 1:
        return f"all {len(titles)} figures"
    return f"{len(titles)} of {len(agency_return.owed)}: {'; '.join(dict.fromkeys(titles))}"


def days_words(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def queried_codes(agency_return: Return) -> set[str]:
    """Codes of the indicators that open queries are about."""
    return {code for query in agency_return.status.queries if query.is_open for code in query.indicators}


def state_detail(agency_return: Return, today: date) -> str:
    """The state's details as a sentence that goes on from its label: "Overdue" "by 37 days; 2 of 4 figures are in"."""
    status = agency_return.status
    counts, due = status.counts, status.next_due_on or status.due_on
    some = f"{counts.received} of {_figures(counts.expected)} {'is' if counts.expected == 1 else 'are'} in"
    overdue_by = f"by {days_words((today - due).days)}"
    match status.state:
        case ReturnState.NOT_DUE:
            missing = (each.figure for each in agency_return.owed if each.figure.received_at is None)
            first = day_words(min(each.available_on for each in missing))
            return (
                f"{some}, the rest exists from {first}" if counts.received else f"figures exist from {first}"
            )
        case ReturnState.DUE:
            return f"by {day_words(due)}; {some}"
        case ReturnState.OVERDUE:
            return f"{overdue_by}; {some}"
        case ReturnState.LATE_REASON_GIVEN:
            promised = status.promised_on
            return f"promised for {day_words(promised)}; {some}" if promised is not None else some
        case ReturnState.QUERIED:
            late = f"; overdue {overdue_by}, {some}" if status.is_overdue else ""
            return f"asked about {_asked_about(agency_return)}{late}"
    return _received_detail(agency_return)


def _received_detail(agency_return: Return) -> str:
    """The details of a return that is complete."""
    counts = agency_return.status.counts
    late = f"{_figures(counts.late)} came late" if counts.late else ""
    if 0 < counts.checked < counts.expected:
        left = counts.expected - counts.checked
        return f"{left} of {_figures(counts.expected)}; the rest is checked"
    received = [each.figure.received_at for each in agency_return.owed if each.figure.received_at]
    if agency_return.status.state is ReturnState.CHECKED or not received:
        return late
    return f"sent on {day_words(max(received).date())}" + (f"; {late}" if late else "")


def _asked_about(agency_return: Return) -> str:
    """Titles of the indicators that open queries are about."""
    codes = queried_codes(agency_return)
    titles = [each.defined.title for each in agency_return.owed if each.figure.indicator in codes]
    if len(titles) == len(agency_return.owed) > 1:
        return f"all {len(titles)} figures"
    return " and ".join(dict.fromkeys(titles)) or "the return"


def _figures(count: int) -> str:
    return "1 figure" if count == 1 else f"{count} figures"
