"""A load with the whole document, for the sections that are not in the registry yet."""

from dataclasses import dataclass, field

from app.document.kit.load import Load
from app.document.load.edit import Edits
from app.document.shape import PlanDocument


@dataclass
class Work(Load):
    document: PlanDocument = field(kw_only=True)
    earlier_plan_id: int | None = None
    """Version that the loaded one follows, if the document makes a new one of a plan that is here."""
    edits: Edits = field(init=False)
    """Set once the partnership is known."""
