"""Steps for an uploaded file of figures, and the rules that refuse them."""

from dataclasses import dataclass

from app.domain.access.authority import Access, Scope
from app.domain.workflow import Refusal, Step

RETENTION_DAYS = 7


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """Facts of an upload. `good` and `rejected` count its rows by the result of the check."""

    state: str
    is_readable: bool
    has_content: bool
    """Whether its content is still stored."""
    submission_id: int | None
    good: int
    rejected: int


def _already_sent(facts: UploadFacts, _access: Access) -> Refusal | None:
    """It was sent before."""
    if facts.state != "sent":
        return None
    return "already_sent", f"This file was sent before: see submission {facts.submission_id}."


def _waiting(facts: UploadFacts, _access: Access) -> Refusal | None:
    """It is still being checked."""
    if facts.state != "waiting":
        return None
    return "not_checked_yet", "This file is still being checked. Wait until it is ready."


def _unreadable(facts: UploadFacts, _access: Access) -> Refusal | None:
    """Nothing in it could be read."""
    if facts.is_readable:
        return None
    return "nothing_to_send", "Nothing in this file could be read. Mend it and upload it again."


def _dropped(facts: UploadFacts, _access: Access) -> Refusal | None:
    """It is older than files are kept."""
    if facts.has_content:
        return None
    text = f"A file is kept for {RETENTION_DAYS} days, and this one is older. Upload it again."
    return "no_longer_kept", text


def _some_rejected(facts: UploadFacts, _access: Access) -> Refusal | None:
    """Some of its rows have to be mended."""
    return ("rows_to_mend", "Some of its rows have to be mended.") if facts.rejected else None


def _all_good(facts: UploadFacts, _access: Access) -> Refusal | None:
    """None of its rows has to be mended."""
    return None if facts.rejected else ("nothing_to_leave_out", "All of its rows are good.")


def _none_good(facts: UploadFacts, _access: Access) -> Refusal | None:
    """None of its rows is good."""
    return None if facts.good else ("nothing_to_send", "None of its rows is good.")


SENDABLE = (_already_sent, _waiting, _unreadable, _dropped)
SEND = Step("send", Scope.POST_FIGURES, SENDABLE)
"""Rows are checked anew as they are sent, and the receipt reports on each."""
SUBMIT = Step("submit", Scope.POST_FIGURES, (*SENDABLE, _some_rejected))
SUBMIT_PARTIAL = Step("submit_partial", Scope.POST_FIGURES, (*SENDABLE, _all_good, _none_good))
STEPS = (SUBMIT, SUBMIT_PARTIAL)
