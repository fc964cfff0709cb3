"""Edits a partnership's own settings."""

from app.commands.change import Change
from app.commands.plan.touch import touch_indicators
from app.domain.returns.owed_from import check_owed_from
from app.models.plan.partnership import Partnership, PartnershipPatch


def edit_partnership(change: Change, partnership: Partnership, patch: PartnershipPatch) -> None:
    """Changes the fields that the patch names."""
    if "owed_from" not in patch.model_fields_set or patch.owed_from == partnership.owed_from:
        return
    check_owed_from(patch.owed_from, change.today)
    before, partnership.owed_from = partnership.owed_from, patch.owed_from
    change.session.add(partnership)
    touch_indicators(change.session, partnership.id)
    change.record(
        "partnership edited",
        "partnership",
        partnership.code,
        before={"owed_from": before.isoformat() if before is not None else None},
        after={"owed_from": patch.owed_from.isoformat() if patch.owed_from is not None else None},
        reason=patch.reason,
    )
