"""The partnership a document is about, its areas, agencies and exceptional periods.

They belong to no plan, so they may change under an adopted one. An agency may serve several partnerships:
its name is nobody's to change from one partnership's document.
"""

from typing import Any

from sqlmodel import col, select

from app.document.kit.row import Wanted, update
from app.document.load.document import Work
from app.models.figures.published_change import ExceptionalPeriod
from app.models.plan.partnership import Partnership
from app.models.plan.plan import Plan


def bring_partnership(work: Work) -> Partnership:
    """The partnership's row, with an id."""
    entry = work.document.partnership
    columns: dict[str, Any] = {
        "name": entry.name,
        "short_name": entry.short_name or entry.name,
        "area_code": entry.area,
    }
    given = frozenset(columns if "short_name" in entry.model_fields_set else columns.keys() - {"short_name"})
    row = work.session.exec(select(Partnership).where(Partnership.code == entry.code)).first()
    if row is None:
        row = Partnership(**columns, code=entry.code, seq=work.seq)
        work.session.add(row)
        work.did("created", f"partnership {entry.code}")
    elif row.area_code != entry.area:
        message = f"The partnership's own area is {row.area_code}: its figures are counted there."
        work.refuse(("partnership", "area"), "own_area", message)
    else:
        wants = Wanted(entry.code, ("partnership",), columns, given)
        update(work, row, wants, f"partnership {entry.code}", settled=False)
    work.session.flush()
    return row


def bring_exceptional_periods(work: Work, partnership: Partnership) -> None:
    stored = {
        row.period: row
        for row in work.session.exec(
            select(ExceptionalPeriod)
            .where(ExceptionalPeriod.partnership_id == partnership.id)
            .order_by(col(ExceptionalPeriod.position))
        )
    }
    # What comes with the first plan holds for the time before it too, as what is said of its indicators does.
    is_first = work.session.exec(select(Plan.id).where(Plan.partnership_id == partnership.id)).first() is None
    for position, entry in enumerate(work.document.exceptional_periods, start=1):
        row = stored.pop(entry.period, None)
        if row is None:
            made = ExceptionalPeriod(
                partnership_id=partnership.id,
                position=position,
                period=entry.period,
                reason=entry.reason,
                recorded_at=None if is_first else work.now,
                seq=work.seq,
            )
            work.session.add(made)
            work.did("created", f"exceptional period {entry.period}")
        elif row.reason != entry.reason:
            row.reason, row.seq = entry.reason, work.seq
            work.did("changed", f"exceptional period {entry.period}: its reason")
    work.left_alone.extend(f"exceptional period {period} is not in the document" for period in stored)
