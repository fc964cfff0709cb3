"""Loads releases of figures. Only a sender who may release an indicator's figures may change them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from app.document.kit.row import RowEntry, differences
from app.document.kit.tree import Path
from app.document.load.document import Work
from app.document.load.edit import set_here
from app.document.shape import ApprovalEntry, IndicatorEntry
from app.domain.access.author import AuthorKind
from app.domain.day import day_words
from app.domain.period_text import parse_period
from app.models.figures.release import Release
from app.models.plan.indicator import Indicator
from app.queries.figures.read.hidden import hidden_reason
from app.queries.figures.release import period_ending
from app.queries.figures.visibility import FigureVisibility

AUDIENCE_COLUMNS = {"responsible_agency_id", "suppliers", "counts_people"}
"""Columns that a sender could change to see figures that are hidden from them."""
NOT_YOURS = "Who sees these figures is for their agency, or an approver, to say: leave it as it is."


def without_refused_columns(
    work: Work, stored: Mapping[str, Indicator], entry: RowEntry, visibility: FigureVisibility
) -> RowEntry:
    """The entry without columns that the sender may not change, each of which is refused.

    They would show the sender figures that are hidden from them.
    """
    row = stored.get(entry.code)
    if row is None or _may_release(work, row):
        return entry
    barred = {"release_to"} | (AUDIENCE_COLUMNS if hidden_reason(work.session, visibility, row) else set())
    changed = barred & differences(row, entry).keys()
    for _ in changed:
        work.refuse(entry.path, "not_yours_to_release", NOT_YOURS)
    return replace(entry, named=entry.named - changed)


def stored_approvals(work: Work, ids: Sequence[int]) -> dict[int, list[Release]]:
    query = select(Release).where(col(Release.indicator_id).in_(ids)).order_by(col(Release.id))
    grouped: dict[int, list[Release]] = {}
    for row in work.session.exec(query):
        grouped.setdefault(row.indicator_id, []).append(row)
    return grouped


def upsert_approvals(
    work: Work, indicator: Indicator, stored: Sequence[Release], entry: IndicatorEntry, path: Path
) -> bool:
    """Adds new approvals; returns whether there were any. None is removed."""
    stored_facts = [(row.last_month, row.audience, row.from_on, row.reason) for row in stored]
    document_facts = [_facts(approval) for approval in entry.release.approvals]
    new = [
        (number, approval)
        for number, approval in enumerate(entry.release.approvals)
        if document_facts[number] not in stored_facts
    ]
    missing = [row for row, facts in zip(stored, stored_facts, strict=True) if facts not in document_facts]
    work.left_alone.extend(dict.fromkeys(_left_alone_words(indicator, row) for row in missing))
    for number, approval in new:
        _add_approval(work, indicator, approval, (*path, "approvals", number))
    return bool(new)


def _left_alone_words(indicator: Indicator, row: Release) -> str:
    if row.author.kind is AuthorKind.SERVICE:
        return f"an approval to release {indicator.code} is not in the document"
    return (
        f"Release of {indicator.title} for {period_ending(indicator, row.last_month)} to {row.audience} from "
        f"{day_words(row.from_on)}, {set_here(row.recorded_at, row.author)}, is kept; the document has none"
    )


def _add_approval(work: Work, indicator: Indicator, approval: ApprovalEntry, path: Path) -> None:
    if not _may_release(work, indicator):
        work.refuse(path, "not_yours_to_release", NOT_YOURS)
        return
    work.check_recorded(approval.recorded_on, path)
    last_month, audience, from_on, reason = _facts(approval)
    work.change.add(
        Release(
            partnership_id=indicator.partnership_id,
            indicator_id=indicator.id,
            last_month=last_month,
            audience=audience,
            from_on=from_on,
            reason=reason,
            recorded_at=work.instant(approval.recorded_on),
        )
    )
    work.did("created", f"release of {indicator.code} for {approval.period}")


def _facts(approval: ApprovalEntry) -> tuple[int, str, date, str]:
    return parse_period(approval.period).last, approval.to.value, approval.from_on, approval.reason


def _may_release(work: Work, indicator: Indicator) -> bool:
    """Whether the sender may release the indicator's figures; the command line may."""
    return work.access is None or work.access.releases_for(
        indicator.responsible_agency_id, indicator.suppliers
    )
