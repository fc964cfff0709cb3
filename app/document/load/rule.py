"""Rules between indicators. They are the partnership's, so they may change under an adopted plan."""

from sqlmodel import col, select

from app.document.kit.row import bring_up, wanted
from app.document.load.document import Work
from app.models.figures.rule import Rule
from app.models.plan.partnership import Partnership


def bring_rules(work: Work, partnership: Partnership) -> None:
    stored = work.session.exec(
        select(Rule).where(Rule.partnership_id == partnership.id).order_by(col(Rule.position))
    ).all()
    entries = [wanted(entry, ("rules", number)) for number, entry in enumerate(work.document.rules)]
    bring_up(work, Rule, stored, entries, "rule", {"partnership_id": partnership.id}, settled=False)
