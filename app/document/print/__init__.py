"""Prints a partnership and one of its plans as a plan document.

Importing it into an empty database and printing again gives the same bytes.
"""

from typing import Any

from sqlmodel import Session, col, select

from app.document.kit.section import Export
from app.document.print.entry import print_entry
from app.document.print.figure import figures
from app.document.print.indicator import indicator_sections
from app.document.print.section import partnership_section, plan_section, priority_sections
from app.document.registry import SECTIONS
from app.document.shape import PlanDocument
from app.document.yaml_out import document
from app.domain.errors import NotFound
from app.models.plan.indicator import Indicator
from app.models.plan.partnership import Agency, Partnership
from app.models.plan.plan import Plan


def export_document(session: Session, partnership_id: int, plan_id: int) -> str:
    """YAML text of a plan; NotFound if it is not the partnership's. The caller checks who may read it."""
    partnership = session.get(Partnership, partnership_id)
    plan = session.get(Plan, plan_id)
    if partnership is None or plan is None or plan.partnership_id != partnership_id:
        raise NotFound("The plan")
    mine = select(Indicator).where(Indicator.partnership_id == partnership_id)
    indicators = session.exec(mine.order_by(col(Indicator.position), col(Indicator.code))).all()
    agencies = {row.id: row.code for row in session.exec(select(Agency))}
    source = Export(session, partnership, plan)
    # Listed here: the sections that are not in the registry yet.
    printed: dict[str, Any] = {
        "saferplan": "1",
        "partnership": partnership_section(partnership),
        "plan": plan_section(plan),
        "priorities": priority_sections(session, plan),
        "indicators": indicator_sections(session, plan, indicators, agencies),
        "figures": figures(session, indicators, partnership.area_code),
        **{section.key: [print_entry(entry) for entry in section.entries(source)] for section in SECTIONS},
    }
    return document({key: printed[key] for key in PlanDocument.model_fields})
