"""What may be done with an uploaded file: a row for each way it may stand."""

from dataclasses import replace

import pytest

from app.domain.access.authority import Access, Role
from app.domain.figures.upload_steps import SEND, STEPS, UploadFacts
from app.domain.workflow import may

ANALYST = Access.of_role((1, "testshire"), Role.CONTRIBUTOR, (7, "police", "responsible_authority"))
READER = Access.of_role((1, "testshire"), Role.READER)
GOOD = UploadFacts("ready", True, True, None, good=3, rejected=0)
MIXED = replace(GOOD, state="refused", rejected=1)


@pytest.mark.parametrize(
    ("facts", "names", "code"),
    [
        (GOOD, ["submit"], None),
        (MIXED, ["submit_partial"], None),
        (replace(MIXED, good=0), [], None),
        (replace(GOOD, state="waiting", good=0), [], "not_checked_yet"),
        (replace(GOOD, state="sent", submission_id=4, has_content=False), [], "already_sent"),
        (replace(MIXED, is_readable=False, good=0, rejected=0), [], "nothing_to_send"),
        (replace(GOOD, has_content=False), [], "no_longer_kept"),
    ],
)
def test_an_upload(facts: UploadFacts, names: list[str], code: str | None) -> None:
    """Which rows are good is decided as they are sent, so only what is true of the file itself refuses that."""
    assert may(STEPS, facts, ANALYST) == names
    assert may(STEPS, facts, READER) == []
    refusal = SEND.refusal(facts, ANALYST)
    assert (refusal[0] if refusal else None) == code
